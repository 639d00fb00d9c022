import type { JsonObject } from '../src/core/json.ts';

export interface EstimatorCase {
  readonly title: string;
  /** What stands under `train` in params.yaml. */
  readonly params: JsonObject;
  readonly reference: ReferenceCase;
  /** Fitted with so many seeds on both sides, where it is chance that tells them apart. */
  readonly seeds?: number;
}

interface ReferenceCase {
  readonly class: string;
  /** A value with a `class` of its own is an estimator too. */
  readonly args: JsonObject;
  /** What is compared row by row: probabilities, or scores where the reference has no probabilities. */
  readonly apart?: 'probabilities' | 'scores';
  /** The 300 most frequent words instead of 10,000, in full rows. */
  readonly small?: true;
}

const lightgbm = {
  num_leaves: 31,
  max_depth: 20,
  learning_rate: 0.09,
  lambda_l1: 0.1,
  lambda_l2: 0.1,
  min_data_in_leaf: 20,
};
const sameLightgbm = { deterministic: true, force_row_wise: true, verbose: -1, n_jobs: 1 };

const tight = { tol: 1e-6, max_iter: 20_000 };

const logistic = { algorithm: 'logistic_regression', tolerance: 1e-8 };
const multinomial = { algorithm: 'naive_bayes' };
const complement = { algorithm: 'naive_bayes', distribution: 'complement' };
const theirLogistic = { class: 'LogisticRegression', args: { max_iter: 5000, tol: 1e-8 } };
const theirMembers = [
  ['logistic', theirLogistic],
  ['multinomial', { class: 'MultinomialNB', args: {} }],
  ['complement', { class: 'ComplementNB', args: {} }],
];

export const parityEstimators: readonly EstimatorCase[] = [
  {
    title: 'linear SVM, squared hinge, balanced',
    params: { algorithm: 'linear_svm', class_weight: 'balanced', tolerance: 1e-6, max_iterations: 20_000 },
    reference: { class: 'LinearSVC', args: { class_weight: 'balanced', ...tight }, apart: 'scores' },
  },
  {
    title: 'linear SVM, hinge',
    params: { algorithm: 'linear_svm', loss: 'hinge', tolerance: 1e-6, max_iterations: 20_000 },
    reference: { class: 'LinearSVC', args: { loss: 'hinge', ...tight }, apart: 'scores' },
  },
  {
    title: 'linear SVM, calibrated by sigmoids on 5 folds',
    params: { algorithm: 'calibrated', estimator: { algorithm: 'linear_svm', tolerance: 1e-6 } },
    reference: {
      class: 'CalibratedClassifierCV',
      args: { estimator: { class: 'LinearSVC', args: tight }, cv: 5 },
      apart: 'probabilities',
    },
  },
  {
    title: 'logistic regression, multinomial',
    params: { algorithm: 'logistic_regression', tolerance: 1e-8 },
    reference: { class: 'LogisticRegression', args: { max_iter: 5000, tol: 1e-8 }, apart: 'probabilities' },
  },
  {
    title: 'logistic regression, multinomial, balanced',
    params: { algorithm: 'logistic_regression', tolerance: 1e-8, class_weight: 'balanced' },
    reference: {
      class: 'LogisticRegression',
      args: { max_iter: 5000, tol: 1e-8, class_weight: 'balanced' },
      apart: 'probabilities',
    },
  },
  {
    title: 'logistic regression, one against the rest',
    params: { algorithm: 'logistic_regression', tolerance: 1e-8, multi_class: 'one_vs_rest' },
    reference: {
      class: 'OneVsRestClassifier',
      args: { estimator: { class: 'LogisticRegression', args: { max_iter: 5000, tol: 1e-8 } } },
      apart: 'probabilities',
    },
  },
  {
    title: 'logistic regression, elastic net (half L1)',
    params: { algorithm: 'logistic_regression', tolerance: 1e-6, max_iterations: 5000, l1_ratio: 0.5 },
    reference: {
      class: 'LogisticRegression',
      args: { solver: 'saga', l1_ratio: 0.5, max_iter: 1000, tol: 1e-4, random_state: 1 },
      apart: 'probabilities',
    },
  },
  {
    title: 'naive Bayes, multinomial',
    params: { algorithm: 'naive_bayes' },
    reference: { class: 'MultinomialNB', args: {}, apart: 'probabilities' },
  },
  {
    title: 'naive Bayes, complement',
    params: { algorithm: 'naive_bayes', distribution: 'complement' },
    reference: { class: 'ComplementNB', args: {}, apart: 'probabilities' },
  },
  {
    title: 'naive Bayes, Bernoulli',
    params: { algorithm: 'naive_bayes', distribution: 'bernoulli' },
    reference: { class: 'BernoulliNB', args: {}, apart: 'probabilities' },
  },
  {
    title: 'naive Bayes, Gaussian, 300 words in full rows',
    params: { algorithm: 'naive_bayes', distribution: 'gaussian' },
    reference: { class: 'GaussianNB', args: {}, apart: 'probabilities', small: true },
  },
  {
    title: 'naive Bayes, complement, calibrated by isotonic regression on 5 folds',
    params: {
      algorithm: 'calibrated',
      method: 'isotonic',
      estimator: { algorithm: 'naive_bayes', distribution: 'complement' },
    },
    reference: {
      class: 'CalibratedClassifierCV',
      args: { estimator: { class: 'ComplementNB', args: {} }, method: 'isotonic', cv: 5 },
      apart: 'probabilities',
    },
  },
  {
    title: 'voting, soft: logistic regression twice, naive Bayes multinomial and complement once',
    params: { algorithm: 'voting', estimators: [logistic, multinomial, complement], weights: [2, 1, 1] },
    reference: {
      class: 'VotingClassifier',
      args: { estimators: theirMembers, voting: 'soft', weights: [2, 1, 1] },
      apart: 'probabilities',
    },
  },
  {
    title: 'voting, hard, of the same',
    params: { algorithm: 'voting', voting: 'hard', estimators: [logistic, multinomial, complement] },
    reference: { class: 'VotingClassifier', args: { estimators: theirMembers } },
  },
  {
    title: 'stacking of the same by logistic regression, 5 folds',
    params: {
      algorithm: 'stacking',
      estimators: [logistic, multinomial, complement],
      final_estimator: logistic,
    },
    reference: {
      class: 'StackingClassifier',
      args: { estimators: theirMembers, final_estimator: theirLogistic, cv: 5 },
      apart: 'probabilities',
    },
  },
  {
    title: 'kNN, cosine, 5',
    params: { algorithm: 'knn' },
    reference: {
      class: 'KNeighborsClassifier',
      args: { metric: 'cosine', algorithm: 'brute' },
      apart: 'probabilities',
    },
  },
  {
    title: 'kNN, Euclidean, by distance',
    params: { algorithm: 'knn', metric: 'euclidean', weights: 'distance' },
    reference: {
      class: 'KNeighborsClassifier',
      args: { algorithm: 'brute', weights: 'distance' },
      apart: 'probabilities',
    },
  },
  {
    title: 'random forest, 100 trees',
    params: { algorithm: 'random_forest' },
    reference: { class: 'RandomForestClassifier', args: {} },
    seeds: 3,
  },
  {
    title: 'extra trees, 100 trees',
    params: { algorithm: 'extra_trees' },
    reference: { class: 'ExtraTreesClassifier', args: {} },
    seeds: 3,
  },
  {
    title: 'LightGBM, 367 iterations, depth 20, rate 0.09, L1 and L2 0.1, through the binding',
    params: { algorithm: 'lightgbm', num_iterations: 367, num_threads: 1, ...lightgbm },
    reference: {
      class: 'LGBMClassifier',
      args: { n_estimators: 367, ...lightgbm, ...sameLightgbm },
      apart: 'probabilities',
    },
  },
  {
    title: 'boosted trees, 367 iterations, beside LightGBM',
    params: { algorithm: 'boosted_trees', num_iterations: 367, ...lightgbm },
    reference: {
      class: 'LGBMClassifier',
      args: { n_estimators: 367, ...lightgbm, ...sameLightgbm },
      apart: 'probabilities',
    },
  },
  {
    title: 'XGBoost, 200 iterations, depth 6, rate 0.3, hist, balanced, through the binding',
    params: { algorithm: 'xgboost', num_boost_round: 200, nthread: 1, class_weight: 'balanced' },
    reference: {
      class: 'XGBClassifier',
      args: { n_estimators: 200, n_jobs: 1, balanced: true },
      apart: 'probabilities',
    },
  },
];
