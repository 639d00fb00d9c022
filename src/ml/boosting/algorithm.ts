import { algorithm } from '../algorithm.ts';
import { real, whole } from '../fields.ts';
import { classWeightField, seedField } from '../hyperparameters.ts';
import { boostedTrees } from './boosted-trees.ts';

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
    max_bin: whole({ min: 2, max: 65_536 }, 255),
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
      maxBin: values.max_bin,
      classWeight: values.class_weight,
      seed: values.seed,
      numThreads: values.num_threads,
    }),
);
