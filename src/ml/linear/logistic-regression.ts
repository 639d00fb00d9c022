import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { ClassWeight } from '../class-weight.ts';
import type { Estimator, FitControl, TrainingSet } from '../estimator.ts';
import { minimise } from './lbfgs.ts';
import { weighRows } from '../weighted-rows.ts';
import { LinearClassifier, outputsOf } from './linear-classifier.ts';
import { curvatures, logLoss } from './log-loss.ts';
import type { LogLossProblem } from './log-loss.ts';
import { minimiseSparse } from './owlqn.ts';

export interface LogisticRegressionParams {
  /** Inverse strength of the penalty, which spares the intercepts. */
  readonly c: number;
  /** Share of the penalty that is L1; the rest is L2. */
  readonly l1Ratio: number;
  /** With three and more classes: one model of all, or one a class against the others. */
  readonly multiClass: 'multinomial' | 'one_vs_rest';
  readonly classWeight: ClassWeight;
  /** Largest part of the gradient of the mean loss at which the work ends. */
  readonly tolerance: number;
  readonly maxIterations: number;
}

const logisticRegressionDefaults: LogisticRegressionParams = {
  c: 1,
  l1Ratio: 0,
  multiClass: 'multinomial',
  classWeight: 'none',
  tolerance: 1e-4,
  maxIterations: 1000,
};

/**
 * Logistic regression with an elastic-net penalty, multinomial or one class against the rest: the problem that scikit-learn's LogisticRegression
 * solves, scaled as there (mean weighted log loss + ((1 - r) |w|^2 / 2 + r |w|_1) / (C sum of weights)), by L-BFGS, and with L1 by OWL-QN.
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
  const weighed = weighRows(params.classWeight, data);
  if (!weighed.ok) return weighed;
  const { classes, x } = data;
  const problem = { x, y: data.y, classes: classes.length, rowWeights: weighed.value.weights };
  const parted = params.multiClass === 'one_vs_rest' && classes.length > 2;
  const solution = parted ? solveEach(params, problem, data.classes, control) : solve(params, problem, control);
  if (solution === undefined) return err(failure('fit-cancelled', { algorithm: 'logistic_regression' }));
  const { metrics, weights, intercepts } = solution;
  const known = { algorithm: 'logistic_regression', classes, metrics };
  const link = parted ? ('one_vs_rest' as const) : ('softmax' as const);
  return ok(new LinearClassifier({ ...known, columns: x.columns, weights, intercepts, sharpness: 1, link }));
}

interface Solution {
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly metrics: { readonly converged: number; readonly iterations: number; readonly objective: number };
}

/** Undefined when cancelled. */
function solve(
  params: LogisticRegressionParams,
  problem: LogLossProblem,
  control: FitControl,
  part?: string,
): Solution | undefined {
  const outputs = outputsOf(problem.classes);
  const size = problem.x.columns * outputs;
  const total = problem.rowWeights.reduce((sum, weight) => sum + weight, 0);
  const squarePenalty = (1 - params.l1Ratio) / (params.c * total);
  const objective = logLoss(problem, total, squarePenalty);
  const start = new Float64Array(size + outputs);
  const settings = {
    curvatures: curvatures(problem, total, squarePenalty),
    tolerance: params.tolerance,
    maxIterations: params.maxIterations,
    onIteration: (iteration: number, value: number) => {
      control.onProgress?.({ iteration, value, ...(part === undefined ? {} : { part }) });
      return control.cancelled?.() ?? false;
    },
  };
  const penalty = new Float64Array(start.length).fill(params.l1Ratio / (params.c * total), 0, size);
  const found =
    params.l1Ratio === 0 ? minimise(objective, start, settings) : minimiseSparse(objective, penalty, start, settings);
  if (found.end === 'stopped') return undefined;
  const converged = found.end === 'exhausted' ? 0 : 1;
  const metrics = { converged, iterations: found.iterations, objective: found.value };
  return { weights: found.at.slice(0, size), intercepts: found.at.slice(size), metrics };
}

/** One problem of two classes for each class: it, against all others. */
function solveEach(
  params: LogisticRegressionParams,
  { x, y, classes, rowWeights }: LogLossProblem,
  names: readonly string[],
  control: FitControl,
): Solution | undefined {
  const weights = new Float64Array(x.columns * classes);
  const intercepts = new Float64Array(classes);
  let metrics = { converged: 1, iterations: 0, objective: 0 };
  for (const [own, name] of names.entries()) {
    const against = { x, y: y.map((c) => Number(c === own)), classes: 2, rowWeights };
    const solution = solve(params, against, control, name);
    if (solution === undefined) return undefined;
    solution.weights.forEach((weight, column) => (weights[column * classes + own] = weight));
    intercepts[own] = solution.intercepts[0] ?? 0;
    const { converged, iterations, objective } = solution.metrics;
    metrics = {
      converged: Math.min(metrics.converged, converged),
      iterations: metrics.iterations + iterations,
      objective: metrics.objective + objective,
    };
  }
  return { weights, intercepts, metrics };
}
