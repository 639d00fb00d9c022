import { describe, expect, it } from 'vitest';
import { seededRandom } from '../core/random.ts';
import type { JsonObject } from '../core/json.ts';
import type { Estimator, FittedClassifier, TrainingSet } from './estimator.ts';
import { largestOfRows } from './estimator.ts';
import { algorithms, classifierFromParts, trainField } from './estimators.ts';
import { readField } from './fields.ts';
import { selectRows } from './sparse/csr.ts';
import type { CsrMatrix } from './sparse/csr.ts';

/** Sparse rows of `classes` classes: each class has its own columns, and there is noise in all. */
function makeData(rows: number, classes: number, seed: number): TrainingSet {
  const random = seededRandom(seed);
  const columns = classes * 4 + 3;
  const indices: number[] = [];
  const values: number[] = [];
  const indptr = [0];
  const y = Int32Array.from({ length: rows }, (_, row) => row % classes);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const own = Math.floor(column / 4) === y[row];
      if (random() > (own ? 0.8 : 0.1)) continue;
      indices.push(column);
      values.push(0.2 + random());
    }
    indptr.push(indices.length);
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

const estimator = (changes: Record<string, unknown>): Estimator => {
  const params = readField({ train: { tolerance: 1e-8, max_iterations: 20_000, ...changes } }, 'train', trainField);
  if (!params.ok) throw new Error(params.error.reason);
  return params.value.estimator;
};

const fit = async (made: Estimator, data: TrainingSet): Promise<FittedClassifier> => {
  const fitted = await made.fit(data);
  if (!fitted.ok) throw new Error(fitted.error.reason);
  return fitted.value;
};

const labelsOf = (model: FittedClassifier, x: CsrMatrix): number[] =>
  Array.from(largestOfRows(model.probabilities(x), model.classes.length));

/** What an algorithm by its nature does not do, where the suite must not ask for it. */
interface Nature {
  /** Columns have no scores: it is not linear in them. */
  readonly unscored?: true;
  /** Share it gets right, where 0.9 is not to be had: normal distributions do not fit columns that are mostly 0. */
  readonly least?: number;
  /** It never looks at a row. */
  readonly blind?: true;
  /** Rows are neighbours: two equal ones take two of the k places, one of weight 2 takes one place and votes twice. */
  readonly placed?: true;
  /** Learns in one pass, so that it can end after its first report only. */
  readonly single?: true;
  /** What is drawn goes by the places of rows: another order gives another model, and so do repeated rows. */
  readonly drawn?: true;
  /** Holds rows out in folds by their order: repeated rows come to lie in other folds, and a class needs as many rows as there are folds. */
  readonly dealt?: true;
  /** Values are put into bins by how many rows have them, whatever those weigh. */
  readonly binned?: true;
}

const nestedThree = [{ algorithm: 'logistic_regression' }, { algorithm: 'naive_bayes' }, { algorithm: 'linear_svm' }];

const rows: readonly (readonly [algorithm: string, changes: JsonObject, nature: Nature])[] = [
  ['linear_svm', {}, {}],
  ['linear_svm', { loss: 'hinge', class_weight: 'balanced' }, {}],
  ['logistic_regression', {}, {}],
  ['logistic_regression', { class_weight: 'balanced', c: 10 }, {}],
  ['logistic_regression', { l1_ratio: 0.7, c: 3 }, {}],
  ['logistic_regression', { multi_class: 'one_vs_rest' }, {}],
  ['naive_bayes', {}, { single: true }],
  ['naive_bayes', { distribution: 'complement', class_weight: 'balanced' }, { single: true }],
  ['naive_bayes', { distribution: 'bernoulli' }, { single: true }],
  ['naive_bayes', { distribution: 'gaussian', var_smoothing: 0.01 }, { single: true, unscored: true, least: 0.8 }],
  ['knn', {}, { single: true, unscored: true, placed: true }],
  ['knn', { metric: 'euclidean', weights: 'distance' }, { single: true, unscored: true, placed: true }],
  ['random_forest', {}, { unscored: true, drawn: true }],
  ['random_forest', { bootstrap: false, max_features: null, n_estimators: 3 }, { unscored: true, least: 0.8 }],
  ['random_forest', { criterion: 'entropy', max_leaf_nodes: 30, oob_score: true }, { unscored: true, drawn: true }],
  ['extra_trees', { class_weight: 'balanced' }, { unscored: true, drawn: true }],
  [
    'voting',
    { estimators: [{ algorithm: 'logistic_regression' }, { algorithm: 'naive_bayes' }], weights: [2, 1] },
    { unscored: true },
  ],
  ['voting', { voting: 'hard', estimators: nestedThree }, { unscored: true }],
  ['stacking', { estimators: nestedThree, passthrough: true, folds: 2 }, { unscored: true, dealt: true }],
  ['calibrated', { estimator: { algorithm: 'linear_svm' }, folds: 3 }, { unscored: true, dealt: true }],
  [
    'calibrated',
    { estimator: { algorithm: 'naive_bayes' }, method: 'isotonic', folds: 3 },
    { unscored: true, dealt: true },
  ],
  ['boosted_trees', {}, { unscored: true, binned: true }],
  ['boosted_trees', { early_stopping_round: 5, eta: 0.3, class_weight: 'balanced' }, { unscored: true, dealt: true }],
  [
    'boosted_trees',
    { n_estimators: 60, subsample: 0.7, subsample_freq: 1, colsample_bynode: 0.5, min_child_samples: 5 },
    { unscored: true, drawn: true },
  ],
  ['dummy', {}, { single: true, unscored: true, blind: true }],
  ['dummy', { strategy: 'stratified' }, { single: true, unscored: true, blind: true }],
];

/** Tried where their libraries are there. */
const elsewhere = ['lightgbm', 'xgboost'];

it('names every algorithm there is', () => {
  const named = new Set([...rows.map(([name]) => name), ...elsewhere]);
  expect(algorithms.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
});

/** What must be equal when two models are: scores of columns, or else probabilities. */
const essence = (model: FittedClassifier, x: CsrMatrix): Float64Array => model.columnScores() ?? model.probabilities(x);

describe.each(rows)('every estimator: %s %j', (algorithm, changes, nature) => {
  const made = estimator({ algorithm, ...changes });
  const three = makeData(240, 3, 1);

  it('learns what can be learned, and gives probabilities that sum to 1', async () => {
    const model = await fit(made, three);
    const unseen = makeData(120, 3, 2);
    const right = labelsOf(model, unseen.x).filter((label, row) => label === unseen.y[row]).length;
    if (nature.blind === undefined) expect(right / 120).toBeGreaterThan(nature.least ?? 0.9);
    const probabilities = model.probabilities(unseen.x);
    for (let row = 0; row < 120; row++) {
      const own = probabilities.subarray(row * 3, row * 3 + 3);
      expect(own.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 12);
      expect(Math.min(...own)).toBeGreaterThanOrEqual(0);
    }
  });

  it.each([2, 3, 5])('works for %i classes, and scores columns for their own class', async (classes) => {
    const data = makeData(classes * 60, classes, 3);
    const model = await fit(made, data);
    const scores = model.columnScores();
    expect(scores === null).toBe(nature.unscored === true);
    if (scores === null) return;
    expect(scores.length).toBe(data.x.columns * classes);
    for (let column = 0; column < classes * 4; column++) {
      const own = Array.from(scores.subarray(column * classes, (column + 1) * classes));
      expect(own.indexOf(Math.max(...own))).toBe(Math.floor(column / 4));
    }
  });

  it('gives the same model for the same seed and rows', async () => {
    const [a, b] = [await fit(made, three), await fit(made, three)];
    expect(a.probabilities(three.x)).toEqual(b.probabilities(three.x));
  });

  it.skipIf(nature.drawn ?? nature.dealt)('scores do not depend on the order of rows', async () => {
    const turned = Int32Array.from({ length: three.x.rows }, (_, i) => three.x.rows - 1 - i);
    const other = { ...three, x: selectRows(three.x, turned), y: Int32Array.from(turned, (row) => three.y[row]!) };
    const [a, b] = [essence(await fit(made, three), three.x), essence(await fit(made, other), three.x)];
    a.forEach((score, at) => {
      expect(score).toBeCloseTo(b[at]!, 4);
    });
  });

  it.skipIf(nature.placed ?? nature.drawn ?? nature.dealt ?? nature.binned)(
    'a row of weight 2 is the row standing there twice',
    async () => {
      const twice = Int32Array.from({ length: 300 }, (_, i) => i % 240);
      const repeated = { ...three, x: selectRows(three.x, twice), y: Int32Array.from(twice, (row) => three.y[row]!) };
      const weighted = { ...three, rowWeights: Float64Array.from({ length: 240 }, (_, row) => (row < 60 ? 2 : 1)) };
      const [a, b] = [essence(await fit(made, repeated), three.x), essence(await fit(made, weighted), three.x)];
      a.forEach((score, at) => {
        expect(score).toBeCloseTo(b[at]!, 4);
      });
    },
  );

  it('is the same after its parts were taken and put together', async () => {
    const model = await fit(made, three);
    const again = classifierFromParts(model.toParts(), model);
    if (typeof again === 'string') throw new Error(again);
    expect(again.probabilities(three.x)).toEqual(model.probabilities(three.x));
  });

  it('bears empty rows, constant columns and columns that never occur', async () => {
    const x: CsrMatrix = {
      rows: 6,
      columns: 4,
      indptr: Int32Array.of(0, 2, 4, 5, 6, 6, 6),
      indices: Int32Array.of(0, 1, 0, 1, 0, 0),
      values: Float64Array.of(1, 2, 1, 2, 1, 1),
    };
    const model = await fit(made, { x, y: Int32Array.of(0, 0, 1, 1, 0, 1), classes: ['a', 'b'] });
    expect(model.probabilities(x).every(Number.isFinite)).toBe(true);
  });

  it('refuses data that do not fit together, by a failure', async () => {
    const { x, y, classes } = three;
    const wrong: readonly [string, TrainingSet][] = [
      ['labels', { x, y: y.subarray(1), classes }],
      ['label number', { x, y: y.map((c) => c + 1), classes }],
      ['empty class', { x, y, classes: [...classes, 'never'] }],
      ['weights', { ...three, rowWeights: new Float64Array(3) }],
      ['negative weight', { ...three, rowWeights: new Float64Array(x.rows).fill(-1) }],
      ['NaN', { ...three, x: { ...x, values: x.values.map((v, i) => (i === 5 ? NaN : v)) } }],
      ['infinite', { ...three, x: { ...x, values: x.values.map((v, i) => (i === 5 ? Infinity : v)) } }],
      ['column', { ...three, x: { ...x, indices: x.indices.map((v, i) => (i === 5 ? x.columns : v)) } }],
      ['pointers', { ...three, x: { ...x, indptr: x.indptr.map((v, i) => (i === 5 ? 0 : v)) } }],
    ];
    for (const [what, data] of wrong) {
      const outcome = await made.fit(data);
      expect(outcome.ok ? what : outcome.error.reason, what).toBe('training-data-invalid');
    }
    const single = await made.fit({ x, y: new Int32Array(x.rows), classes: ['only'] });
    expect(single.ok ? '' : single.error.reason).toBe('single-class');
  });

  it('reports progress, and ends when it is told to', async () => {
    let calls = 0;
    const reports = nature.single === true ? 1 : 2;
    const outcome = await made.fit(three, { onProgress: () => calls++, cancelled: () => calls >= reports });
    expect(outcome.ok ? 'fitted' : outcome.error.reason).toBe('fit-cancelled');
    expect(calls).toBe(reports);
  });
});

it('a class weight for a label that is not there is refused with the nearest one', async () => {
  const outcome = await estimator({ class_weight: { 'class O': 2 } }).fit(makeData(30, 3, 1));
  expect(outcome.ok ? '' : outcome.error.detail).toMatchObject({
    param: 'class_weight',
    near: ['class 0', 'class 1', 'class 2'],
  });
});
