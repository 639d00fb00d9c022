import type { FittedClassifier } from '../estimator.ts';
import { allSane, arrayOf } from '../io/parts.ts';
import type { Parts } from '../io/parts.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import type { GrownTree } from './grow-tree.ts';
import { walkTree, type Nodes } from './walk.ts';

type Known = Pick<FittedClassifier, 'algorithm' | 'classes' | 'metrics'>;

/** All trees in one set of arrays; every child stands behind its parent. */
export interface Forest extends Nodes {
  readonly columns: number;
  /** Of each tree its first node, or ~leaf. */
  readonly roots: Int32Array;
  /** Share of each class, [leaves, classes]. */
  readonly leaves: Float32Array;
}

export function joinTrees(trees: readonly GrownTree[], columns: number, classes: number): Forest {
  const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const shares = trees.reduce((sum, tree) => sum + tree.leaves.length, 0);
  const forest = {
    columns,
    roots: new Int32Array(trees.length),
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    leaves: new Float32Array(shares),
  };
  let firstNode = 0;
  let firstLeaf = 0;
  trees.forEach((tree, number) => {
    const moved = (child: number): number => (child < 0 ? ~(~child + firstLeaf) : child + firstNode);
    forest.roots[number] = moved(tree.feature.length === 0 ? -1 : 0);
    forest.feature.set(tree.feature, firstNode);
    forest.threshold.set(tree.threshold, firstNode);
    forest.left.set(tree.left.map(moved), firstNode);
    forest.right.set(tree.right.map(moved), firstNode);
    forest.leaves.set(tree.leaves, firstLeaf * classes);
    firstNode += tree.feature.length;
    firstLeaf += tree.leaves.length / classes;
  });
  return forest;
}

/** The mean of what the trees say, as scikit-learn's forests. */
export function forestClassifier(known: Known, forest: Forest): FittedClassifier {
  const { columns, ...arrays } = forest;
  return {
    ...known,
    columns,
    probabilities: (x) => probabilities(forest, x, known.classes.length),
    columnScores: () => null,
    toParts: () => ({ meta: { kind: 'forest', columns }, arrays }),
  };
}

function probabilities(forest: Forest, { rows, indptr, indices, values }: CsrMatrix, classes: number): Float64Array {
  const { roots, leaves, columns } = forest;
  const out = new Float64Array(rows * classes);
  const row = new Float32Array(columns);
  for (let number = 0; number < rows; number++) {
    const [from, to] = [indptr[number] ?? 0, indptr[number + 1] ?? 0];
    for (let at = from; at < to; at++) row[indices[at] ?? 0] = values[at] ?? 0;
    const own = number * classes;
    for (const root of roots) {
      const leaf = walkTree(forest, root, row) * classes;
      for (let c = 0; c < classes; c++) out[own + c] = (out[own + c] ?? 0) + (leaves[leaf + c] ?? 0);
    }
    normalize(out.subarray(own, own + classes));
    for (let at = from; at < to; at++) row[indices[at] ?? 0] = 0;
  }
  return out;
}

/** Shares of float32 do not sum to 1 to the last digit. */
function normalize(shares: Float64Array): void {
  let sum = 0;
  for (const share of shares) sum += share;
  for (let c = 0; c < shares.length; c++) shares[c] = (shares[c] ?? 0) / sum;
}

/** Reads back what `toParts` gave; a text says what is wrong with it. */
export function forestFromParts({ meta, arrays }: Parts, known: Known): FittedClassifier | string {
  const { columns } = meta;
  if (typeof columns !== 'number' || !Number.isSafeInteger(columns) || columns < 0 || columns >= 2 ** 31)
    return 'its number of columns is broken';
  const [feature, left, right, roots] = (['feature', 'left', 'right', 'roots'] as const).map((name) =>
    arrayOf(arrays, name, 'i32'),
  );
  const threshold = arrayOf(arrays, 'threshold', 'f64');
  const leaves = arrayOf(arrays, 'leaves', 'f32');
  if (!feature || !left || !right || !roots || !threshold || !leaves) return 'its trees are missing';
  const forest = { columns, feature, threshold, left, right, roots, leaves };
  return forestProblem(forest, known.classes.length) ?? forestClassifier(known, forest);
}

function forestProblem(forest: Forest, classes: number): string | undefined {
  const { feature, threshold, left, right, roots, leaves, columns } = forest;
  const nodes = feature.length;
  if (threshold.length !== nodes || left.length !== nodes || right.length !== nodes)
    return 'its lists of nodes differ in length';
  if (leaves.length % classes !== 0 || roots.length === 0) return 'its leaves or roots are broken';
  const count = leaves.length / classes;
  const isChild = (child: number, least: number): boolean =>
    child < 0 ? ~child < count : child >= least && child < nodes;
  if (!roots.every((root) => isChild(root, 0))) return 'a tree begins nowhere';
  for (let node = 0; node < nodes; node++) {
    const column = feature[node] ?? -1;
    if (column < 0 || column >= columns) return `node ${node} looks at column ${column} of ${columns}`;
    if (!isChild(left[node] ?? 0, node + 1) || !isChild(right[node] ?? 0, node + 1))
      return `node ${node} has a child that is none`;
  }
  if (!allSane(threshold)) return 'a threshold is not finite, or absurdly large';
  for (let leaf = 0; leaf < leaves.length; leaf += classes) {
    const shares = leaves.subarray(leaf, leaf + classes);
    if (!shares.every((share) => share >= 0 && share <= 1) || !(shares.reduce((sum, share) => sum + share, 0) > 0.9))
      return 'the shares of a leaf are broken';
  }
  return undefined;
}
