import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { trainField } from '../estimators.ts';
import { readField } from '../fields.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { nodeFlags } from '../trees/ensemble.ts';
import { margins } from '../trees/margins.ts';
import type { TreeRegressor } from './tree-regressor.ts';
import { TreeShap } from '../trees/tree-shap.ts';
import { workspaceOf } from '../trees/workspace.ts';
import { boostedRegression, type BoostedRegressionParams } from './boosted-regression.ts';
import { categoryBins } from './category-bins.ts';

const rows = 2000;

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

/** A column of so many categories, and what each adds to a row's number. */
function makeRows(categories: number): { dense: number[][]; y: Float64Array } {
  const random = seededRandom(3);
  const effects = Array.from({ length: categories }, () => random() * 10);
  const dense = Array.from({ length: rows }, () => [Math.floor(random() * categories), random()]);
  return { dense, y: Float64Array.from(dense, ([category = 0, noise = 0]) => effects[category]! + noise * 0.1) };
}

const defaults: Partial<BoostedRegressionParams> = {
  numIterations: 60,
  categoricalFeature: [0],
  minDataPerGroup: 5,
  catSmooth: 1,
  catL2: 0.1,
  minDataInLeaf: 1,
};

async function fit(
  { dense, y }: { readonly dense: readonly (readonly number[])[]; readonly y: Float64Array },
  changes: Partial<BoostedRegressionParams> = {},
): Promise<TreeRegressor> {
  const fitted = await boostedRegression({ ...defaults, ...changes }).fit({ x: toCsr(dense), y });
  if (!fitted.ok) throw new Error(fitted.error.reason);
  return fitted.value;
}

const meanError = (model: TreeRegressor, { dense, y }: ReturnType<typeof makeRows>): number =>
  model.predict(toCsr(dense)).reduce((sum, told, row) => sum + Math.abs(told - y[row]!), 0) / rows;

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);

const problemOf = async (dense: number[][], categoricalFeature: number[]): Promise<unknown> => {
  const given = boostedRegression({ categoricalFeature });
  const fitted = await given.fit({ x: toCsr(dense), y: new Float64Array(dense.length) });
  return fitted.ok ? undefined : 'problem' in fitted.error.detail ? fitted.error.detail.problem : fitted.error.reason;
};

describe('columns of categories', () => {
  it('tell apart a thousand categories whose numbers say nothing', async () => {
    const data = makeRows(1000);
    const changes = { maxBin: 2000, minDataPerGroup: 1, catSmooth: 0.1, numIterations: 200, maxCatThreshold: 500 };
    const model = await fit(data, changes);
    expect(meanError(model, data)).toBeLessThan(meanError(await fit(data, { categoricalFeature: [] }), data) / 2);
  });

  it('give the same predictions whatever the categories are numbered', async () => {
    const data = makeRows(20);
    const renumber = ([category = 0, noise = 0]: readonly number[]): number[] => [((category * 7) % 20) + 40, noise];
    const [model, other] = [await fit(data), await fit({ ...data, dense: data.dense.map(renumber) })];
    const told = model.predict(toCsr(data.dense));
    expect(meanError(model, data)).toBeLessThan(0.2);
    expect(farthest(told, other.predict(toCsr(data.dense.map(renumber))))).toBeLessThan(1e-9);
  });

  it('of a single category are not split', async () => {
    const { dense, y } = makeRows(20);
    const model = await fit({ dense: dense.map(([, noise = 0]) => [7, noise]), y });
    expect(model.trees.flags.some((flags) => (flags & nodeFlags.categorical) !== 0)).toBe(false);
  });

  it('send what training did not see, what is missing and what is negative the same way: right', async () => {
    const data = makeRows(20);
    const model = await fit(data);
    const told = [20, 999, 5000, NaN, -1, -30].map((category) => model.predict(toCsr([[category, 0.5]]))[0]);
    expect(told).toEqual(told.map(() => told[0]));
    expect(model.trees.flags.filter((flags) => (flags & nodeFlags.categorical) !== 0).length).toBeGreaterThan(50);
  });

  it('count negative categories as missing ones', async () => {
    const { dense, y } = makeRows(20);
    const holed = (hole: number): number[][] => dense.map(([c = 0, noise = 0], row) => [row % 9 ? c : hole, noise]);
    const [negative, missing] = [await fit({ dense: holed(-5), y }), await fit({ dense: holed(NaN), y })];
    expect(negative.trees).toEqual(missing.trees);
  });

  it('lead every row to the leaf in which training counted it, in a bag or outside', async () => {
    const data = makeRows(30);
    for (const changes of [{}, { baggingFraction: 0.6, baggingFreq: 1 }]) {
      const model = await fit(data, { ...changes, maxCatToOnehot: 1 });
      const told = model.predict(toCsr(data.dense));
      const loss = told.reduce((sum, value, row) => sum + (value - data.y[row]!) ** 2, 0) / rows;
      expect(Math.abs(loss / model.metrics['training_loss']! - 1)).toBeLessThan(1e-6);
    }
  });

  it('are explained: contributions add up to what is told', async () => {
    const data = makeRows(30);
    const { trees } = await fit(data, { numIterations: 10 });
    const x = toCsr(data.dense.slice(0, 20));
    const sums = margins(trees, x, workspaceOf(trees));
    const shap = TreeShap.of(trees);
    if (shap === undefined) throw new Error('no explanations');
    for (let row = 0; row < x.rows; row++) {
      const { expected, values } = shap.valuesOf(x, row);
      expect([...expected, ...values].reduce((sum, value) => sum + value, 0)).toBeCloseTo(sums[row]!, 9);
    }
  });

  it('are refused where they are not there, hold fractions, or numbers too large', async () => {
    expect(await problemOf([[1], [2]], [1])).toBe('there is no column 1 of categories among 1');
    expect(await problemOf([[1.5], [2]], [0])).toBe('column 0 is of categories, but holds 1.5, which is not whole');
    expect(await problemOf([[1], [2e6]], [0])).toBe('column 0 holds the category 2000000; they may go up to 1000000');
  });

  it('are named in params.yaml by their numbers', () => {
    const read = (given: object) => readField({ train: { algorithm: 'boosted_trees', ...given } }, 'train', trainField);
    expect(read({ categorical_feature: [3, 5], cat_l2: 1 }).ok).toBe(true);
    expect(read({ cat_feature: [3] }).ok).toBe(true);
    expect(read({ categorical_feature: [-1] }).ok).toBe(false);
  });
});

describe('bins of categories', () => {
  const settings = { maxBin: 255, minDataInBin: 3 };
  const distinct = (counts: Readonly<Record<number, number>>) => ({
    values: Float64Array.from(Object.keys(counts), Number),
    counts: Int32Array.from(Object.values(counts)),
  });

  it('are by falling numbers of rows, zero among them; the rare ones have none', () => {
    const found = categoryBins(distinct({ 1: 50, 2: 300, 9: 2 }), { rows: 452, missing: 0 }, settings);
    expect(found).toEqual({ categories: [2, 0, 1], below: 2 });
  });

  it('are no more than there may be, but for those that 99 % of the rows need', () => {
    const even = distinct(Object.fromEntries(Array.from({ length: 40 }, (_, at) => [at + 1, 100])));
    const found = categoryBins(even, { rows: 4000, missing: 0 }, { ...settings, maxBin: 10 });
    expect(found.categories.length).toBe(40);
    expect(found.below).toBe(0);
  });
});
