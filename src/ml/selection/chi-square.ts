import type { CsrMatrix } from '../sparse/csr.ts';

/** Labels of rows: row i belongs to class `y[i]` of so many. */
export interface RowLabels {
  readonly y: Int32Array;
  readonly classes: number;
}

/**
 * How far the sum of each column within each class is from what it would be if the column had nothing to do with the classes: scikit-learn's `chi2`. NaN
 * for a column of zeros. Undefined where an entry is negative, for which the statistic has no meaning.
 */
export function chiSquare(x: CsrMatrix, { y, classes }: RowLabels): Float64Array | undefined {
  const sums = new Float64Array(x.columns * classes);
  const shares = new Float64Array(classes);
  for (let row = 0; row < x.rows; row++) {
    const label = y[row] ?? 0;
    shares[label] = (shares[label] ?? 0) + 1 / x.rows;
    const end = x.indptr[row + 1] ?? 0;
    for (let at = x.indptr[row] ?? 0; at < end; at++) {
      const value = x.values[at] ?? 0;
      if (value < 0) return undefined;
      const place = (x.indices[at] ?? 0) * classes + label;
      sums[place] = (sums[place] ?? 0) + value;
    }
  }
  return Float64Array.from({ length: x.columns }, (_, column) => {
    const own = sums.subarray(column * classes, (column + 1) * classes);
    const total = own.reduce((sum, value) => sum + value, 0);
    return own.reduce((sum, observed, label) => {
      const expected = total * (shares[label] ?? 0);
      return sum + (observed - expected) ** 2 / expected;
    }, 0);
  });
}
