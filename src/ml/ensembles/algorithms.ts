import { algorithm, type Algorithm } from '../algorithm.ts';
import type { Estimator } from '../estimator.ts';
import { described, flag, listOf, oneOf, orNull, real, whole, type Field } from '../fields.ts';
import { calibrated } from './calibrated.ts';
import { stacking } from './stacking.ts';
import { voting } from './voting.ts';

/** Estimators with their defaults, for who names none. */
const quick = ['logistic_regression', 'naive_bayes', 'linear_svm'];

const orElse = <T>(field: Field<T>, fallback: () => ReturnType<Field<T>>): Field<T> =>
  described<T>(field.schema ?? {}, (given) => (given === undefined ? fallback() : field(given)));

/** Algorithms made of others, which `estimator` reads. */
export function ensembleAlgorithms(estimator: Field<Estimator>): readonly Algorithm[] {
  const list = listOf(estimator, { least: 1, most: 100 });
  const members = orElse(list, () => list(quick.map((algorithm) => ({ algorithm }))));
  const orLogistic = orElse(estimator, () => estimator({ algorithm: 'logistic_regression' }));
  const orSvm = orElse(estimator, () => estimator({ algorithm: 'linear_svm' }));
  const folds = whole({ min: 2, max: 100 }, 5);
  return [
    algorithm(
      'voting',
      {
        estimators: members,
        voting: oneOf(['soft', 'hard'], 'soft'),
        weights: orNull(listOf(real({ above: 0 }), { least: 1, most: 100 }), null),
      },
      ({ estimators, voting: way, weights }) => voting({ estimators, voting: way, weights }),
    ),
    algorithm(
      'stacking',
      { estimators: members, final_estimator: orLogistic, folds, passthrough: flag(false) },
      ({ estimators, final_estimator: final, folds, passthrough }) =>
        stacking({ estimators, finalEstimator: final, folds, passthrough }),
    ),
    algorithm('calibrated', { estimator: orSvm, method: oneOf(['sigmoid', 'isotonic'], 'sigmoid'), folds }, (values) =>
      calibrated({ estimator: values.estimator, method: values.method, folds: values.folds }),
    ),
  ];
}
