import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { FitControl } from '../estimator.ts';
import { selectRows, type CsrMatrix } from '../sparse/csr.ts';
import type { TreeEnsemble } from '../trees/ensemble.ts';
import { margins } from '../trees/margins.ts';
import { workspaceOf } from '../trees/workspace.ts';
import { ThreadError } from '../threads/thread-error.ts';
import { binMatrix, type BinnedMatrix } from './binned-matrix.ts';
import { boost, type Iteration } from './boost.ts';
import { categoryProblem } from './category-bins.ts';
import { HeldOut, Patience } from './held-out.ts';
import { fitsMemory } from './row-adder.ts';
import { joinEnsembles } from './join-ensembles.ts';
import type { Objective, Start } from './objectives/objective.ts';
import { toEnsemble } from './to-ensemble.ts';
import type { TrainParams } from './train-params.ts';

/** Rows of a bin at the least, as LightGBM has it. */
const minDataInBin = 3;

/** Below, starting threads takes longer than they save: entries x trees. */
const leastForThreads = 120_000_000;

export interface TrainJob {
  readonly algorithm: string;
  readonly x: CsrMatrix;
  readonly params: TrainParams;
  readonly control: FitControl;
  /** Rows that are only asked how good the trees are, ascending; undefined: none are held out. */
  readonly heldOut: Int32Array | undefined;
  /** An earlier model, which the trees are grown on. It fits the data. */
  readonly initial: TreeEnsemble | undefined;
  /** The loss over some rows, or all. */
  objectiveOf(rows: Int32Array | undefined, start: Start): Objective;
}

export interface Trained {
  readonly trees: TreeEnsemble;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Bins the rows and boosts trees on them. */
export async function train(job: TrainJob): Promise<Result<Trained>> {
  const { params, heldOut, initial, control } = job;
  const problem = categoryProblem(job.x, params.categoricalFeature);
  if (problem !== undefined) return err(failure('training-data-invalid', { problem }));
  const rows = heldOut === undefined ? undefined : others(job.x.rows, heldOut);
  const x = rows === undefined ? job.x : selectRows(job.x, rows);
  // With L1 their gains are no plain quotients.
  const data = binMatrix(x, { ...params, minDataInBin, singlesApart: params.lambdaL1 === 0 });
  if (!fitsMemory(data)) return err(failure('training-data-invalid', { problem: tooLarge(data) }));
  const objective = job.objectiveOf(rows, startOf(params, x, initial));
  const { outputs, startScores } = objective;
  const validation = heldOut === undefined ? undefined : validationOf(job, heldOut, startScores);
  const patience = new Patience(params.earlyStoppingRound ?? Infinity);
  let trainingLoss = (): number => NaN;
  const earlier = (initial?.roots.length ?? 0) / outputs;
  const onIteration = (iteration: Iteration): 'go on' | 'enough' | 'cancelled' => {
    const held = validation?.lossAfter(iteration.trees, data);
    const isOver = held !== undefined && patience.isOver(iteration.number, held);
    if (held === undefined) trainingLoss = iteration.loss;
    else if (patience.best.iteration === iteration.number) {
      const loss = iteration.loss();
      trainingLoss = () => loss;
    }
    const { number } = iteration;
    control.onProgress?.({ iteration: number, total: params.numIterations, value: held ?? iteration.loss() });
    if (control.cancelled?.() === true) return 'cancelled';
    return isOver ? 'enough' : 'go on';
  };
  const work = data.slotRows.length * params.numIterations * outputs;
  // Threads that grow one tree together tell each other of a bin to split at, not of sets.
  const numThreads = work < leastForThreads || params.categoricalFeature.length > 0 ? 1 : params.numThreads;
  const boosting = { data, objective, params: { ...params, numThreads }, earlier, onIteration };
  const all = await boost(boosting).catch(endOfThread);
  if (all === undefined) return err(failure('fit-cancelled', { algorithm: job.algorithm }));
  if (all instanceof ThreadError)
    return err(failure('thread-ended', { algorithm: job.algorithm, problem: all.message }));
  const trees = validation === undefined ? all : all.slice(0, patience.best.iteration * outputs);
  const own = toEnsemble(trees, data, { columns: x.columns, outputs, base: startScores });
  const joined = initial === undefined ? own : joinEnsembles(initial, own);
  const held = validation === undefined ? {} : { validation_loss: patience.best.loss };
  const metrics = { training_loss: trainingLoss(), ...held, iterations: trees.length / outputs };
  return ok({ trees: joined, metrics: { ...metrics, trees: joined.roots.length } });
}

const tooLarge = ({ rows, slots, rowSlots }: BinnedMatrix): string =>
  `${String(rows)} rows with ${String(rowSlots.length)} entries in ${String(slots)} bins are more than boosted trees can hold; take fewer columns or a smaller max_bin`;

function startOf({ boostFromAverage }: TrainParams, x: CsrMatrix, initial: TreeEnsemble | undefined): Start {
  const scores = initial === undefined ? {} : { scores: margins(initial, x, workspaceOf(initial)) };
  return { fromAverage: boostFromAverage, ...scores };
}

/** The held-out rows, their scores where those of the training rows began. */
function validationOf(job: TrainJob, rows: Int32Array, startScores: Float64Array): HeldOut {
  const { x, initial } = job;
  const own = selectRows(x, rows);
  const outputs = startScores.length;
  const scores =
    initial === undefined
      ? Float64Array.from({ length: rows.length * outputs }, (_, at) => startScores[at % outputs] ?? 0)
      : margins(initial, own, workspaceOf(initial));
  return new HeldOut(own, job.objectiveOf(rows, { fromAverage: false, scores }));
}

function others(count: number, rows: Int32Array): Int32Array {
  const isTaken = new Uint8Array(count);
  for (const row of rows) isTaken[row] = 1;
  return Int32Array.from({ length: count }, (_, row) => row).filter((row) => isTaken[row] === 0);
}

function endOfThread(cause: unknown): ThreadError {
  if (cause instanceof ThreadError) return cause;
  throw cause;
}
