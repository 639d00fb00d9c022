import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { algorithm } from '../algorithm.ts';
import type { Estimator, FitControl, FittedClassifier, TrainingSet } from '../estimator.ts';
import { real, whole } from '../fields.ts';
import { allSane } from '../io/parts.ts';
import { LinearClassifier, outputsOf } from '../linear/linear-classifier.ts';
import { findPackage, type FindPackage } from './find-package.ts';
import { fullRows, noClassWeight, rowsOf, timesOfRows } from './full-rows.ts';
import { trainLogisticRegression } from './logistic-regression-thread.ts';
import { onOwnThread } from './own-thread.ts';

const name = 'ml_logistic_regression';
const npmPackage = 'ml-logistic-regression';
const instead = 'logistic_regression';

/** Cells times steps times labels; the package takes 20 to 40 ns each, so this is two minutes or three. */
const mostWork = 5e9;
const nsEach = 30;

interface Params {
  readonly numSteps: number;
  readonly learningRate: number;
}

/** Gradient descent by the npm package ml-logistic-regression, one model a label against all others, without an intercept. */
export const mlLogisticRegressionAlgorithm = algorithm(
  name,
  {
    num_steps: whole({ min: 1 }, 50_000),
    learning_rate: real({ above: 0 }, 5e-4),
    class_weight: noClassWeight,
  },
  (values) => mlLogisticRegression({ numSteps: values.num_steps, learningRate: values.learning_rate }),
);

export function mlLogisticRegression(params: Params, find: FindPackage = findPackage): Estimator {
  return {
    algorithm: name,
    params: { ...params },
    fit: async (data, control = {}) => fit({ params, find }, data, control),
  };
}

interface Given {
  readonly params: Params;
  readonly find: FindPackage;
}

async function fit(given: Given, data: TrainingSet, control: FitControl): Promise<Result<FittedClassifier>> {
  const times = timesOfRows(data, npmPackage);
  if (!times.ok) return times;
  const problem = limitProblem(given.params, rowsOf(times.value), data);
  if (problem !== undefined) return err(failure('npm-package-limit', { algorithm: name, problem, instead }));
  const path = given.find(npmPackage);
  if (path === undefined) return err(failure('npm-package-missing', { algorithm: name, package: npmPackage, instead }));
  const task = { path, ...fullRows(data, times.value), classes: data.classes, ...given.params };
  const trained = await onOwnThread(trainLogisticRegression, task, control);
  if (trained === undefined) return err(failure('fit-cancelled', { algorithm: name }));
  const failed = (why: string): Result<never> =>
    err(failure('npm-package-failed', { package: npmPackage, problem: why }));
  if ('problem' in trained) return failed(trained.problem);
  if (!allSane(trained.answer)) return failed('its weights ran away: lower learning_rate');
  return ok(classifierOf(trained.answer, data));
}

function limitProblem({ numSteps }: Params, rows: number, { x, classes }: TrainingSet): string | undefined {
  const work = rows * x.columns * numSteps * classes.length;
  if (work <= mostWork) return undefined;
  const minutes = Math.ceil((work * nsEach) / 60e9);
  return `${rows} rows x ${x.columns} columns, ${numSteps} steps and ${classes.length} labels would take about ${minutes} minutes`;
}

/**
 * The package's models say how likely a row is *not* of their label, and it answers the label with the least. Of two labels the second's weights are the
 * first's with the other sign.
 */
function classifierOf(against: Float64Array, { x, classes }: TrainingSet): LinearClassifier {
  const { columns } = x;
  const outputs = outputsOf(classes.length);
  const first = classes.length - outputs;
  const weights = new Float64Array(columns * outputs);
  for (let output = 0; output < outputs; output++) {
    for (let column = 0; column < columns; column++)
      weights[column * outputs + output] = -(against[(first + output) * columns + column] ?? 0);
  }
  return new LinearClassifier({
    algorithm: name,
    classes,
    columns,
    weights,
    intercepts: new Float64Array(outputs),
    sharpness: 1,
    ...(outputs === 1 ? {} : { link: 'one_vs_rest' }),
    metrics: {},
  });
}
