import { algorithm } from '../algorithm.ts';
import { described, flag, oneOf, orNull, real, whole, type Field } from '../fields.ts';
import { classWeightField, seedField } from '../hyperparameters.ts';
import { forest, type MaxFeatures } from './random-forest.ts';

const shareOrCount = 'must be "sqrt", "log2", null for all, a share of the columns below 1 or a number of columns';

const maxFeaturesField: Field<MaxFeatures> = described<MaxFeatures>(
  { anyOf: [{ enum: ['sqrt', 'log2', null] }, { type: 'number', exclusiveMinimum: 0 }], default: 'sqrt' },
  (given = 'sqrt') => {
    if (given === null || given === 'sqrt' || given === 'log2') return { value: given };
    const isNumber = typeof given === 'number' && given > 0 && (given < 1 || Number.isSafeInteger(given));
    return isNumber ? { value: given } : { problem: `${shareOrCount}, not ${JSON.stringify(given)}` };
  },
);

const weightField = described<Parameters<typeof forest>[1]['classWeight']>(
  { anyOf: [{ const: 'balanced_subsample' }, classWeightField.schema ?? {}], default: 'none' },
  (given) => (given === 'balanced_subsample' ? { value: given } : classWeightField(given)),
);

/** Names and defaults are scikit-learn's. */
const fields = (bootstrap: boolean) => ({
  n_estimators: whole({ min: 1, max: 100_000 }, 100),
  criterion: oneOf(['gini', 'entropy'], 'gini'),
  max_depth: orNull(whole({ min: 1 }), null),
  min_samples_split: whole({ min: 2 }, 2),
  min_samples_leaf: whole({ min: 1 }, 1),
  max_features: maxFeaturesField,
  max_leaf_nodes: orNull(whole({ min: 2 }), null),
  min_impurity_decrease: real({ min: 0 }, 0),
  bootstrap: flag(bootstrap),
  max_samples: orNull(real({ above: 0, max: 1 }), null),
  oob_score: flag(false),
  num_threads: whole({ min: 0, max: 1024 }, 0),
  class_weight: weightField,
  seed: seedField,
});

const forestAlgorithm = (name: string, splitter: 'best' | 'random', bootstrap: boolean) =>
  algorithm(name, fields(bootstrap), (values) =>
    forest(name, {
      splitter,
      trees: values.n_estimators,
      criterion: values.criterion,
      maxDepth: values.max_depth,
      minSamplesSplit: values.min_samples_split,
      minSamplesLeaf: values.min_samples_leaf,
      maxFeatures: values.max_features,
      maxLeafNodes: values.max_leaf_nodes,
      minImpurityDecrease: values.min_impurity_decrease,
      bootstrap: values.bootstrap,
      maxSamples: values.max_samples,
      oobScore: values.oob_score,
      threads: values.num_threads,
      classWeight: values.class_weight,
      seed: values.seed,
    }),
  );

export const randomForestAlgorithm = forestAlgorithm('random_forest', 'best', true);
export const extraTreesAlgorithm = forestAlgorithm('extra_trees', 'random', false);
