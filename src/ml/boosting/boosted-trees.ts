import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { ClassWeight } from '../class-weight.ts';
import { classWeights } from '../class-weight.ts';
import type { Estimator, FitControl, TrainingSet } from '../estimator.ts';
import { trainingProblem } from '../estimator.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';
import { binMatrix } from './binned-matrix.ts';
import { boost, type BoostParams } from './boost.ts';
import { toEnsemble } from './to-ensemble.ts';

export interface BoostedTreesParams extends BoostParams {
  /** Most bins of a column, that of zero among them. */
  readonly maxBin: number;
  readonly classWeight: ClassWeight;
}

/** Rows of a bin at the least, as LightGBM has it. */
const minDataInBin = 3;

/**
 * Gradient-boosted trees on histograms of sparse columns, grown leaf by leaf: LightGBM's algorithm (Ke et al., "LightGBM: a highly efficient
 * gradient boosting decision tree", NIPS 2017) with its names of parameters and, where nothing is drawn at random, its trees. The
 * softmax of one tree a class and iteration, for two classes too.
 */
export function boostedTrees(params: BoostedTreesParams): Estimator {
  return {
    algorithm: 'boosted_trees',
    params: { ...params },
    fit: (data, control) => Promise.resolve(fit(params, data, control)),
  };
}

function fit(params: BoostedTreesParams, data: TrainingSet, control: FitControl = {}): Result<TreeClassifier> {
  const problem = trainingProblem(data);
  if (problem !== undefined) return err(problem);
  const weightOfClass = classWeights(params.classWeight, data);
  if (!weightOfClass.ok) return weightOfClass;
  const { x, y, classes } = data;
  const weights = Float64Array.from(y, (c, row) => (weightOfClass.value[c] ?? 1) * (data.rowWeights?.[row] ?? 1));
  const binned = binMatrix(x, { maxBin: params.maxBin, minDataInBin, minDataInLeaf: params.minDataInLeaf });
  let lastLoss = 0;
  const boosted = boost(binned, { y, weights, classes: classes.length }, params, (iteration, value) => {
    lastLoss = value;
    control.onProgress?.({ iteration, total: params.numIterations, value });
    return control.cancelled?.() ?? false;
  });
  if (boosted === undefined) return err(failure('fit-cancelled', { algorithm: 'boosted_trees' }));
  const trees = toEnsemble(boosted, binned, { columns: x.columns, outputs: classes.length });
  const metrics = { training_loss: lastLoss, trees: boosted.trees.length };
  return ok(new TreeClassifier({ algorithm: 'boosted_trees', classes, metrics }, trees));
}
