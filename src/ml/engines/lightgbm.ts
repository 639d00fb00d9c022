import { algorithm } from '../algorithm.ts';
import { flag, oneOf, orNull, real, whole } from '../fields.ts';
import { classWeightField, seedField } from '../hyperparameters.ts';
import { boostedTrees } from './boost.ts';
import { openLightgbm } from './lightgbm-booster.ts';
import { fieldsOf, givenOf, parameter } from './parameters.ts';

const share = real({ above: 0, max: 1 });
const positive = real({ min: 0 });
const count = whole({ min: 0 });

/** Names and aliases as in LightGBM 4's Parameters.rst. Objective and number of classes follow from the labels. */
const parameters = {
  boosting: parameter(oneOf(['gbdt', 'rf', 'dart']), 'boosting_type', 'boost'),
  data_sample_strategy: parameter(oneOf(['bagging', 'goss'])),
  learning_rate: parameter(real({ above: 0 }), 'shrinkage_rate', 'eta'),
  num_leaves: parameter(whole({ min: 2, max: 131_072 }), 'num_leaf', 'max_leaves', 'max_leaf', 'max_leaf_nodes'),
  max_depth: parameter(whole({ min: -1 })),
  min_data_in_leaf: parameter(count, 'min_data_per_leaf', 'min_data', 'min_child_samples', 'min_samples_leaf'),
  min_sum_hessian_in_leaf: parameter(
    positive,
    ...['min_sum_hessian_per_leaf', 'min_sum_hessian', 'min_hessian', 'min_child_weight'],
  ),
  lambda_l1: parameter(positive, 'reg_alpha', 'l1_regularization'),
  lambda_l2: parameter(positive, 'reg_lambda', 'lambda', 'l2_regularization'),
  min_gain_to_split: parameter(positive, 'min_split_gain'),
  max_delta_step: parameter(real({}), 'max_tree_output', 'max_leaf_output'),
  path_smooth: parameter(positive),
  feature_fraction: parameter(share, 'sub_feature', 'colsample_bytree'),
  feature_fraction_bynode: parameter(share, 'sub_feature_bynode', 'colsample_bynode'),
  bagging_fraction: parameter(share, 'sub_row', 'subsample', 'bagging'),
  bagging_freq: parameter(count, 'subsample_freq'),
  extra_trees: parameter(flag(), 'extra_tree'),
  drop_rate: parameter(real({ min: 0, max: 1 }), 'rate_drop'),
  max_drop: parameter(whole({})),
  skip_drop: parameter(real({ min: 0, max: 1 })),
  top_rate: parameter(real({ min: 0, max: 1 })),
  other_rate: parameter(real({ min: 0, max: 1 })),
  max_bin: parameter(whole({ min: 2 }), 'max_bins'),
  min_data_in_bin: parameter(whole({ min: 1 })),
  bin_construct_sample_cnt: parameter(whole({ min: 1 }), 'subsample_for_bin'),
  enable_bundle: parameter(flag(), 'is_enable_bundle', 'bundle'),
  feature_pre_filter: parameter(flag()),
  zero_as_missing: parameter(flag()),
  num_threads: parameter(whole({ min: 0 }), 'num_thread', 'nthread', 'nthreads', 'n_jobs'),
  deterministic: parameter(flag()),
  force_row_wise: parameter(flag()),
  force_col_wise: parameter(flag()),
};

const rounds = {
  num_iterations: parameter(
    whole({ min: 1, max: 1_000_000 }),
    ...['num_iteration', 'n_iter', 'num_tree', 'num_trees', 'num_round', 'num_rounds', 'nrounds', 'num_boost_round'],
    ...['n_estimators', 'max_iter'],
  ),
  early_stopping_round: parameter(
    whole({ min: 1 }),
    ...['early_stopping_rounds', 'early_stopping', 'n_iter_no_change'],
  ),
};

/** Trees by the library LightGBM. */
export const lightgbmAlgorithm = algorithm(
  'lightgbm',
  {
    ...fieldsOf(parameters),
    ...fieldsOf(rounds),
    class_weight: classWeightField,
    validation_fraction: real({ above: 0, below: 1 }, 0.1),
    seed: seedField,
    random_state: orNull(seedField, null),
  },
  (values) => {
    const { num_iterations: iterations = 100, early_stopping_round: patience } = givenOf(rounds, values);
    const given = givenOf(parameters, values);
    const seed = values.random_state ?? values.seed;
    return boostedTrees(
      'lightgbm',
      {
        iterations: Number(iterations),
        classWeight: values.class_weight,
        patience: patience === undefined ? null : Number(patience),
        validationFraction: values.validation_fraction,
        seed,
        given: { ...reproducible(given), ...given, seed },
      },
      openLightgbm,
    );
  },
);

/** Without these two LightGBM picks its way of working by what is faster at the moment, and sums come in another order. */
const reproducible = (given: Readonly<Record<string, unknown>>): Record<string, boolean> => ({
  deterministic: true,
  ...('force_row_wise' in given || 'force_col_wise' in given ? {} : { force_row_wise: true }),
});
