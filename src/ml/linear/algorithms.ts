import { algorithm } from '../algorithm.ts';
import { oneOf, orNull, real, whole } from '../fields.ts';
import type { ValuesOf } from '../fields.ts';
import { classWeightField, seedField } from '../hyperparameters.ts';
import { linearSvm } from './linear-svm.ts';
import { logisticRegression } from './logistic-regression.ts';

const common = {
  c: real({ above: 0 }, 1),
  class_weight: classWeightField,
  /** Null is the algorithm's own. */
  tolerance: orNull(real({ above: 0 }), null),
  max_iterations: whole({ min: 1 }, 1000),
};

export const linearSvmAlgorithm = algorithm(
  'linear_svm',
  {
    ...common,
    loss: oneOf(['hinge', 'squared_hinge'], 'squared_hinge'),
    calibration_folds: whole({ min: 2, max: 20 }, 3),
    seed: seedField,
  },
  (values) =>
    linearSvm({
      ...shared(values),
      loss: values.loss,
      calibrationFolds: values.calibration_folds,
      seed: values.seed,
    }),
);

export const logisticRegressionAlgorithm = algorithm(
  'logistic_regression',
  {
    ...common,
    l1_ratio: real({ min: 0, max: 1 }, 0),
    multi_class: oneOf(['multinomial', 'one_vs_rest'], 'multinomial'),
  },
  (values) => logisticRegression({ ...shared(values), l1Ratio: values.l1_ratio, multiClass: values.multi_class }),
);

const shared = (values: ValuesOf<typeof common>) => ({
  c: values.c,
  classWeight: values.class_weight,
  maxIterations: values.max_iterations,
  ...(values.tolerance === null ? {} : { tolerance: values.tolerance }),
});
