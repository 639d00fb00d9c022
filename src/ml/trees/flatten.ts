import type { TreeEnsemble } from './ensemble.ts';

/** One tree as a library stores it, its nodes in any order. A child (and the root) of 0 or more is a node, below 0 it is the leaf ~child. */
export interface StoredTree {
  readonly output: number;
  readonly root: number;
  readonly feature: Int32Array;
  /** Of a categorical node the number of its set, counted through all trees. */
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly flags: Uint8Array;
  readonly gain: Float32Array;
  readonly leaves: Float64Array;
  /** As in TreeEnsemble; empty where it is not known. */
  readonly cover: Float32Array;
}

type Rest = Omit<TreeEnsemble, keyof Nodes>;
type Nodes = Pick<
  TreeEnsemble,
  'feature' | 'threshold' | 'left' | 'right' | 'flags' | 'gain' | 'leaves' | 'cover' | 'roots' | 'outputOf'
>;

/** All trees in one set of arrays, each child behind its parent; a text says which tree is none. */
export function flattenTrees(trees: readonly StoredTree[], rest: Rest): TreeEnsemble | string {
  const nodes = trees.reduce((sum, tree) => sum + tree.feature.length, 0);
  const leaves = trees.reduce((sum, tree) => sum + tree.leaves.length, 0);
  const isCovered = trees.every((tree) => tree.cover.length === tree.leaves.length);
  const into: Nodes = {
    feature: new Int32Array(nodes),
    threshold: new Float64Array(nodes),
    left: new Int32Array(nodes),
    right: new Int32Array(nodes),
    flags: new Uint8Array(nodes),
    gain: new Float32Array(nodes),
    leaves: new Float64Array(leaves),
    cover: new Float32Array(isCovered ? leaves : 0),
    roots: new Int32Array(trees.length),
    outputOf: Int32Array.from(trees, ({ output }) => output),
  };
  let firstNode = 0;
  let firstLeaf = 0;
  for (const [number, tree] of trees.entries()) {
    const order = preorder(tree);
    if (typeof order === 'string') return `tree ${number}: ${order}`;
    copyTree(tree, order, { into, number, firstNode, firstLeaf });
    firstNode += order.nodes.length;
    firstLeaf += tree.leaves.length;
  }
  const used = (values: Int32Array): Int32Array => values.slice(0, firstNode);
  return {
    ...rest,
    ...into,
    feature: used(into.feature),
    left: used(into.left),
    right: used(into.right),
    threshold: into.threshold.slice(0, firstNode),
    flags: into.flags.slice(0, firstNode),
    gain: into.gain.slice(0, firstNode),
  };
}

interface Order {
  /** Node numbers in their new order. */
  readonly nodes: readonly number[];
  /** Old number -> new one. */
  readonly placeOf: Int32Array;
}

/** Nodes that the root leads to, parents first, the left side before the right: most walks then go forward in memory. */
function preorder({ root, left, right, leaves }: StoredTree): Order | string {
  const nodes: number[] = [];
  const placeOf = new Int32Array(left.length).fill(-1);
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node < 0) {
      if (~node >= leaves.length) return `there is no leaf ${~node}`;
      continue;
    }
    if (node >= left.length) return `there is no node ${node}`;
    if (placeOf[node] !== -1) return `node ${node} can be reached in two ways`;
    placeOf[node] = nodes.length;
    nodes.push(node);
    waiting.push(right[node] ?? -1, left[node] ?? -1);
  }
  return { nodes, placeOf };
}

interface Place {
  readonly into: Nodes;
  readonly number: number;
  readonly firstNode: number;
  readonly firstLeaf: number;
}

function copyTree(tree: StoredTree, order: Order, { into, number, firstNode, firstLeaf }: Place): void {
  const moved = (child: number): number =>
    child < 0 ? ~(~child + firstLeaf) : firstNode + (order.placeOf[child] ?? 0);
  order.nodes.forEach((node, at) => {
    const to = firstNode + at;
    into.feature[to] = tree.feature[node] ?? 0;
    into.threshold[to] = tree.threshold[node] ?? 0;
    into.left[to] = moved(tree.left[node] ?? -1);
    into.right[to] = moved(tree.right[node] ?? -1);
    into.flags[to] = tree.flags[node] ?? 0;
    into.gain[to] = tree.gain[node] ?? 0;
  });
  into.leaves.set(tree.leaves, firstLeaf);
  if (into.cover.length > 0) into.cover.set(tree.cover, firstLeaf);
  into.roots[number] = moved(tree.root);
}
