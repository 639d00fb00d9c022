// What tests of estimators are made of: data that can be learned, estimators by their parameters.
import { failureMessage } from '../../src/core/failure.ts';
import { seededRandom } from '../../src/core/random.ts';
import type { Estimator, FittedClassifier, TrainingSet } from '../../src/ml/estimator.ts';
import { largestOfRows } from '../../src/ml/estimator.ts';
import { trainField } from '../../src/ml/estimators.ts';
import { readField } from '../../src/ml/fields.ts';
import type { CsrMatrix } from '../../src/ml/sparse/csr.ts';

/** Sparse rows of `classes` classes: each class has its own columns, and there is noise in all. */
export function makeData(rows: number, classes: number, seed: number): TrainingSet {
  const random = seededRandom(seed);
  const columns = classes * 4 + 3;
  const indices: number[] = [];
  const values: number[] = [];
  const indptr = [0];
  const y = Int32Array.from({ length: rows }, (_, row) => row % classes);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const own = Math.floor(column / 4) === y[row];
      if (random() > (own ? 0.8 : 0.1)) continue;
      indices.push(column);
      values.push(0.2 + random());
    }
    indptr.push(indices.length);
  }
  const x = {
    rows,
    columns,
    indptr: Int32Array.from(indptr),
    indices: Int32Array.from(indices),
    values: Float64Array.from(values),
  };
  return { x, y, classes: Array.from({ length: classes }, (_, c) => `class ${c}`) };
}

/** By what stands under `train` in params.yaml. */
export const estimator = (changes: Record<string, unknown>): Estimator => {
  const params = readField({ train: { tolerance: 1e-8, max_iterations: 20_000, ...changes } }, 'train', trainField);
  if (!params.ok) throw new Error(failureMessage(params.error));
  return params.value.estimator;
};

export const fit = async (made: Estimator, data: TrainingSet): Promise<FittedClassifier> => {
  const fitted = await made.fit(data);
  if (!fitted.ok) throw new Error(failureMessage(fitted.error));
  return fitted.value;
};

export const labelsOf = (model: FittedClassifier, x: CsrMatrix): number[] =>
  Array.from(largestOfRows(model.probabilities(x), model.classes.length));
