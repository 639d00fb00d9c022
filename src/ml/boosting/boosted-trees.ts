import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { ClassWeight } from '../class-weight.ts';
import { classWeights } from '../class-weight.ts';
import type { Estimator, FitControl, TrainingSet } from '../estimator.ts';
import { trainingProblem } from '../estimator.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import { BinaryObjective } from './objectives/binary.ts';
import { SoftmaxObjective } from './objectives/softmax.ts';
import { train, trainDefaults, type TrainParams } from './train.ts';

export interface BoostedTreesParams extends TrainParams {
  readonly classWeight: ClassWeight;
}

/**
 * Gradient-boosted trees on histograms of sparse columns, grown leaf by leaf: LightGBM's algorithm (Ke et al., "LightGBM: a highly efficient
 * gradient boosting decision tree", NIPS 2017) with its names of parameters and, where nothing is drawn at random, its trees. Two
 * classes have one tree an iteration (its `binary`), more have one a class (`multiclass`). What is not given has its default.
 */
export function boostedTrees(given: Partial<BoostedTreesParams> = {}): Estimator {
  const params: BoostedTreesParams = { ...trainDefaults, classWeight: 'none', ...given };
  return {
    algorithm: 'boosted_trees',
    params: { ...params },
    fit: (data, control) => fit(params, data, control),
  };
}

async function fit(
  params: BoostedTreesParams,
  data: TrainingSet,
  control: FitControl = {},
): Promise<Result<TreeClassifier>> {
  const problem = trainingProblem(data);
  if (problem !== undefined) return err(problem);
  const weightOfClass = classWeights(params.classWeight, data);
  if (!weightOfClass.ok) return weightOfClass;
  const { x, y, classes } = data;
  const weights = Float64Array.from(y, (c, row) => (weightOfClass.value[c] ?? 1) * (data.rowWeights?.[row] ?? 1));
  const start = { fromAverage: params.boostFromAverage };
  const objective =
    classes.length === 2
      ? new BinaryObjective(y, weights, start)
      : new SoftmaxObjective(y, weights, { classes: classes.length, ...start });
  const trained = await train(x, objective, params, { algorithm: 'boosted_trees', control });
  if (!trained.ok) return trained;
  const { trees, metrics } = trained.value;
  return ok(new TreeClassifier({ algorithm: 'boosted_trees', classes, metrics }, trees));
}
