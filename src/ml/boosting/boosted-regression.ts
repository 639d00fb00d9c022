import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { FitControl } from '../estimator.ts';
import { csrProblem } from '../sparse/csr.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { pointLoss, type PointLossOptions, type RegressionObjectiveName } from './objectives/point-losses.ts';
import { PointObjective } from './objectives/point-objective.ts';
import { train, trainDefaults, type TrainParams } from './train.ts';
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
export function boostedRegression(given: Partial<BoostedRegressionParams> = {}): Regression {
  const params: BoostedRegressionParams = {
    ...trainDefaults,
    objective: 'regression',
    alpha: 0.9,
    poissonMaxDeltaStep: 0.7,
    ...given,
  };
  return { params, fit: (data, control) => fit(params, data, control) };
}

async function fit(
  params: BoostedRegressionParams,
  data: RegressionSet,
  control: FitControl = {},
): Promise<Result<TreeRegressor>> {
  const problem = regressionProblem(data, params.objective);
  if (problem !== undefined) return err(problem);
  const loss = pointLoss(params.objective, params);
  const objective = new PointObjective(
    loss,
    { y: data.y, weights: data.rowWeights },
    { fromAverage: params.boostFromAverage },
  );
  const trained = await train(data.x, objective, params, { algorithm: 'boosted_regression', control });
  if (!trained.ok) return trained;
  const { trees, metrics } = trained.value;
  return ok(new TreeRegressor({ objective: params.objective, metrics }, trees));
}

function regressionProblem(
  { x, y, rowWeights }: RegressionSet,
  objective: RegressionObjectiveName,
): Failure | undefined {
  const invalid = (problem: string): Failure => failure('training-data-invalid', { problem });
  const problem = csrProblem(x);
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
