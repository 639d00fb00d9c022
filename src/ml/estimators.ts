import type { JsonValue } from '../core/json.ts';
import type { ClassWeight } from './class-weight.ts';
import type { Estimator, FittedClassifier } from './estimator.ts';
import { oneOf, orNull, real, text, whole } from './fields.ts';
import type { Field, ValuesOf } from './fields.ts';
import type { Parts } from './io/parts.ts';
import { linearFromParts } from './linear/linear-classifier.ts';
import { linearSvm } from './linear/linear-svm.ts';
import { logisticRegression } from './linear/logistic-regression.ts';

const classWeight: Field<ClassWeight> = (given) => {
  if (given === undefined || given === null || given === 'none') return { value: 'none' };
  if (given === 'balanced') return { value: 'balanced' };
  if (isWeights(given)) return { value: given };
  return { problem: `must be "none", "balanced" or a number a label, not ${JSON.stringify(given)}` };
};

const isWeights = (given: JsonValue): given is Readonly<Record<string, number>> =>
  typeof given === 'object' &&
  given !== null &&
  !Array.isArray(given) &&
  Object.values(given).every((weight) => typeof weight === 'number' && weight > 0);

const algorithms = ['linear_svm', 'logistic_regression'] as const;

/** What params.yaml may say under `train`, with the defaults. A parameter that the algorithm has not is ignored by it. */
export const trainFields = {
  name: text('model'),
  algorithm: oneOf(algorithms, 'linear_svm'),
  c: real({ above: 0 }, 1),
  class_weight: classWeight,
  loss: oneOf(['hinge', 'squared_hinge'], 'squared_hinge'),
  tolerance: orNull(real({ above: 0 }), null),
  max_iterations: whole({ min: 1 }, 1000),
  calibration_folds: whole({ min: 2, max: 20 }, 3),
  seed: whole({ min: 0, max: 2 ** 32 - 1 }, 42),
};

export type TrainParams = ValuesOf<typeof trainFields>;

/** The estimator that the parameters name. A null tolerance is the algorithm's own. */
export function createEstimator(params: TrainParams): Estimator {
  const common = {
    c: params.c,
    classWeight: params.class_weight,
    maxIterations: params.max_iterations,
    ...(params.tolerance === null ? {} : { tolerance: params.tolerance }),
  };
  switch (params.algorithm) {
    case 'linear_svm':
      return linearSvm({
        ...common,
        loss: params.loss,
        calibrationFolds: params.calibration_folds,
        seed: params.seed,
      });
    case 'logistic_regression':
      return logisticRegression(common);
  }
}

/** Reads back a fitted classifier of any algorithm; a text says what is wrong with its parts. */
export function classifierFromParts(
  parts: Parts,
  known: Pick<FittedClassifier, 'algorithm' | 'classes' | 'metrics'>,
): FittedClassifier | string {
  const { kind } = parts.meta;
  return kind === 'linear' ? linearFromParts(parts, known) : `its kind of model is not known: ${JSON.stringify(kind)}`;
}
