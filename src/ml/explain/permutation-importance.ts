import { seededRandom } from '../../core/random.ts';
import { largestOfRows, type FittedClassifier } from '../estimator.ts';
import { transpose, type CsrMatrix } from '../sparse/csr.ts';

/** Of each column asked about: how much accuracy goes when its numbers are dealt to other rows. */
export interface PermutationImportance {
  /** Over the repeats. */
  readonly means: Float64Array;
  readonly deviations: Float64Array;
}

/**
 * Permutation importance (Breiman, "Random forests", 2001), as scikit-learn's `permutation_importance` with the accuracy as score. Most rows of a sparse
 * matrix hold nothing of a column before and after, so only those are predicted anew that lose, get or change a number.
 */
export function permutationImportance(
  classifier: FittedClassifier,
  { x, y }: { readonly x: CsrMatrix; readonly y: Int32Array },
  options: { readonly columns: readonly number[]; readonly repeats: number; readonly seed: number },
): PermutationImportance {
  const { columns, repeats, seed } = options;
  const labels = (rows: CsrMatrix): Int32Array =>
    largestOfRows(classifier.probabilities(rows), classifier.classes.length);
  const before = labels(x);
  const holders = transpose(x);
  const random = seededRandom(seed);
  const order = Int32Array.from({ length: x.rows }, (_, row) => row);
  const means = new Float64Array(columns.length);
  const deviations = new Float64Array(columns.length);
  columns.forEach((column, at) => {
    const own = holders.values.subarray(holders.indptr[column], holders.indptr[column + 1]);
    const from = holders.indices.subarray(holders.indptr[column], holders.indptr[column + 1]);
    const losses = Float64Array.from({ length: own.length === 0 ? 0 : repeats }, () => {
      drawFirst(order, own.length, random);
      const dealt = new Map<number, number | undefined>();
      for (const row of from) dealt.set(row, undefined);
      own.forEach((value, i) => dealt.set(order[i] ?? 0, value));
      const rows = Int32Array.from(dealt.keys());
      const after = labels(withColumn(x, rows, column, dealt));
      let lost = 0;
      rows.forEach((row, i) => {
        lost += Number(before[row] === y[row]) - Number(after[i] === y[row]);
      });
      return lost / x.rows;
    });
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / Math.max(1, losses.length);
    means[at] = mean;
    deviations[at] = Math.sqrt(losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / Math.max(1, losses.length));
  });
  return { means, deviations };
}

/** Puts a random choice to the front, in random order (Fisher and Yates). */
function drawFirst(order: Int32Array, count: number, random: () => number): void {
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (order.length - i));
    const kept = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = kept;
  }
}

type Dealt = ReadonlyMap<number, number | undefined>;

/** Some rows with other numbers in one column, or none there. */
function withColumn(x: CsrMatrix, rows: Int32Array, column: number, numbers: Dealt): CsrMatrix {
  const indptr = new Int32Array(rows.length + 1);
  const indices: number[] = [];
  const values: number[] = [];
  rows.forEach((row, i) => {
    for (let at = x.indptr[row] ?? 0; at < (x.indptr[row + 1] ?? 0); at++) {
      if (x.indices[at] === column) continue;
      indices.push(x.indices[at] ?? 0);
      values.push(x.values[at] ?? 0);
    }
    const value = numbers.get(row);
    if (value !== undefined) {
      indices.push(column);
      values.push(value);
    }
    indptr[i + 1] = indices.length;
  });
  const arrays = { indptr, indices: Int32Array.from(indices), values: Float64Array.from(values) };
  return { rows: rows.length, columns: x.columns, ...arrays };
}
