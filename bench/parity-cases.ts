import type { JsonObject } from '../src/core/json.ts';
import type { VectorizerOptions } from '../src/ml/features/vectorizer.ts';
import { defaultVectorizer } from '../src/ml/features/vectorizer.ts';

interface FeatureCase {
  readonly title: string;
  readonly options: VectorizerOptions;
  /** Of scikit-learn's TfidfVectorizer. */
  readonly args: JsonObject;
}

const words = defaultVectorizer.analyzer;
const limits = { minDf: 1, maxDf: 1, maxFeatures: 10_000 };

/** The first is what all estimators are compared on. */
export const parityFeatures: readonly FeatureCase[] = [
  {
    title: 'TF-IDF, words, 10,000',
    options: { ...defaultVectorizer, limits },
    args: { max_features: 10_000 },
  },
  {
    title: 'counts, words, all',
    options: { ...defaultVectorizer, weighting: { ...defaultVectorizer.weighting, kind: 'bow' } },
    args: { counts: true },
  },
  {
    title: 'TF-IDF, 1- to 3-grams in at least 3 texts',
    options: {
      ...defaultVectorizer,
      analyzer: { ...words, ngramMax: 3 },
      limits: { ...limits, minDf: 3, maxFeatures: null },
    },
    args: { ngram_range: [1, 3], min_df: 3 },
  },
  {
    title: 'TF-IDF, sublinear, l1, not smooth, binary',
    options: {
      ...defaultVectorizer,
      weighting: { kind: 'tfidf', binary: true, sublinear: true, smoothIdf: false, norm: 'l1' },
    },
    args: { binary: true, sublinear_tf: true, smooth_idf: false, norm: 'l1' },
  },
  {
    title: 'TF-IDF, characters within words, 2 to 5, in at least 5 texts',
    options: {
      ...defaultVectorizer,
      analyzer: { unit: 'char_wb', ngramMin: 2, ngramMax: 5 },
      limits: { ...limits, minDf: 5, maxFeatures: null },
    },
    args: { analyzer: 'char_wb', ngram_range: [2, 5], min_df: 5 },
  },
];

interface EstimatorCase {
  readonly title: string;
  /** What stands under `train` in params.yaml. */
  readonly params: JsonObject;
  /** The reference's class and arguments. `exact`: probabilities are to be compared. */
  readonly reference: { readonly class: string; readonly args: JsonObject; readonly exact?: true };
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

export const parityEstimators: readonly EstimatorCase[] = [
  {
    title: 'linear SVM, squared hinge, balanced',
    params: { algorithm: 'linear_svm', class_weight: 'balanced' },
    reference: { class: 'LinearSVC', args: { class_weight: 'balanced' } },
  },
  {
    title: 'linear SVM, hinge',
    params: { algorithm: 'linear_svm', loss: 'hinge', max_iterations: 20_000 },
    reference: { class: 'LinearSVC', args: { loss: 'hinge', max_iter: 20_000 } },
  },
  {
    title: 'logistic regression, multinomial',
    params: { algorithm: 'logistic_regression', tolerance: 1e-8 },
    reference: { class: 'LogisticRegression', args: { max_iter: 5000, tol: 1e-8 }, exact: true },
  },
  {
    title: 'naive Bayes, multinomial',
    params: { algorithm: 'naive_bayes' },
    reference: { class: 'MultinomialNB', args: {}, exact: true },
  },
  {
    title: 'naive Bayes, complement',
    params: { algorithm: 'naive_bayes', distribution: 'complement' },
    reference: { class: 'ComplementNB', args: {}, exact: true },
  },
  {
    title: 'naive Bayes, Bernoulli',
    params: { algorithm: 'naive_bayes', distribution: 'bernoulli' },
    reference: { class: 'BernoulliNB', args: {}, exact: true },
  },
  {
    title: 'kNN, cosine, 5',
    params: { algorithm: 'knn' },
    reference: { class: 'KNeighborsClassifier', args: { metric: 'cosine', algorithm: 'brute' }, exact: true },
  },
  {
    title: 'kNN, Euclidean, by distance',
    params: { algorithm: 'knn', metric: 'euclidean', weights: 'distance' },
    reference: { class: 'KNeighborsClassifier', args: { algorithm: 'brute', weights: 'distance' }, exact: true },
  },
  {
    title: 'random forest, 100 trees',
    params: { algorithm: 'random_forest' },
    reference: { class: 'RandomForestClassifier', args: { random_state: 1 } },
  },
  {
    title: 'extra trees, 100 trees',
    params: { algorithm: 'extra_trees' },
    reference: { class: 'ExtraTreesClassifier', args: { random_state: 1 } },
  },
  {
    title: 'LightGBM, 367 iterations, through the binding',
    params: { algorithm: 'lightgbm', num_iterations: 367, num_threads: 1, ...lightgbm },
    reference: { class: 'LGBMClassifier', args: { n_estimators: 367, ...lightgbm, ...sameLightgbm }, exact: true },
  },
  {
    title: 'boosted trees, 367 iterations, beside LightGBM',
    params: { algorithm: 'boosted_trees', num_iterations: 367, ...lightgbm },
    reference: { class: 'LGBMClassifier', args: { n_estimators: 367, ...lightgbm, ...sameLightgbm }, exact: true },
  },
  {
    title: 'XGBoost, 200 iterations, balanced, through the binding',
    params: { algorithm: 'xgboost', num_boost_round: 200, nthread: 1, class_weight: 'balanced' },
    reference: { class: 'XGBClassifier', args: { n_estimators: 200, n_jobs: 1, balanced: true }, exact: true },
  },
];
