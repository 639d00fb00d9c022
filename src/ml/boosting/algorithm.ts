import { algorithm } from '../algorithm.ts';
import { flag, orNull, real, whole } from '../fields.ts';
import { classWeightField, seedField } from '../hyperparameters.ts';
import { boostedTrees } from './boosted-trees.ts';

/** All that LightGBM 4 documents (docs/Parameters.rst). */
const aliases = {
  num_iterations: [
    ...['num_iteration', 'n_iter', 'num_tree', 'num_trees', 'num_round', 'num_rounds', 'nrounds', 'num_boost_round'],
    ...['n_estimators', 'max_iter'],
  ],
  learning_rate: ['shrinkage_rate', 'eta'],
  num_leaves: ['num_leaf', 'max_leaves', 'max_leaf', 'max_leaf_nodes'],
  min_data_in_leaf: ['min_data_per_leaf', 'min_data', 'min_child_samples', 'min_samples_leaf'],
  min_sum_hessian_in_leaf: ['min_sum_hessian_per_leaf', 'min_sum_hessian', 'min_hessian', 'min_child_weight'],
  lambda_l1: ['reg_alpha', 'l1_regularization'],
  lambda_l2: ['reg_lambda', 'lambda', 'l2_regularization'],
  min_gain_to_split: ['min_split_gain'],
  feature_fraction: ['sub_feature', 'colsample_bytree'],
  feature_fraction_bynode: ['sub_feature_bynode', 'colsample_bynode'],
  bagging_fraction: ['sub_row', 'subsample', 'bagging'],
  bagging_freq: ['subsample_freq'],
  bagging_seed: ['bagging_fraction_seed'],
  max_bin: ['max_bins'],
  early_stopping_round: ['early_stopping_rounds', 'early_stopping', 'n_iter_no_change'],
  seed: ['random_seed', 'random_state'],
} as const;

/** Names and, but for the number of iterations, defaults are LightGBM's. */
export const boostedTreesAlgorithm = algorithm(
  'boosted_trees',
  {
    num_iterations: whole({ min: 1, max: 100_000 }, 300),
    learning_rate: real({ above: 0 }, 0.1),
    num_leaves: whole({ min: 2, max: 65_536 }, 31),
    max_depth: whole({ min: -1 }, -1),
    min_data_in_leaf: whole({ min: 0 }, 20),
    min_sum_hessian_in_leaf: real({ min: 0 }, 1e-3),
    lambda_l1: real({ min: 0 }, 0),
    lambda_l2: real({ min: 0 }, 0),
    min_gain_to_split: real({ min: 0 }, 0),
    feature_fraction: real({ above: 0, max: 1 }, 1),
    feature_fraction_bynode: real({ above: 0, max: 1 }, 1),
    feature_fraction_seed: orNull(seedField, null),
    bagging_fraction: real({ above: 0, max: 1 }, 1),
    bagging_freq: whole({ min: 0 }, 0),
    bagging_seed: orNull(seedField, null),
    max_bin: whole({ min: 2, max: 65_536 }, 255),
    boost_from_average: flag(true),
    early_stopping_round: orNull(whole({ min: 1 }), null),
    validation_fraction: real({ above: 0, below: 1 }, 0.1),
    class_weight: classWeightField,
    seed: seedField,
    num_threads: whole({ min: 0, max: 1024 }, 0),
  },
  (values) =>
    boostedTrees({
      numIterations: values.num_iterations,
      learningRate: values.learning_rate,
      numLeaves: values.num_leaves,
      maxDepth: values.max_depth,
      minDataInLeaf: values.min_data_in_leaf,
      minSumHessianInLeaf: values.min_sum_hessian_in_leaf,
      lambdaL1: values.lambda_l1,
      lambdaL2: values.lambda_l2,
      minGainToSplit: values.min_gain_to_split,
      featureFraction: values.feature_fraction,
      featureFractionByNode: values.feature_fraction_bynode,
      featureFractionSeed: values.feature_fraction_seed,
      baggingFraction: values.bagging_fraction,
      baggingFreq: values.bagging_freq,
      baggingSeed: values.bagging_seed,
      maxBin: values.max_bin,
      boostFromAverage: values.boost_from_average,
      earlyStoppingRound: values.early_stopping_round,
      validationFraction: values.validation_fraction,
      classWeight: values.class_weight,
      seed: values.seed,
      numThreads: values.num_threads,
    }),
  aliases,
);
