import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import type { TrainingSet } from '../estimator.ts';
import { selectRows } from '../sparse/csr.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import type { TreeEnsemble } from '../trees/ensemble.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import { boostedTrees, type BoostedTreesParams } from './boosted-trees.ts';

const rows = 600;
const columns = 40;
const classes = 3;

type Kind = 'binary' | 'coarse' | 'steps' | 'real' | 'signed' | 'extreme';

const valueOf: Readonly<Record<Kind, (random: () => number) => number>> = {
  binary: () => 1,
  coarse: (random) => 1 + Math.floor(random() * 4),
  steps: (random) => [-3, -2, -1, 1, 2, 3][Math.floor(random() * 6)]!,
  real: (random) => 0.1 + random(),
  signed: (random) => random() - 0.5,
  extreme: (random) => (random() < 0.5 ? 1e300 : 1e-30) * (1 + random()),
};

/** Sparse rows; weights, of which no two are equal, leave no two splits equally good. */
function makeData(kind: Kind, seed: number): TrainingSet & { rowWeights: Float64Array } {
  const random = seededRandom(seed);
  const dense = Array.from({ length: rows }, () =>
    Array.from({ length: columns }, (_, column) => (random() < 0.1 + 0.3 / (1 + column) ? valueOf[kind](random) : 0)),
  );
  const y = Int32Array.from(dense, (row, at) => {
    if (at < classes) return at;
    const scores = [0, 1, 2].map((c) => random() + (row[c]! > 0 ? 1 : 0) + (row[c + 3]! > 0.4 ? 1 : 0));
    return scores.indexOf(Math.max(...scores));
  });
  const rowWeights = Float64Array.from({ length: rows }, () => 0.5 + random());
  return { x: toCsr(dense), y, classes: ['a', 'b', 'c'], rowWeights };
}

function toCsr(dense: readonly (readonly number[])[]): CsrMatrix {
  const indptr = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const row of dense) {
    row.forEach((value, column) => {
      if (value === 0) return;
      indices.push(column);
      values.push(value);
    });
    indptr.push(indices.length);
  }
  const arrays = { indptr: Int32Array.from(indptr), indices: Int32Array.from(indices) };
  return { rows: dense.length, columns: dense[0]!.length, ...arrays, values: Float64Array.from(values) };
}

function toDense({ rows: count, columns: width, indptr, indices, values }: CsrMatrix): Float64Array[] {
  return Array.from({ length: count }, (_, row) => {
    const own = new Float64Array(width);
    for (let at = indptr[row]!; at < indptr[row + 1]!; at++) own[indices[at]!] = values[at]!;
    return own;
  });
}

const withColumns = (data: TrainingSet, of: (row: Float64Array) => number[]): TrainingSet => ({
  ...data,
  x: toCsr(toDense(data.x).map(of)),
});

async function fit(data: TrainingSet, changes: Partial<BoostedTreesParams> = {}): Promise<TreeClassifier> {
  const params = { numIterations: 8, numLeaves: 20, minDataInLeaf: 5, lambdaL2: 0.1, ...changes };
  const fitted = await boostedTrees(params).fit(data);
  if (!fitted.ok) throw new Error(fitted.error.reason);
  if (!(fitted.value instanceof TreeClassifier)) throw new Error('no trees');
  return fitted.value;
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);

/** Nodes and leaves (as -leaf - 1) below one, itself included. */
function below(trees: TreeEnsemble, from: number): number[] {
  return from < 0 ? [from] : [from, ...below(trees, trees.left[from]!), ...below(trees, trees.right[from]!)];
}

describe.each(['binary', 'coarse', 'real', 'signed', 'extreme'] as const)('boosted trees of %s values', (kind) => {
  const data = makeData(kind, 21);

  it('do not depend on the order of columns', async () => {
    const turned = withColumns(data, (row) => Array.from(row, (_, column) => row[(column * 7) % columns]!));
    const [one, other] = [await fit(data), await fit(turned)];
    expect(other.trees.gain).toEqual(one.trees.gain);
    // A row's leaves are added up in the order of its columns.
    expect(farthest(other.probabilities(turned.x), one.probabilities(data.x))).toBeLessThan(1e-12);
  });

  it('do not depend on the order of rows', async () => {
    const order = Int32Array.from({ length: rows }, (_, at) => (at * 7) % rows);
    const turned = {
      ...data,
      x: selectRows(data.x, order),
      y: Int32Array.from(order, (row) => data.y[row]!),
      rowWeights: Float64Array.from(order, (row) => data.rowWeights[row]!),
    };
    const [one, other] = [await fit(data), await fit(turned)];
    expect(farthest(other.probabilities(data.x), one.probabilities(data.x))).toBeLessThan(1e-9);
  });

  it('are the same where every column stands there twice', async () => {
    const twice = withColumns(data, (row) => [...row, ...row]);
    const [one, other] = [await fit(data), await fit(twice)];
    expect(other.trees.feature).toEqual(one.trees.feature);
    expect(other.probabilities(twice.x)).toEqual(one.probabilities(data.x));
  });

  it('have every row in one leaf of each tree, and gains above 0', async () => {
    const { trees } = await fit(data, { lambdaL1: 0.05 });
    for (const root of trees.roots) {
      const leaves = below(trees, root).filter((node) => node < 0);
      expect(leaves.reduce((sum, leaf) => sum + trees.cover[~leaf]!, 0)).toBe(rows);
    }
    expect(trees.gain.length).toBeGreaterThan(100);
    expect(trees.gain.every((gain) => gain > 0 && Number.isFinite(gain))).toBe(true);
  });
});

/** By column: the largest gain of any split of some rows that leaves both sides a hessian of 1, by trying all; 0 where there is none. */
function bestGains(members: readonly number[], x: readonly Float64Array[], sums: Gradients, l1: number): number[] {
  const total = add(members, sums);
  const score = scoreWith(l1);
  return Array.from({ length: columns }, (_, column) => {
    let best = 0;
    const sorted = [...members].sort((a, b) => x[a]![column]! - x[b]![column]!);
    const left = { gradient: 0, hessian: 0 };
    sorted.slice(0, -1).forEach((row, at) => {
      left.gradient += sums.gradient[row]!;
      left.hessian += sums.hessian[row]!;
      if (x[row]![column] === x[sorted[at + 1]!]![column]) return;
      const right = { gradient: total.gradient - left.gradient, hessian: total.hessian - left.hessian };
      if (left.hessian < 1 || right.hessian < 1) return;
      best = Math.max(best, score(left) + score(right) - score(total));
    });
    return best;
  });
}

interface Gradients {
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

const add = (members: readonly number[], { gradient, hessian }: Gradients) => ({
  gradient: members.reduce((sum, row) => sum + gradient[row]!, 0),
  hessian: members.reduce((sum, row) => sum + hessian[row]!, 0),
});

const scoreWith =
  (l1: number) =>
  ({ gradient, hessian }: { gradient: number; hessian: number }): number =>
    Math.max(0, Math.abs(gradient) - l1) ** 2 / (hessian + 0.1);

/** Multiclass gradients by the definition. */
function softmaxGradients(scores: readonly Float64Array[], y: Int32Array, ofClass: number): Gradients {
  const p = scores.map((own) => Math.exp(own[ofClass]!) / own.reduce((sum, value) => sum + Math.exp(value), 0));
  return {
    gradient: Float64Array.from(p, (value, row) => value - (y[row] === ofClass ? 1 : 0)),
    hessian: Float64Array.from(p, (value) => 1.5 * value * (1 - value)),
  };
}

describe.each(['binary', 'coarse', 'steps'] as const)('each split of boosted trees of %s values', (kind) => {
  // Most columns are never looked at again in a large leaf, because a bound says that they cannot be the best.
  it.each([0, 2])('gains as much as the best of all splits of its rows, with an L1 penalty of %d', async (lambdaL1) => {
    const { x, y, classes: names } = makeData(kind, 33);
    const limits = { minDataInLeaf: 0, minSumHessianInLeaf: 1, maxBin: 1000, lambdaL1 };
    const changes = { learningRate: 0.5, numIterations: 4, ...limits };
    const { trees } = await fit({ x, y, classes: names }, changes);
    const dense = toDense(x);
    const scores = dense.map(() => Float64Array.from(trees.base));
    const all = dense.map((_, row) => row);
    for (let first = 0; first < trees.roots.length; first += classes) {
      const gradients = [0, 1, 2].map((c) => softmaxGradients(scores, y, c));
      gradients.forEach((sums, c) => {
        const leaves = checkSplits(trees, trees.roots[first + c]!, {
          members: all,
          dense,
          sums,
          l1: lambdaL1,
          allowed: undefined,
        });
        for (const { leaf, members } of leaves) {
          for (const row of members) scores[row]![c]! += trees.leaves[leaf]!;
        }
      });
    }
  });
});

interface Node {
  readonly members: readonly number[];
  readonly dense: readonly Float64Array[];
  readonly sums: Gradients;
  readonly l1: number;
  /** Columns that could be split at all nodes above; as LightGBM has it, others are not looked at. */
  readonly allowed: readonly boolean[] | undefined;
}

/** Compares the splits below a node with the best there are; gives its leaves. */
function checkSplits(trees: TreeEnsemble, node: number, own: Node): { leaf: number; members: readonly number[] }[] {
  const { members, dense, sums, l1, allowed } = own;
  if (node < 0) return [{ leaf: ~node, members }];
  const gains = bestGains(members, dense, sums, l1).map((gain, column) => (allowed?.[column] === false ? 0 : gain));
  const best = Math.max(...gains);
  expect(Math.abs(trees.gain[node]! - best)).toBeLessThan(1e-5 * best + 1e-6);
  const isLeft = (row: number): boolean => dense[row]![trees.feature[node]!]! <= trees.threshold[node]!;
  const child = { dense, sums, l1, allowed: gains.map((gain) => gain > 0) };
  return [
    ...checkSplits(trees, trees.left[node]!, { ...child, members: members.filter(isLeft) }),
    ...checkSplits(trees, trees.right[node]!, { ...child, members: members.filter((row) => !isLeft(row)) }),
  ];
}
