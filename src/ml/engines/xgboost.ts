import { algorithm } from '../algorithm.ts';
import { oneOf, orNull, real, whole } from '../fields.ts';
import { classWeightField, seedField } from '../hyperparameters.ts';
import { boostedTrees } from './boost.ts';
import { fieldsOf, givenOf, parameter } from './parameters.ts';
import { openXgboost } from './xgboost-booster.ts';

const share = real({ above: 0, max: 1 });
const positive = real({ min: 0 });
const count = whole({ min: 0 });

/** Names and aliases as in XGBoost 3's parameter.rst. Objective and number of classes follow from the labels. */
const parameters = {
  booster: parameter(oneOf(['gbtree', 'dart'])),
  learning_rate: parameter(real({ min: 0 }), 'eta'),
  gamma: parameter(positive, 'min_split_loss'),
  max_depth: parameter(count),
  min_child_weight: parameter(positive),
  max_delta_step: parameter(positive),
  subsample: parameter(share),
  colsample_bytree: parameter(share),
  colsample_bylevel: parameter(share),
  colsample_bynode: parameter(share),
  lambda: parameter(positive, 'reg_lambda'),
  alpha: parameter(positive, 'reg_alpha'),
  tree_method: parameter(oneOf(['auto', 'exact', 'approx', 'hist'])),
  grow_policy: parameter(oneOf(['depthwise', 'lossguide'])),
  max_leaves: parameter(count),
  max_bin: parameter(whole({ min: 2 })),
  num_parallel_tree: parameter(whole({ min: 1 })),
  base_score: parameter(real({})),
  rate_drop: parameter(real({ min: 0, max: 1 })),
  skip_drop: parameter(real({ min: 0, max: 1 })),
  nthread: parameter(whole({ min: 0 }), 'n_jobs', 'num_threads'),
};

const rounds = {
  n_estimators: parameter(whole({ min: 1, max: 1_000_000 }), 'num_boost_round', 'num_round'),
  early_stopping_rounds: parameter(whole({ min: 1 })),
};

/** Trees by the library XGBoost. */
export const xgboostAlgorithm = algorithm(
  'xgboost',
  {
    ...fieldsOf(parameters),
    ...fieldsOf(rounds),
    class_weight: classWeightField,
    validation_fraction: real({ above: 0, below: 1 }, 0.1),
    seed: seedField,
    random_state: orNull(seedField, null),
  },
  (values) => {
    const { n_estimators: iterations = 100, early_stopping_rounds: patience } = givenOf(rounds, values);
    const seed = values.random_state ?? values.seed;
    return boostedTrees(
      'xgboost',
      {
        iterations: Number(iterations),
        classWeight: values.class_weight,
        patience: patience === undefined ? null : Number(patience),
        validationFraction: values.validation_fraction,
        seed,
        given: { ...givenOf(parameters, values), seed },
      },
      openXgboost,
    );
  },
);
