import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { ClassWeight } from '../class-weight.ts';
import { classWeights } from '../class-weight.ts';
import type { Estimator, FitControl, TrainingSet } from '../estimator.ts';
import { trainingProblem } from '../estimator.ts';
import { addTransposedProduct, multiplyInto } from '../sparse/multiply.ts';
import { minimise } from './lbfgs.ts';
import type { Objective } from './lbfgs.ts';
import { LinearClassifier, outputsOf } from './linear-classifier.ts';

export interface LogisticRegressionParams {
  /** Inverse strength of the L2 penalty, which spares the intercepts. */
  readonly c: number;
  readonly classWeight: ClassWeight;
  /** Largest part of the gradient of the mean loss at which the work ends. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

const logisticRegressionDefaults: LogisticRegressionParams = {
  c: 1,
  classWeight: 'none',
  tolerance: 1e-4,
  maxIterations: 1000,
};

/**
 * Logistic regression with an L2 penalty, multinomial for three and more classes, by L-BFGS: the problem that scikit-learn's
 * LogisticRegression solves, scaled as there (mean weighted log loss + |w|^2 / (2 C sum of weights)).
 */
export function logisticRegression(params: Partial<LogisticRegressionParams> = {}): Estimator {
  const full = { ...logisticRegressionDefaults, ...params };
  return {
    algorithm: 'logistic_regression',
    params: { ...full },
    fit: (data, control) => Promise.resolve(fit(full, data, control)),
  };
}

function fit(params: LogisticRegressionParams, data: TrainingSet, control: FitControl = {}): Result<LinearClassifier> {
  const problem = trainingProblem(data);
  if (problem !== undefined) return err(problem);
  const weightOfClass = classWeights(params.classWeight, data);
  if (!weightOfClass.ok) return weightOfClass;
  const { x, y, classes } = data;
  const outputs = outputsOf(classes.length);
  const rowWeights = Float64Array.from(y, (c, row) => (weightOfClass.value[c] ?? 1) * (data.rowWeights?.[row] ?? 1));
  const solution = minimise(logLoss(data, rowWeights, params.c), new Float64Array((x.columns + 1) * outputs), {
    tolerance: params.tolerance,
    maxIterations: params.maxIterations,
    onIteration: (iteration, value) => {
      control.onProgress?.({ iteration, value });
      return control.cancelled?.() ?? false;
    },
  });
  if (solution.end === 'stopped') return err(failure('fit-cancelled', { algorithm: 'logistic_regression' }));
  return ok(
    new LinearClassifier({
      algorithm: 'logistic_regression',
      classes,
      columns: x.columns,
      weights: solution.at.slice(0, x.columns * outputs),
      intercepts: solution.at.slice(x.columns * outputs),
      sharpness: 1,
      metrics: {
        converged: solution.end === 'exhausted' ? 0 : 1,
        iterations: solution.iterations,
        objective: solution.value,
      },
    }),
  );
}

/** Of weights [columns, outputs] by rows, followed by the intercepts. */
function logLoss(data: TrainingSet, rowWeights: Float64Array, c: number): Objective {
  const { x, y, classes } = data;
  const outputs = outputsOf(classes.length);
  const size = x.columns * outputs;
  const total = rowWeights.reduce((sum, weight) => sum + weight, 0);
  const penalty = 1 / (c * total);
  const scores = new Float64Array(x.rows * outputs);
  const intercepts = new Float64Array(outputs);
  return (at, gradient) => {
    const weights = at.subarray(0, size);
    intercepts.set(at.subarray(size));
    multiplyInto(x, { rows: x.columns, columns: outputs, values: weights }, intercepts, scores);
    gradient.fill(0);
    let loss = 0;
    for (let row = 0; row < x.rows; row++) {
      const share = (rowWeights[row] ?? 0) / total;
      loss += share * lossOfRow(scores, row, outputs, (y[row] ?? 0) - (classes.length - outputs));
      for (let k = 0; k < outputs; k++) {
        const residual = share * (scores[row * outputs + k] ?? 0);
        scores[row * outputs + k] = residual;
        gradient[size + k] = (gradient[size + k] ?? 0) + residual;
      }
    }
    addTransposedProduct(x, scores, outputs, gradient);
    let square = 0;
    for (let i = 0; i < size; i++) {
      const weight = weights[i] ?? 0;
      square += weight * weight;
      gradient[i] = (gradient[i] ?? 0) + penalty * weight;
    }
    return loss + (penalty * square) / 2;
  };
}

/**
 * Log loss of one row; its scores become probability minus target. `target` is an output's number, or -1 for the first of two
 * classes, whose score is 0 and has no output.
 */
function lossOfRow(scores: Float64Array, row: number, outputs: number, target: number): number {
  const base = row * outputs;
  const fixed = outputs === 1;
  let largest = fixed ? 0 : -Infinity;
  for (let k = 0; k < outputs; k++) largest = Math.max(largest, scores[base + k] ?? 0);
  const own = target < 0 ? 0 : (scores[base + target] ?? 0);
  let sum = fixed ? Math.exp(-largest) : 0;
  for (let k = 0; k < outputs; k++) sum += Math.exp((scores[base + k] ?? 0) - largest);
  const logSum = largest + Math.log(sum);
  for (let k = 0; k < outputs; k++) {
    scores[base + k] = Math.exp((scores[base + k] ?? 0) - logSum) - (k === target ? 1 : 0);
  }
  return logSum - own;
}
