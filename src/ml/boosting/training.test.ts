import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { stratifiedSplit } from '../data/split.ts';
import type { TrainingSet } from '../estimator.ts';
import { joinColumns, selectRows } from '../sparse/csr.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import { boostedRegression } from './boosted-regression.ts';
import { boostedTrees, type BoostedTreesParams } from './boosted-trees.ts';
import { Sampler } from './sampling.ts';
import { trainDefaults } from './train-params.ts';

/** Rows of real values, some of them absent or below 0, whose class depends on a few columns and on chance. */
function makeData(seed: number, { rows = 500, classes = 3, columns = 10 } = {}): TrainingSet {
  const random = seededRandom(seed);
  const indptr = [0];
  const indices: number[] = [];
  const values: number[] = [];
  const y = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const scores = Array.from({ length: classes }, () => 0.7 * random());
    for (let column = 0; column < columns; column++) {
      if (random() > 0.6) continue;
      const value = Math.round((random() * 3 - 1) * 100) / 100;
      indices.push(column);
      values.push(value);
      scores[column % classes] = scores[column % classes]! + value * (column < 6 ? 1 : 0.1);
    }
    indptr.push(indices.length);
    y[row] = row < classes ? row : scores.indexOf(Math.max(...scores));
  }
  const x = {
    rows,
    columns,
    indptr: Int32Array.from(indptr),
    indices: Int32Array.from(indices),
    values: Float64Array.from(values),
  };
  return { x, y, classes: Array.from({ length: classes }, (_, c) => `class ${c}`) };
}

const defaults = { numIterations: 20, numLeaves: 12, minDataInLeaf: 5, seed: 7 };

async function fit(
  data: TrainingSet,
  changes: Partial<BoostedTreesParams> = {},
  initModel?: TreeClassifier,
): Promise<TreeClassifier> {
  const estimator = boostedTrees({ ...defaults, ...changes }, initModel === undefined ? {} : { initModel });
  const fitted = await estimator.fit(data);
  if (!fitted.ok) throw new Error(JSON.stringify(fitted.error.detail));
  if (!(fitted.value instanceof TreeClassifier)) throw new Error('no trees');
  return fitted.value;
}

const logLoss = (model: TreeClassifier, { x, y, classes }: TrainingSet): number => {
  const probabilities = model.probabilities(x);
  return y.reduce((sum, c, row) => sum - Math.log(probabilities[row * classes.length + c]!), 0) / y.length;
};

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);

describe.each([2, 3])('trees that see a part of the rows and columns, %i classes', (classes) => {
  const data = makeData(1, { classes });
  const bagged = { baggingFraction: 0.5, baggingFreq: 2 };

  it('give all rows their values: the loss of training is that of the model', async () => {
    const model = await fit(data, bagged);
    expect(model.metrics['training_loss']).toBeCloseTo(logLoss(model, data), 9);
  });

  it('are not changed by rows outside of the bag, but by those in it', async () => {
    const bag = new Sampler({ ...trainDefaults, ...defaults, ...bagged }).rows(1, 500)!;
    expect(bag.length).toBe(250);
    const inBag = new Set(bag);
    const turned = (isTurned: (row: number) => boolean): TrainingSet => ({
      ...data,
      y: data.y.map((c, row) => (row >= classes && isTurned(row) ? (c + 1) % classes : c)),
    });
    // The start is taken from all rows, and bins too.
    const changes = { ...bagged, numIterations: 1, boostFromAverage: false };
    const one = (await fit(data, changes)).trees;
    const outside = (
      await fit(
        turned((row) => !inBag.has(row)),
        changes,
      )
    ).trees;
    expect(outside.threshold).toEqual(one.threshold);
    expect(outside.leaves).toEqual(one.leaves);
    const inside = (
      await fit(
        turned((row) => inBag.has(row)),
        changes,
      )
    ).trees;
    expect(inside.leaves).not.toEqual(one.leaves);
  });

  it('equal those grown on the bag alone', async () => {
    const bag = new Sampler({ ...trainDefaults, ...defaults, ...bagged }).rows(1, 500)!;
    // Columns of two values have the same bins in every part of the rows.
    const coarse = { ...data, x: { ...data.x, values: data.x.values.map(() => 1) } };
    const alone = { ...coarse, x: selectRows(coarse.x, bag), y: Int32Array.from(bag, (row) => data.y[row]!) };
    const changes = { numIterations: 1, boostFromAverage: false };
    const [a, b] = [await fit(coarse, { ...bagged, ...changes }), await fit(alone, changes)];
    expect(a.trees.feature).toEqual(b.trees.feature);
    expect(distance(a.trees.leaves, b.trees.leaves)).toBeLessThan(1e-9);
    expect(a.trees.cover).toEqual(b.trees.cover);
  });

  it.each([
    { ...bagged },
    { featureFraction: 0.5 },
    { featureFractionByNode: 0.4 },
    { ...bagged, featureFraction: 0.8, featureFractionByNode: 0.6 },
  ])('are the same for the same seed, others for another one, and learn: %j', async (changes) => {
    const of = (seed: number): Promise<TreeClassifier> => fit(data, { ...changes, seed });
    const [a, b, c] = [await of(1), await of(1), await of(2)];
    expect(a.trees).toEqual(b.trees);
    expect(a.trees.threshold).not.toEqual(c.trees.threshold);
    expect(logLoss(a, makeData(2, { classes }))).toBeLessThan(0.75 * Math.log(classes));
  });

  it('have a seed each for rows and columns, where wanted', async () => {
    const changes = { ...bagged, featureFraction: 0.5 };
    const one = await fit(data, { ...changes, baggingSeed: 3, featureFractionSeed: 4 });
    const other = await fit(data, { ...changes, baggingSeed: 3, featureFractionSeed: 4, seed: 99 });
    expect(other.trees).toEqual(one.trees);
  });
});

describe('a node', () => {
  it('may use its share of the columns of the tree, anew for each node', () => {
    const sampler = new Sampler({ ...trainDefaults, featureFractionByNode: 0.3, featureFraction: 0.5 });
    const used = sampler.features(4, 40);
    expect(used.length).toBe(20);
    const choose = sampler.byNode(4, 40)!;
    const [first, second] = [choose(), choose()];
    expect(first.filter((one) => one === 1).length).toBe(6);
    expect(Array.from(first.keys()).every((feature) => first[feature] === 0 || used.includes(feature))).toBe(true);
    expect(second).not.toEqual(first);
  });
});

describe.each([2, 3])('training that ends by itself, %i classes', (classes) => {
  // Chance decides much, so that many trees learn it by heart.
  const data = makeData(3, { classes, rows: 400 });
  const changes = { earlyStoppingRound: 5, validationFraction: 0.25, numIterations: 300, learningRate: 0.3 };

  it('keeps the iteration of the smallest loss of held-out rows, which is what progress tells', async () => {
    const told: number[] = [];
    const fitted = await boostedTrees({ ...defaults, ...changes }).fit(data, {
      onProgress: ({ value }) => told.push(value),
    });
    if (!fitted.ok || !(fitted.value instanceof TreeClassifier)) throw new Error('no trees');
    const { iterations, validation_loss: loss } = fitted.value.metrics;
    expect(told.length).toBeLessThan(300);
    expect(iterations).toBe(told.indexOf(Math.min(...told)) + 1);
    expect(told.length).toBe(iterations! + 5);
    expect(loss).toBe(Math.min(...told));
    expect(fitted.value.trees.roots.length).toBe(iterations! * (classes === 2 ? 1 : 3));
  });

  it('tells the loss that the model has on the held-out rows', async () => {
    const model = await fit(data, changes);
    const split = stratifiedSplit(data.y, data.classes, { testSize: 0.25, seed: defaults.seed });
    if (!split.ok) throw new Error(split.error.reason);
    const part = (rows: Int32Array): TrainingSet => ({
      ...data,
      x: selectRows(data.x, rows),
      y: Int32Array.from(rows, (row) => data.y[row]!),
    });
    expect(logLoss(model, part(split.value.test))).toBeCloseTo(model.metrics['validation_loss']!, 9);
    expect(logLoss(model, part(split.value.train))).toBeCloseTo(model.metrics['training_loss']!, 9);
    expect(firstTreeCover(model)).toBe(300);
  });
});

/** Rows that the first tree was grown on. */
function firstTreeCover({ trees }: TreeClassifier): number {
  const coverOf = (node: number): number =>
    node < 0 ? trees.cover[~node]! : coverOf(trees.left[node]!) + coverOf(trees.right[node]!);
  return coverOf(trees.roots[0]!);
}

describe.each([2, 3])('training that goes on, %i classes', (classes) => {
  const data = makeData(5, { classes });

  it.each([{}, { baggingFraction: 0.6, baggingFreq: 3, featureFraction: 0.6, featureFractionByNode: 0.7 }])(
    'from 10 iterations for 10 more gives what 20 give: %j',
    async (changes) => {
      const half = await fit(data, { ...changes, numIterations: 10 });
      const both = await fit(data, { ...changes, numIterations: 10 }, half);
      const whole = await fit(data, { ...changes, numIterations: 20 });
      expect(both.trees.feature).toEqual(whole.trees.feature);
      expect(both.trees.threshold).toEqual(whole.trees.threshold);
      expect(distance(both.probabilities(data.x), whole.probabilities(data.x))).toBeLessThan(1e-6);
      expect(both.metrics['training_loss']).toBeCloseTo(whole.metrics['training_loss']!, 8);
      expect(both.metrics['trees']).toBe(whole.metrics['trees']);
    },
  );

  it('leaves the earlier model as it was, and refuses one that does not fit', async () => {
    const half = await fit(data, { numIterations: 3 });
    const before = half.probabilities(data.x);
    await fit(data, { numIterations: 3 }, half);
    expect(half.probabilities(data.x)).toEqual(before);
    const others = [
      { ...data, classes: data.classes.map((name) => `other ${name}`) },
      { ...data, x: { ...data.x, columns: 11 } },
      makeData(5, { classes: 4 }),
    ];
    for (const other of others) {
      const outcome = await boostedTrees(defaults, { initModel: half }).fit(other);
      expect(outcome.ok ? '' : outcome.error.reason).toBe('learning-param');
    }
  });

  it('stops early by held-out rows whose scores begin at those of the earlier model', async () => {
    const half = await fit(data, { numIterations: 10 });
    const model = await fit(data, { earlyStoppingRound: 3, numIterations: 100 }, half);
    expect(model.metrics['iterations']).toBeLessThan(100);
    expect(model.metrics['validation_loss']).toBeLessThan(Math.log(classes));
  });
});

describe('dense columns beside sparse ones', () => {
  it('are columns that have all entries: zeros that are stored change nothing, and what is in them is learned', async () => {
    const { x: sparse, y, classes } = makeData(11);
    const random = seededRandom(12);
    const values = Float64Array.from({ length: sparse.rows * 3 }, (_, at) =>
      at % 3 === 0 ? y[Math.floor(at / 3)]! + random() : Math.max(0, Math.round(random() * 8) - 4),
    );
    const dense = {
      rows: sparse.rows,
      columns: 3,
      indptr: Int32Array.from({ length: sparse.rows + 1 }, (_, row) => row * 3),
      indices: Int32Array.from(values, (_, at) => at % 3),
      values,
    };
    const withoutZeros = {
      ...dense,
      indptr: dense.indptr.map((end) => values.subarray(0, end).filter((value) => value !== 0).length),
      indices: dense.indices.filter((_, at) => values[at] !== 0),
      values: values.filter((value) => value !== 0),
    };
    const [full, lean] = [dense, withoutZeros].map((block) => ({ x: joinColumns([block, sparse]), y, classes }));
    const model = await fit(full!);
    expect((await fit(lean!)).trees).toEqual(model.trees);
    expect(model.importance('gain')[0]).toBe(Math.max(...model.importance('gain')));
  });
});

describe('boosted regression', () => {
  const { x } = makeData(9);
  const random = seededRandom(10);
  const y = Float64Array.from({ length: 500 }, (_, row) => (x.values[x.indptr[row]!] ?? 0) + 2 + random());

  it.each(['regression', 'regression_l1', 'quantile', 'poisson'] as const)(
    'by %s goes on, sees a part of the rows, and ends by itself',
    async (objective) => {
      const given = { objective, numLeaves: 8, alpha: 0.4 };
      const half = await boostedRegression({ ...given, numIterations: 10 }).fit({ x, y });
      if (!half.ok) throw new Error(half.error.reason);
      const both = await boostedRegression({ ...given, numIterations: 10 }, { initModel: half.value }).fit({ x, y });
      const whole = await boostedRegression({ ...given, numIterations: 20 }).fit({ x, y });
      if (!both.ok || !whole.ok) throw new Error('no trees');
      expect(distance(both.value.predict(x), whole.value.predict(x))).toBeLessThan(1e-6);
      const stopped = await boostedRegression({
        ...given,
        numIterations: 500,
        learningRate: 0.5,
        earlyStoppingRound: 4,
        baggingFraction: 0.5,
        baggingFreq: 1,
      }).fit({ x, y });
      if (!stopped.ok) throw new Error(stopped.error.reason);
      expect(stopped.value.metrics['iterations']).toBeLessThan(496);
      expect(stopped.value.predict(x).every(Number.isFinite)).toBe(true);
    },
  );
});
