import { failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import { err, ok } from '../core/result.ts';
import type { ClassWeight } from './class-weight.ts';
import { classWeights } from './class-weight.ts';
import type { TrainingSet } from './estimator.ts';
import { trainingProblem } from './estimator.ts';

/** A training set that was checked, with what its rows weigh. */
export interface WeightedRows {
  /** Of each row: its own weight times its class's. */
  readonly weights: Float64Array;
  /** Sum of the weights of each class; all above 0. */
  readonly classSums: Float64Array;
  readonly total: number;
}

/** Checks the training set; a class whose rows all weigh nothing is refused, since nothing could be learned of it. */
export function weighRows(choice: ClassWeight, data: TrainingSet): Result<WeightedRows> {
  const problem = trainingProblem(data);
  if (problem !== undefined) return err(problem);
  const weightOfClass = classWeights(choice, data);
  if (!weightOfClass.ok) return weightOfClass;
  const weights = Float64Array.from(data.y, (c, row) => (data.rowWeights?.[row] ?? 1) * (weightOfClass.value[c] ?? 1));
  const classSums = new Float64Array(data.classes.length);
  data.y.forEach((c, row) => {
    classSums[c] = (classSums[c] ?? 0) + (weights[row] ?? 0);
  });
  const empty = classSums.findIndex((sum) => !(sum > 0));
  if (empty >= 0) {
    const label = data.classes[empty] ?? '';
    return err(failure('training-data-invalid', { problem: `all rows of the label "${label}" have the weight 0` }));
  }
  return ok({ weights, classSums, total: classSums.reduce((sum, weight) => sum + weight, 0) });
}
