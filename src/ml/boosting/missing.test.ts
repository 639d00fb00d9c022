import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import type { TrainingSet } from '../estimator.ts';
import { selectRows, type CsrMatrix } from '../sparse/csr.ts';
import { margins } from '../trees/margins.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import { workspaceOf } from '../trees/workspace.ts';
import { boostedRegression } from './boosted-regression.ts';
import { boostedTrees, type BoostedTreesParams } from './boosted-trees.ts';

const rows = 500;
const columns = 8;
type Cell = (random: () => number, column: number) => number;

const denseRows = (cell: Cell): number[][] => {
  const random = seededRandom(4);
  return Array.from({ length: rows }, () => Array.from({ length: columns }, (_, column) => cell(random, column)));
};

/** NaN is kept as an entry, zero is not. */
function toCsr(dense: readonly (readonly number[])[]): CsrMatrix {
  const indptr = [0];
  const [indices, values]: [number[], number[]] = [[], []];
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

const withGaps = denseRows((random) => (random() < 0.2 ? NaN : random() < 0.3 ? 0 : random() - 0.4));
const without = withGaps.map((row) => row.map((value) => (Number.isNaN(value) ? 0 : value)));
const y = Int32Array.from(withGaps, ([a = 0, b = 0, c = 0], row) =>
  row < 3 ? row : Number.isNaN(a) ? 2 : Number.isNaN(b) || b > 0.2 ? 1 : c > 0 ? 0 : row % 3,
);
const random = seededRandom(6);
const rowWeights = Float64Array.from(y, () => 0.5 + random());

async function fit(dense: readonly (readonly number[])[], changes: Partial<BoostedTreesParams> = {}) {
  const data: TrainingSet = { x: toCsr(dense), y, classes: ['a', 'b', 'c'], rowWeights };
  const params = { numIterations: 10, numLeaves: 12, minDataInLeaf: 5, numThreads: 1, ...changes };
  const fitted = await boostedTrees(params).fit(data);
  if (!fitted.ok || !(fitted.value instanceof TreeClassifier)) throw new Error('no trees');
  return fitted.value;
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);

describe('missing values', () => {
  it('of a column that has nothing else say nothing', async () => {
    const empty = await fit(withGaps.map((row) => [...row, NaN]));
    const model = await fit(withGaps);
    expect(empty.trees.feature).toEqual(model.trees.feature);
    expect(empty.trees.leaves).toEqual(model.trees.leaves);
  });

  it('alone can tell classes apart, beside zeros', async () => {
    const model = await fit(withGaps.map((row) => row.map((value) => (Number.isNaN(value) ? NaN : 0))));
    const [told] = model.probabilities(toCsr([[NaN, 0, 0, 0, 0, 0, 0, 0]])).subarray(2);
    expect(told).toBeGreaterThan(0.6);
  });

  it('that training did not have are zeros', async () => {
    const model = await fit(without);
    expect(farthest(model.probabilities(toCsr(withGaps)), model.probabilities(toCsr(without)))).toBeLessThan(1e-12);
  });

  it('are zeros without use_missing', async () => {
    const [model, zeros] = [await fit(withGaps, { useMissing: false }), await fit(without)];
    expect(model.trees).toEqual(zeros.trees);
  });

  it('lead every row to the leaf in which training counted it, in a bag or outside', async () => {
    const x = toCsr(withGaps);
    for (const changes of [{}, { baggingFraction: 0.6, baggingFreq: 1, featureFraction: 0.7 }]) {
      const model = await fit(withGaps, { ...changes, maxBin: 31 });
      const probabilities = model.probabilities(x);
      const total = rowWeights.reduce((sum, weight) => sum + weight, 0);
      const losses = Array.from(y, (c, row) => -rowWeights[row]! * Math.log(probabilities[row * 3 + c]!));
      const loss = losses.reduce((sum, own) => sum + own, 0) / total;
      expect(Math.abs(loss - model.metrics['training_loss']!)).toBeLessThan(1e-9);
    }
  });

  it('of early stopping are those of held-out rows too', async () => {
    const model = await fit(withGaps, { earlyStoppingRound: 3 });
    expect(model.metrics['validation_loss']).toBeLessThan(0.9);
  });

  it('give the same trees in any order of the rows', async () => {
    const order = Int32Array.from({ length: rows }, (_, at) => (at * 7) % rows);
    const x = toCsr(withGaps);
    const turned = {
      x: selectRows(x, order),
      y: Int32Array.from(order, (row) => y[row]!),
      classes: ['a', 'b', 'c'],
      rowWeights: Float64Array.from(order, (row) => rowWeights[row]!),
    };
    const fitted = await boostedTrees({ numIterations: 10, numLeaves: 12, minDataInLeaf: 5 }).fit(turned);
    if (!fitted.ok) throw new Error(fitted.error.reason);
    expect(farthest(fitted.value.probabilities(x), (await fit(withGaps)).probabilities(x))).toBeLessThan(1e-9);
  });

  it('have sums that do not depend on what else a set of rows holds', async () => {
    const { trees } = await fit(withGaps);
    const all = margins(trees, toCsr(withGaps), workspaceOf(trees));
    withGaps.slice(0, 50).forEach((row, at) => {
      const own = margins(trees, toCsr([row]), workspaceOf(trees));
      expect(farthest(own, all.subarray(at * 3, at * 3 + 3))).toBeLessThan(1e-12);
    });
  });

  it('may be in the rows of a regression, where infinite ones may not', async () => {
    const targets = Float64Array.from(withGaps, ([a = 0]) => (Number.isNaN(a) ? 5 : a));
    const fitted = await boostedRegression().fit({ x: toCsr(withGaps), y: targets });
    if (!fitted.ok) throw new Error(fitted.error.reason);
    expect(fitted.value.predict(toCsr([[NaN, 0, 0, 0, 0, 0, 0, 0]]))[0]).toBeCloseTo(5, 2);
    const infinite = await boostedRegression().fit({ x: toCsr([[Infinity], [1]]), y: new Float64Array(2) });
    expect(infinite.ok ? '' : infinite.error.reason).toBe('training-data-invalid');
  });
});
