import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { FitControl } from '../estimator.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import type { TreeEnsemble } from '../trees/ensemble.ts';
import { ThreadError } from '../threads/pool.ts';
import { binMatrix } from './binned-matrix.ts';
import { boost, type BoostParams, type Iteration, type Verdict } from './boost.ts';
import type { Objective } from './objectives/objective.ts';
import { toEnsemble } from './to-ensemble.ts';

export interface TrainParams extends BoostParams {
  /** Most bins of a column, that of zero among them. */
  readonly maxBin: number;
  /** Scores begin where one value for all rows has the least loss, else at 0. */
  readonly boostFromAverage: boolean;
}

/** Defaults are LightGBM's. */
export const trainDefaults: TrainParams = {
  numIterations: 100,
  learningRate: 0.1,
  numLeaves: 31,
  maxDepth: -1,
  minDataInLeaf: 20,
  minSumHessianInLeaf: 1e-3,
  lambdaL1: 0,
  lambdaL2: 0,
  minGainToSplit: 0,
  featureFraction: 1,
  maxBin: 255,
  boostFromAverage: true,
  seed: 0,
  numThreads: 0,
};

/** Rows of a bin at the least, as LightGBM has it. */
const minDataInBin = 3;

/** Below, starting threads takes longer than they save: entries x trees. */
const leastForThreads = 60_000_000;

export interface Trained {
  readonly trees: TreeEnsemble;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Bins the rows and boosts trees on them. */
export async function train(
  x: CsrMatrix,
  objective: Objective,
  params: TrainParams,
  { algorithm, control }: { readonly algorithm: string; readonly control: FitControl },
): Promise<Result<Trained>> {
  const data = binMatrix(x, { maxBin: params.maxBin, minDataInBin, minDataInLeaf: params.minDataInLeaf });
  let loss = 0;
  const work = data.slotRows.length * params.numIterations * objective.outputs;
  const numThreads = work < leastForThreads ? 1 : params.numThreads;
  const onIteration = (done: Iteration): Verdict => {
    loss = done.loss;
    control.onProgress?.({ iteration: done.number, total: params.numIterations, value: loss });
    return control.cancelled?.() === true ? 'cancelled' : 'go on';
  };
  const trees = await boost(data, objective, { ...params, numThreads }, onIteration).catch(endOfThread);
  if (trees === undefined) return err(failure('fit-cancelled', { algorithm }));
  if (trees instanceof ThreadError) return err(failure('thread-ended', { algorithm, problem: trees.message }));
  const { outputs, startScores } = objective;
  const ensemble = toEnsemble(trees, data, { columns: x.columns, outputs, base: startScores });
  return ok({ trees: ensemble, metrics: { training_loss: loss, trees: trees.length } });
}

function endOfThread(cause: unknown): ThreadError {
  if (cause instanceof ThreadError) return cause;
  throw cause;
}
