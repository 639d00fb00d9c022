import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { seededRandom, shuffle } from '../../core/random.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { FitControl } from '../estimator.ts';
import { csrProblem } from '../sparse/csr.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { pointLoss, type PointLossOptions, type RegressionObjectiveName } from './objectives/point-losses.ts';
import { PointObjective } from './objectives/point-objective.ts';
import { growOnProblem } from './join-ensembles.ts';
import type { Objective, Start } from './objectives/objective.ts';
import { train } from './train.ts';
import { trainDefaults, type TrainParams } from './train-params.ts';
import { TreeRegressor } from './tree-regressor.ts';

export interface BoostedRegressionParams extends TrainParams, PointLossOptions {
  readonly objective: RegressionObjectiveName;
}

/** Rows with the number that each is to tell. */
export interface RegressionSet {
  readonly x: CsrMatrix;
  /** Finite, one a row. */
  readonly y: Float64Array;
  /** One a row, not negative; a weight of 2 is the row standing there twice. */
  readonly rowWeights?: Float64Array;
}

/** Learns numbers; asynchronous as an Estimator is. */
export interface Regression {
  readonly params: BoostedRegressionParams;
  fit(data: RegressionSet, control?: FitControl): Promise<Result<TreeRegressor>>;
}

/**
 * Boosted trees that tell a number: LightGBM's objectives `regression` (the mean), `regression_l1` (the median), `quantile` (that of
 * `alpha`) and `poisson` (the mean of counts), with its defaults for what is not given.
 */
export function boostedRegression(given: Partial<BoostedRegressionParams> = {}, { initModel }: GoOn = {}): Regression {
  const params: BoostedRegressionParams = {
    ...trainDefaults,
    objective: 'regression',
    alpha: 0.9,
    poissonMaxDeltaStep: 0.7,
    ...given,
  };
  return { params, fit: (data, control = {}) => fit(params, { data, control, initModel }) };
}

interface GoOn {
  /** A model that training goes on from: its trees stay, and new ones are grown on them. */
  readonly initModel?: TreeRegressor;
}

interface Work {
  readonly data: RegressionSet;
  readonly control: FitControl;
  readonly initModel: TreeRegressor | undefined;
}

const algorithm = 'boosted_regression';

async function fit(
  params: BoostedRegressionParams,
  { data, control, initModel }: Work,
): Promise<Result<TreeRegressor>> {
  const problem = regressionProblem(data, params.objective) ?? initProblem(params, data, initModel);
  if (problem !== undefined) return err(problem);
  const { x, y, rowWeights } = data;
  const loss = pointLoss(params.objective, params);
  const picked = (values: Float64Array, rows: Int32Array): Float64Array =>
    Float64Array.from(rows, (row) => values[row] ?? 0);
  const objectiveOf = (rows: Int32Array | undefined, start: Start): Objective => {
    const own = rows === undefined ? y : picked(y, rows);
    const weights = rows === undefined || rowWeights === undefined ? rowWeights : picked(rowWeights, rows);
    return new PointObjective(loss, { y: own, weights }, start);
  };
  const heldOut = heldOutRows(params, x.rows);
  if (heldOut?.length === x.rows)
    return err(failure('training-data-invalid', { problem: 'all rows would be held out' }));
  const trained = await train({ algorithm, x, params, control, heldOut, initial: initModel?.trees, objectiveOf });
  if (!trained.ok) return trained;
  const { trees, metrics } = trained.value;
  return ok(new TreeRegressor({ objective: params.objective, metrics }, trees));
}

function initProblem(
  { objective }: BoostedRegressionParams,
  { x }: RegressionSet,
  model: TreeRegressor | undefined,
): Failure | undefined {
  if (model === undefined) return undefined;
  const refused = (problem: string): Failure => failure('learning-param', { param: 'init_model', problem, near: [] });
  if ((model.objective === 'poisson') !== (objective === 'poisson'))
    return refused(`tells ${model.objective}, not ${objective}`);
  const problem = growOnProblem(model.trees, { columns: x.columns, outputs: [1] });
  return problem === undefined ? undefined : refused(problem);
}

/** Drawn from all rows alike. */
function heldOutRows(
  { earlyStoppingRound, validationFraction, seed }: TrainParams,
  rows: number,
): Int32Array | undefined {
  if (earlyStoppingRound === null) return undefined;
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  shuffle(order, seededRandom(seed));
  return order.subarray(0, Math.ceil(rows * validationFraction)).sort();
}

function regressionProblem(
  { x, y, rowWeights }: RegressionSet,
  objective: RegressionObjectiveName,
): Failure | undefined {
  const invalid = (problem: string): Failure => failure('training-data-invalid', { problem });
  const problem = csrProblem(x, 'finite or missing');
  if (problem !== undefined) return invalid(problem);
  if (x.rows === 0) return invalid('there is no row');
  if (y.length !== x.rows) return invalid(`${y.length} numbers to tell for ${x.rows} rows`);
  const odd = y.findIndex((value) => !(Math.abs(value) <= mostTarget));
  if (odd >= 0) return invalid(`the number to tell of row ${odd} is ${y[odd] ?? NaN}`);
  if (rowWeights !== undefined) {
    if (rowWeights.length !== x.rows) return invalid(`${rowWeights.length} weights for ${x.rows} rows`);
    if (!rowWeights.every((weight) => weight >= 0 && Number.isFinite(weight)))
      return invalid('a row weight is negative or not finite');
    if (!rowWeights.some((weight) => weight > 0)) return invalid('all rows have the weight 0');
  }
  if (objective !== 'poisson') return undefined;
  const negative = y.findIndex((value) => value < 0);
  if (negative >= 0)
    return invalid(`poisson tells no negative numbers, but that of row ${negative} is ${y[negative] ?? NaN}`);
  const isAnything = y.some((value, row) => value > 0 && (rowWeights?.[row] ?? 1) > 0);
  return isAnything ? undefined : invalid('poisson needs a number above 0, but all are 0');
}

/** Squares of differences, summed over all rows, stay finite. */
const mostTarget = 1e100;
