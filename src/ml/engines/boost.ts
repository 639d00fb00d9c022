import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { classWeights, type ClassWeight } from '../class-weight.ts';
import { stratifiedSplit } from '../data/split.ts';
import { trainingProblem, type Estimator, type FitControl, type TrainingSet } from '../estimator.ts';
import { selectRows, sortColumns } from '../sparse/csr.ts';
import type { TreeEnsemble } from '../trees/ensemble.ts';
import { treeClassifier, type TreeClassifier } from '../trees/tree-classifier.ts';
import type { EngineName } from './engine.ts';
import { openEngine, type OpenedEngine } from './open-engine.ts';
import type { Given } from './parameters.ts';

/** What a library is given: columns ascending in every row, and one weight a row. */
export interface Rows extends TrainingSet {
  readonly rowWeights: Float64Array;
}

/** A model that grows in the library. Its functions throw an EngineError. */
export interface Booster {
  /** One iteration more: a tree a class. */
  update(): void;
  /** The library's own measure, the smaller the better. */
  loss(part: 'train' | 'validation'): number;
  /** The trees of the first iterations. */
  trees(iterations: number): TreeEnsemble | string;
  free(): void;
}

/** What the library said went wrong. */
export class EngineError extends Error {}

export type OpenBooster = (engine: OpenedEngine, given: Given, parts: Parts) => Booster;

interface Parts {
  readonly train: Rows;
  readonly validation: Rows | undefined;
}

export interface BoostParams {
  readonly iterations: number;
  readonly classWeight: ClassWeight;
  /** Iterations without a better loss on held-out rows after which it ends; null for never. */
  readonly patience: number | null;
  /** Share of the rows that is held out where `patience` is given. */
  readonly validationFraction: number;
  readonly seed: number;
  /** Of the library, by its names. */
  readonly given: Given;
}

/** Boosted trees trained by a library; what comes out predicts without it. */
export function boostedTrees(name: EngineName, params: BoostParams, open: OpenBooster): Estimator {
  const { given, ...own } = params;
  return {
    algorithm: name,
    params: { ...own, ...given },
    fit: (data, control) => fit(name, params, { data, open, control: control ?? {} }),
  };
}

interface Work {
  readonly data: TrainingSet;
  readonly open: OpenBooster;
  readonly control: FitControl;
}

async function fit(name: EngineName, params: BoostParams, work: Work): Promise<Result<TreeClassifier>> {
  const problem = trainingProblem(work.data);
  if (problem !== undefined) return err(problem);
  const parts = partsOf(params, work.data);
  if (!parts.ok) return parts;
  const engine = await openEngine(name);
  if (!engine.ok) return engine;
  let booster: Booster | undefined;
  try {
    booster = work.open(engine.value, params.given, parts.value);
    const grown = await grow(booster, params, work.control);
    if (grown === undefined) return err(failure('fit-cancelled', { algorithm: name }));
    const trees = booster.trees(grown.iterations);
    if (typeof trees === 'string') throw new EngineError(trees);
    const { classes } = work.data;
    const classifier = treeClassifier({ algorithm: name, classes, metrics: { ...grown } }, trees);
    if (typeof classifier === 'string') throw new EngineError(classifier);
    return ok(classifier);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return err(failure('engine-failed', { engine: name, problem: error.message }));
  } finally {
    booster?.free();
  }
}

function partsOf(params: BoostParams, data: TrainingSet): Result<Parts> {
  const weights = classWeights(params.classWeight, data);
  if (!weights.ok) return weights;
  const rowWeights = Float64Array.from(data.y, (c, row) => (weights.value[c] ?? 1) * (data.rowWeights?.[row] ?? 1));
  const all = { ...data, x: sortColumns(data.x), rowWeights };
  if (params.patience === null) return ok({ train: all, validation: undefined });
  const split = stratifiedSplit(data.y, data.classes, { testSize: params.validationFraction, seed: params.seed });
  if (!split.ok) return split;
  return ok({ train: pick(all, split.value.train), validation: pick(all, split.value.test) });
}

const pick = (data: Rows, rows: Int32Array): Rows => ({
  x: selectRows(data.x, rows),
  y: Int32Array.from(rows, (row) => data.y[row] ?? 0),
  classes: data.classes,
  rowWeights: Float64Array.from(rows, (row) => data.rowWeights[row] ?? 1),
});

interface Grown extends Readonly<Record<string, number>> {
  readonly iterations: number;
}

/** How many losses on the training rows are measured over a whole fit: each takes time. */
const measures = 50;

/** All iterations, or as many as lower the loss on held-out rows; undefined when cancelled. */
async function grow(booster: Booster, params: BoostParams, control: FitControl): Promise<Grown | undefined> {
  const { iterations: total, patience } = params;
  const part = patience === null ? 'train' : 'validation';
  const every = patience === null ? Math.max(1, Math.floor(total / measures)) : 1;
  let best = { iterations: 0, validation_loss: Infinity };
  for (let iteration = 1; iteration <= total; iteration++) {
    booster.update();
    if (iteration % every === 0 || iteration === total) {
      const value = booster.loss(part);
      control.onProgress?.({ iteration, total, value, measure: 'loss' });
      if (patience !== null && value < best.validation_loss) best = { iterations: iteration, validation_loss: value };
    }
    // Signals and whoever cancels get their turn between iterations.
    await new Promise((resolve) => setImmediate(resolve));
    if (control.cancelled?.() === true) return undefined;
    if (patience !== null && iteration - best.iterations >= patience) break;
  }
  return patience === null ? { iterations: total } : best;
}
