import { failure } from '../core/failure.ts';
import { nearestNames } from '../core/nearest.ts';
import type { Result } from '../core/result.ts';
import { err, ok } from '../core/result.ts';

/** `balanced`: rows / (classes x rows of the class), as scikit-learn. A map names classes; those it leaves out weigh 1. */
export type ClassWeight = 'none' | 'balanced' | Readonly<Record<string, number>>;

/** The weight of each class, in the order of `classes`. With row weights, "rows" above is their sum. */
export function classWeights(
  choice: ClassWeight,
  data: { readonly y: Int32Array; readonly classes: readonly string[]; readonly rowWeights?: Float64Array },
): Result<Float64Array> {
  const { y, classes, rowWeights } = data;
  if (choice === 'none') return ok(new Float64Array(classes.length).fill(1));
  if (choice === 'balanced') {
    const sums = new Float64Array(classes.length);
    let total = 0;
    for (let row = 0; row < y.length; row++) {
      const weight = rowWeights?.[row] ?? 1;
      total += weight;
      sums[y[row] ?? 0] = (sums[y[row] ?? 0] ?? 0) + weight;
    }
    return ok(sums.map((sum) => total / (classes.length * sum)));
  }
  const weights = new Float64Array(classes.length).fill(1);
  for (const [name, weight] of Object.entries(choice)) {
    const at = classes.indexOf(name);
    const near = nearestNames(name, classes);
    if (at < 0)
      return err(failure('learning-param', { param: 'class_weight', problem: `names no label "${name}"`, near }));
    if (!(weight > 0 && Number.isFinite(weight))) {
      return err(failure('learning-param', { param: `class_weight.${name}`, problem: 'must be above 0', near: [] }));
    }
    weights[at] = weight;
  }
  return ok(weights);
}
