import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { selectRows } from '../sparse/csr.ts';
import { boostedRegression, type BoostedRegressionParams, type RegressionSet } from './boosted-regression.ts';
import { regressorFromParts, type TreeRegressor } from './tree-regressor.ts';

/** A matrix without its values, of which every one is there. */
const everyPlace = (rows: number, columns: number) => ({
  rows,
  columns,
  indptr: Int32Array.from({ length: rows + 1 }, (_, row) => row * columns),
  indices: Int32Array.from({ length: rows * columns }, (_, at) => at % columns),
});

/** Numbers that depend on a few columns and on chance. */
function makeData(seed: number, rows = 400): RegressionSet {
  const random = seededRandom(seed);
  const columns = 8;
  const values = Float64Array.from({ length: rows * columns }, () => Math.round(random() * 50) / 10);
  const x = { ...everyPlace(rows, columns), values };
  const y = Float64Array.from({ length: rows }, (_, row) => {
    const own = values.subarray(row * columns, (row + 1) * columns);
    return Math.abs(own[0]! + own[1]! * (own[2]! > 2 ? 1 : -1) + random());
  });
  return { x, y };
}

async function fit(data: RegressionSet, changes: Partial<BoostedRegressionParams> = {}): Promise<TreeRegressor> {
  const fitted = await boostedRegression({ numIterations: 30, minDataInLeaf: 5, ...changes }).fit(data);
  if (!fitted.ok) throw new Error(JSON.stringify(fitted.error.detail));
  return fitted.value;
}

const picked = ({ x, y }: RegressionSet, rows: Int32Array): RegressionSet => ({
  x: selectRows(x, rows),
  y: Float64Array.from(rows, (row) => y[row]!),
});

/** What is told where the first 100 of 400 rows weigh 2, and where they stand there twice. */
async function weightedAndRepeated(data: RegressionSet, changes: Partial<BoostedRegressionParams>) {
  const rowWeights = Float64Array.from({ length: 400 }, (_, row) => (row < 100 ? 2 : 1));
  const twice = Int32Array.from({ length: 500 }, (_, i) => i % 400);
  // Bins hold equal numbers of rows, whatever those weigh: here there are two values, and two bins.
  const coarse = { ...data, x: { ...data.x, values: data.x.values.map((value) => (value > 2.5 ? 1 : 0)) } };
  const params = { minDataInLeaf: 0, minSumHessianInLeaf: 5, numIterations: 10, ...changes };
  const weighted = (await fit({ ...coarse, rowWeights }, params)).predict(coarse.x);
  const repeated = (await fit(picked(coarse, twice), params)).predict(coarse.x);
  return { weighted, repeated };
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const objectives = ['regression', 'regression_l1', 'quantile', 'poisson'] as const;

describe.each(objectives)('boosted regression: %s', (objective) => {
  const data = makeData(1);

  it('learns what can be learned, the loss falling', async () => {
    const losses: number[] = [];
    const regression = boostedRegression({ objective, alpha: 0.5, numIterations: 80 });
    const fitted = await regression.fit(data, { onProgress: ({ value }) => losses.push(value) });
    if (!fitted.ok) throw new Error(fitted.error.reason);
    expect(losses).toHaveLength(80);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    const unseen = makeData(2);
    const errors = fitted.value.predict(unseen.x).map((told, row) => Math.abs(told - unseen.y[row]!));
    const blind = unseen.y.map((wanted) => Math.abs(wanted - mean(unseen.y)));
    expect(mean(errors)).toBeLessThan(mean(blind) / 2);
  });

  it('takes a row of weight 2 for the row standing there twice, where no limit counts rows', async () => {
    const { weighted, repeated } = await weightedAndRepeated(data, { objective });
    weighted.forEach((value, row) => {
      expect(value).toBeCloseTo(repeated[row]!, 6);
    });
  });

  it('does not depend on the order of rows', async () => {
    const turned = Int32Array.from({ length: 400 }, (_, i) => (i * 7) % 400);
    const one = (await fit(data, { objective })).predict(data.x);
    const other = (await fit(picked(data, turned), { objective })).predict(data.x);
    one.forEach((value, row) => {
      expect(value).toBeCloseTo(other[row]!, 6);
    });
  });

  it('tells a constant as it is, also of one row and of rows without entries', async () => {
    const constant = { ...data, y: new Float64Array(400).fill(7) };
    for (const value of (await fit(constant, { objective })).predict(data.x)) expect(value).toBeCloseTo(7, 12);
    const one = picked(data, Int32Array.of(3));
    expect((await fit(one, { objective })).predict(one.x)[0]).toBeCloseTo(one.y[0]!, 12);
    const empty = {
      rows: 400,
      columns: 3,
      indptr: new Int32Array(401),
      indices: new Int32Array(0),
      values: new Float64Array(0),
    };
    const told = (await fit({ ...data, x: empty }, { objective })).predict(empty);
    expect(told.every((value) => value === told[0] && Number.isFinite(value))).toBe(true);
  });

  it('bears extreme numbers and weights', async () => {
    const y = data.y.map((value, row) => value * 10 ** (row % 7));
    const rowWeights = Float64Array.from({ length: 400 }, (_, row) => (row % 9 === 0 ? 0 : 10 ** ((row % 20) - 10)));
    const told = (await fit({ ...data, y, rowWeights }, { objective, minDataInLeaf: 1 })).predict(data.x);
    expect(told.every(Number.isFinite)).toBe(true);
  });

  it('is the same after its parts were taken and put together', async () => {
    const model = await fit(data, { objective });
    const again = regressorFromParts(model.toParts(), model.metrics);
    if (typeof again === 'string') throw new Error(again);
    expect(again.predict(data.x)).toEqual(model.predict(data.x));
    expect(again.objective).toBe(objective);
  });

  it('ends when it is told to', async () => {
    let calls = 0;
    const outcome = await boostedRegression({ objective }).fit(data, {
      onProgress: () => calls++,
      cancelled: () => calls >= 3,
    });
    expect(outcome.ok ? '' : outcome.error.reason).toBe('fit-cancelled');
    expect(calls).toBe(3);
  });

  it('refuses what does not fit together, and numbers that are none', async () => {
    const { x, y } = data;
    const wrong: readonly RegressionSet[] = [
      { x, y: y.subarray(1) },
      { x, y: y.map((value, row) => (row === 5 ? NaN : value)) },
      { x, y: y.map((value, row) => (row === 5 ? Infinity : value)) },
      { x, y, rowWeights: new Float64Array(3) },
      { x, y, rowWeights: new Float64Array(400).fill(-1) },
      { x, y, rowWeights: new Float64Array(400) },
      { x: { ...x, indices: x.indices.map((column, at) => (at === 5 ? 99 : column)) }, y },
      { x: selectRows(x, new Int32Array(0)), y: new Float64Array(0) },
    ];
    for (const set of wrong) {
      const outcome = await boostedRegression({ objective }).fit(set);
      expect(outcome.ok ? '' : outcome.error.reason).toBe('training-data-invalid');
    }
  });
});

describe('boosted regression', () => {
  it('by quantile leaves the share alpha of the rows below what it tells', async () => {
    const data = makeData(5, 2000);
    for (const alpha of [0.1, 0.5, 0.9]) {
      const told = (await fit(data, { objective: 'quantile', alpha, numIterations: 100 })).predict(data.x);
      const below = data.y.filter((wanted, row) => wanted <= told[row]!).length / 2000;
      expect(Math.abs(below - alpha)).toBeLessThan(0.04);
    }
  });

  // To LightGBM 4 rows on the right weigh 9e-16 more than 4, and on the left 4.
  it('by absolute loss takes of mirrored splits of equal gain the one that has few rows on the left', async () => {
    const y = Float64Array.from({ length: 33 }, (_, row) => row);
    const fewRight = (row: number): number => (row >= 29 ? 1 : 0);
    const fewLeft = (row: number): number => (row >= 20 && row < 24 ? 0 : 1);
    const dense = [[fewRight, fewLeft] as const, [fewLeft, fewRight] as const];
    const taken = dense.map(async ([first, second]) => {
      const values = Float64Array.from({ length: 66 }, (_, at) => (at % 2 === 0 ? first : second)(at >> 1));
      const x = { ...everyPlace(33, 2), values };
      const changes = { objective: 'regression_l1', numIterations: 1, numLeaves: 2, minDataInLeaf: 2 } as const;
      return (await fit({ x, y }, changes)).importance('split');
    });
    expect(await Promise.all(taken)).toEqual([Float64Array.of(0, 1), Float64Array.of(1, 0)]);
  });

  // Of such steps many splits gain the same. Which of them is taken may not hang on how a row was rounded.
  it.each([0.1, 0.3, 0.5, 0.975])(
    'by quantile %d tells of weight 2 exactly what it tells of two rows',
    async (alpha) => {
      for (const seed of [1, 2, 3]) {
        const { weighted, repeated } = await weightedAndRepeated(makeData(seed), { objective: 'quantile', alpha });
        expect(weighted).toEqual(repeated);
      }
    },
  );

  it('by poisson refuses numbers below 0, and nothing but 0', async () => {
    const { x, y } = makeData(1);
    for (const wrong of [y.map((value, row) => (row === 9 ? -1 : value)), new Float64Array(400)]) {
      const outcome = await boostedRegression({ objective: 'poisson' }).fit({ x, y: wrong });
      expect(outcome.ok ? '' : outcome.error.reason).toBe('training-data-invalid');
    }
  });

  it('parts that are no regressor are refused', async () => {
    const { meta, arrays } = (await fit(makeData(1))).toParts();
    expect(regressorFromParts({ meta: { ...meta, objective: 'none' }, arrays })).toEqual(expect.any(String));
    expect(regressorFromParts({ meta: { ...meta, outputs: 2 }, arrays })).toEqual(expect.any(String));
    expect(regressorFromParts({ meta, arrays: { ...arrays, leaves: new Float64Array(1) } })).toEqual(
      expect.any(String),
    );
  });
});
