import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { ClassWeight } from '../class-weight.ts';
import { classWeights } from '../class-weight.ts';
import { stratifiedSplit } from '../data/split.ts';
import type { Estimator, FitControl, TrainingSet } from '../estimator.ts';
import { trainingProblem } from '../estimator.ts';
import type { TreeEnsemble } from '../trees/ensemble.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import { growOnProblem } from './join-ensembles.ts';
import { BinaryObjective } from './objectives/binary.ts';
import type { Objective, Start } from './objectives/objective.ts';
import { SoftmaxObjective } from './objectives/softmax.ts';
import { train } from './train.ts';
import { trainDefaults, type TrainParams } from './train-params.ts';

export interface BoostedTreesParams extends TrainParams {
  readonly classWeight: ClassWeight;
}

/** A model that training goes on from: its trees stay, and new ones are grown on them. */
export interface GoOn {
  readonly initModel?: TreeClassifier;
}

const algorithm = 'boosted_trees';

/**
 * Gradient-boosted trees on histograms of sparse columns, grown leaf by leaf: LightGBM's algorithm (Ke et al., "LightGBM: a highly efficient
 * gradient boosting decision tree", NIPS 2017) with its names of parameters and, where nothing is drawn at random, its trees. Two
 * classes have one tree an iteration (its `binary`), more have one a class (`multiclass`). What is not given has its default.
 */
export function boostedTrees(given: Partial<BoostedTreesParams> = {}, { initModel }: GoOn = {}): Estimator {
  const params: BoostedTreesParams = { ...trainDefaults, classWeight: 'none', ...given };
  return {
    algorithm,
    params: { ...params },
    fit: (data, control = {}) => fit(params, { data, control, initModel }),
  };
}

interface Work {
  readonly data: TrainingSet;
  readonly control: FitControl;
  readonly initModel: TreeClassifier | undefined;
}

async function fit(params: BoostedTreesParams, { data, control, initModel }: Work): Promise<Result<TreeClassifier>> {
  const problem = trainingProblem(data, 'finite or missing');
  if (problem !== undefined) return err(problem);
  const weightOfClass = classWeights(params.classWeight, data);
  if (!weightOfClass.ok) return weightOfClass;
  const initial = initialTrees(initModel, data);
  if (!initial.ok) return initial;
  const heldOut = heldOutRows(params, data);
  if (!heldOut.ok) return heldOut;
  const { x, y, classes } = data;
  const weights = Float64Array.from(y, (c, row) => (weightOfClass.value[c] ?? 1) * (data.rowWeights?.[row] ?? 1));
  const isBinary = classes.length === 2 && initial.value?.outputs !== 2;
  const objectiveOf = (rows: Int32Array | undefined, start: Start): Objective => {
    const labels = rows === undefined ? y : Int32Array.from(rows, (row) => y[row] ?? 0);
    const own = rows === undefined ? weights : Float64Array.from(rows, (row) => weights[row] ?? 0);
    return isBinary
      ? new BinaryObjective(labels, own, start)
      : new SoftmaxObjective(labels, own, { ...start, classes: classes.length });
  };
  const trained = await train({
    algorithm,
    x,
    params,
    control,
    heldOut: heldOut.value,
    initial: initial.value,
    objectiveOf,
  });
  if (!trained.ok) return trained;
  const { trees, metrics } = trained.value;
  return ok(new TreeClassifier({ algorithm, classes, metrics }, trees));
}

function initialTrees(
  model: TreeClassifier | undefined,
  { x, classes }: TrainingSet,
): Result<TreeEnsemble | undefined> {
  if (model === undefined) return ok(undefined);
  const refused = (problem: string): Result<never> =>
    err(failure('learning-param', { param: 'init_model', problem, near: [] }));
  if (model.classes.length !== classes.length || model.classes.some((name, c) => name !== classes[c]))
    return refused('has other labels than the data, or in another order');
  const outputs = classes.length === 2 ? [1, 2] : [classes.length];
  const problem = growOnProblem(model.trees, { columns: x.columns, outputs });
  return problem === undefined ? ok(model.trees) : refused(problem);
}

/** The same share of every class. */
function heldOutRows(params: TrainParams, { y, classes }: TrainingSet): Result<Int32Array | undefined> {
  if (params.earlyStoppingRound === null) return ok(undefined);
  const split = stratifiedSplit(y, classes, { testSize: params.validationFraction, seed: params.seed });
  return split.ok ? ok(split.value.test) : split;
}
