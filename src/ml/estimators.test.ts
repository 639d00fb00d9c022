import { describe, expect, it } from 'vitest';
import { describeContract, type ContractRow } from '../../test/estimators/contract.ts';
import { estimator, fit, makeData } from '../../test/estimators/data.ts';
import { algorithms } from './estimators.ts';

const nestedThree = [{ algorithm: 'logistic_regression' }, { algorithm: 'naive_bayes' }, { algorithm: 'linear_svm' }];

const rows: readonly ContractRow[] = [
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
  // Bins go by how many rows have a value, whatever those weigh.
  ['boosted_trees', {}, { unscored: true, gaps: true, placed: true }],
  [
    'boosted_trees',
    { early_stopping_round: 5, eta: 0.3, class_weight: 'balanced' },
    { unscored: true, gaps: true, dealt: true },
  ],
  [
    'boosted_trees',
    { n_estimators: 60, subsample: 0.7, subsample_freq: 1, colsample_bynode: 0.5, min_child_samples: 5 },
    { unscored: true, drawn: true, gaps: true },
  ],
  ['ml_xgboost', { iterations: 50 }, { unscored: true, drawn: true }],
  ['ml_xgboost', { iterations: 20, subsample: 1 }, { unscored: true }],
  ['ml_logistic_regression', { num_steps: 400, learning_rate: 0.01 }, {}],
  ['dummy', {}, { single: true, unscored: true, blind: true }],
  ['dummy', { strategy: 'stratified' }, { single: true, unscored: true, blind: true, guessing: true }],
];

/** Tried where their libraries are there, in engines/. */
const elsewhere = ['lightgbm', 'xgboost'];

it('names every algorithm there is', () => {
  const named = new Set([...rows.map(([name]) => name), ...elsewhere]);
  expect(algorithms.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
});

describe.each(rows)('every estimator: %s %j', describeContract);

it('a class weight for a label that is not there is refused with the nearest one', async () => {
  const outcome = await estimator({ class_weight: { 'class O': 2 } }).fit(makeData(30, 3, 1));
  expect(outcome.ok ? '' : outcome.error.detail).toMatchObject({
    param: 'class_weight',
    near: ['class 0', 'class 1', 'class 2'],
  });
});

it('a class weight may name a label that is a number', async () => {
  const data = { ...makeData(60, 3, 1), classes: ['10', '-1', '2'] };
  const rowWeights = Float64Array.from(data.y, (c) => (c === 1 ? 3 : 1));
  const weighted = await fit(estimator({ algorithm: 'logistic_regression' }), { ...data, rowWeights });
  const named = await fit(estimator({ algorithm: 'logistic_regression', class_weight: { '-1': 3 } }), data);
  expect(named.probabilities(data.x)).toEqual(weighted.probabilities(data.x));
});
