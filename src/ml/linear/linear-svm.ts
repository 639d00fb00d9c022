import { failure } from '../../core/failure.ts';
import { seededRandom } from '../../core/random.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { ClassWeight } from '../class-weight.ts';
import { classWeights } from '../class-weight.ts';
import { stratifiedFolds } from '../data/split.ts';
import type { Estimator, FitControl, TrainingSet } from '../estimator.ts';
import { largestOfRows, trainingProblem } from '../estimator.ts';
import { accuracyOf, macroF1Of } from '../metrics/classification.ts';
import { multiplyInto } from '../sparse/multiply.ts';
import { dualRows, solveDual } from './dual-coordinate-descent.ts';
import type { DualRows } from './dual-coordinate-descent.ts';
import { LinearClassifier, outputsOf, softmaxOfScores } from './linear-classifier.ts';
import { fitSharpness } from './sharpness.ts';

export interface LinearSvmParams {
  readonly c: number;
  readonly loss: 'hinge' | 'squared_hinge';
  readonly classWeight: ClassWeight;
  /** Value of the column that carries the intercept, as liblinear's; 0 for none. */
  readonly interceptScaling: number;
  /** Largest difference of projected gradients at the end. At 0.01 the objective is within 1e-6 of its least value. */
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly seed: number;
  /** Held-out folds that probabilities are fitted on. */
  readonly calibrationFolds: number;
}

const linearSvmDefaults: LinearSvmParams = {
  c: 1,
  loss: 'squared_hinge',
  classWeight: 'none',
  interceptScaling: 1,
  tolerance: 1e-2,
  maxIterations: 1000,
  seed: 0,
  calibrationFolds: 3,
};

/** Calibration asks only where held-out scores lie: after these passes the factor that they give stays the same to 2 digits. */
const foldPasses = 8;

/**
 * L2-regularised linear support vector machine, one class against the rest, as liblinear's and so scikit-learn's LinearSVC.
 * Its label is the class of the largest score; probabilities come from one factor on the scores (see sharpness.ts).
 */
export function linearSvm(params: Partial<LinearSvmParams> = {}): Estimator {
  const full = { ...linearSvmDefaults, ...params };
  return {
    algorithm: 'linear_svm',
    params: { ...full },
    fit: (data, control) => Promise.resolve(fit(full, data, control)),
  };
}

function fit(params: LinearSvmParams, data: TrainingSet, control: FitControl = {}): Result<LinearClassifier> {
  const problem = trainingProblem(data);
  if (problem !== undefined) return err(problem);
  const weights = classWeights(params.classWeight, data);
  if (!weights.ok) return weights;
  const work = { data, rows: dualRows(data.x, params.interceptScaling), weightOfClass: weights.value };
  const solution = solveAll(params, work, control);
  const calibration = calibrate(params, work, control);
  if (solution === undefined || calibration === undefined) {
    return err(failure('fit-cancelled', { algorithm: 'linear_svm' }));
  }
  const { converged, ...machine } = solution;
  return ok(
    new LinearClassifier({
      algorithm: 'linear_svm',
      classes: data.classes,
      columns: data.x.columns,
      ...machine,
      sharpness: calibration.sharpness,
      metrics: { converged: converged ? 1 : 0, ...calibration.metrics },
    }),
  );
}

/** What all machines learn from. */
interface Work {
  readonly data: TrainingSet;
  /** Those of the data. */
  readonly rows: DualRows;
  readonly weightOfClass: Float64Array;
}

interface Solution {
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly converged: boolean;
}

/** One machine a class (one in all for two classes), its weights laid out [columns, outputs]; undefined when cancelled. */
function solveAll(
  params: LinearSvmParams,
  work: Work,
  control: FitControl,
  isSeen: (row: number) => boolean = () => true,
): Solution | undefined {
  const { x, y, classes } = work.data;
  const outputs = outputsOf(classes.length);
  const random = seededRandom(params.seed);
  const weights = new Float64Array(x.columns * outputs);
  const intercepts = new Float64Array(outputs);
  let converged = true;
  for (let output = 0; output < outputs; output++) {
    const positive = classes.length === 2 ? 1 : output;
    const part = classes[positive] ?? '';
    const costs = rowCosts(params.c, work, positive).map((cost, row) => (isSeen(row) ? cost : 0));
    const solution = solveDual(
      work.rows,
      { signs: signsOf(y, positive), costs, loss: params.loss },
      {
        tolerance: params.tolerance,
        maxIterations: params.maxIterations,
        random,
        onPass: (iteration, value) => {
          control.onProgress?.({ iteration, value, part });
          return control.cancelled?.() ?? false;
        },
      },
    );
    if (solution.end === 'stopped') return undefined;
    converged &&= solution.end === 'converged';
    for (let column = 0; column < x.columns; column++)
      weights[column * outputs + output] = solution.weights[column] ?? 0;
    intercepts[output] = (solution.weights[x.columns] ?? 0) * params.interceptScaling;
  }
  return { weights, intercepts, converged };
}

/** As liblinear: against the rest, a class's weight counts for its own rows only; with two classes both weights count. */
function rowCosts(c: number, { data, weightOfClass }: Work, positive: number): Float64Array {
  const two = data.classes.length === 2;
  const { y, rowWeights } = data;
  const costs = new Float64Array(y.length);
  for (let row = 0; row < y.length; row++) {
    const label = y[row] ?? 0;
    const weight = two || label === positive ? (weightOfClass[label] ?? 1) : 1;
    costs[row] = c * weight * (rowWeights?.[row] ?? 1);
  }
  return costs;
}

function signsOf(y: Int32Array, positive: number): Int8Array {
  const signs = new Int8Array(y.length);
  for (let row = 0; row < y.length; row++) signs[row] = y[row] === positive ? 1 : -1;
  return signs;
}

interface Calibration {
  readonly sharpness: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Scores every row by a machine that has not seen it, and fits the sharpness on those. Undefined when cancelled. */
function calibrate(params: LinearSvmParams, work: Work, control: FitControl): Calibration | undefined {
  const { x, y, classes } = work.data;
  const folds = params.calibrationFolds;
  const outputs = outputsOf(classes.length);
  const foldOf = stratifiedFolds(y, classes.length, folds, params.seed);
  const scores = new Float64Array(x.rows * outputs);
  const ofFold = { ...params, maxIterations: Math.min(params.maxIterations, foldPasses) };
  const quiet = control.cancelled === undefined ? {} : { cancelled: control.cancelled.bind(control) };
  for (let fold = 0; fold < folds; fold++) {
    const solution = solveAll(ofFold, work, quiet, (row) => foldOf[row] !== fold);
    if (solution === undefined) return undefined;
    const weights = { rows: x.columns, columns: outputs, values: solution.weights };
    const heldOut = Int32Array.from(foldOf.keys()).filter((row) => foldOf[row] === fold);
    multiplyInto({ x, w: weights, offset: solution.intercepts }, scores, heldOut);
  }
  const predicted = largestOfRows(softmaxOfScores(scores, classes.length, 1), classes.length);
  return {
    sharpness: fitSharpness(scores, y, classes.length),
    metrics: {
      held_out_accuracy: accuracyOf(y, predicted),
      held_out_macro_f1: macroF1Of(y, predicted, classes.length),
    },
  };
}
