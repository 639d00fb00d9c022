import type { CsrMatrix } from './csr.ts';

/** A dense matrix by rows: entry (r, c) is `values[r * columns + c]`. */
interface DenseMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/** x w + offset, for a tall weight matrix w of [x.columns, k] by rows, so that one entry of x touches k neighbouring numbers. `offset` has k entries. */
interface AffineProduct {
  readonly x: CsrMatrix;
  readonly w: DenseMatrix;
  readonly offset: Float64Array;
}

/** `out` has [x.rows, k] by rows; all of them are overwritten, or those that are asked for. */
export function multiplyInto({ x, w, offset }: AffineProduct, out: Float64Array, rows?: Int32Array): void {
  if (w.rows !== x.columns) throw new Error(`${x.columns} columns meet ${w.rows} weights`);
  const k = w.columns;
  const weights = w.values;
  const { indptr, indices, values } = x;
  const count = rows?.length ?? x.rows;
  for (let i = 0; i < count; i++) {
    const row = rows?.[i] ?? i;
    const base = row * k;
    for (let c = 0; c < k; c++) out[base + c] = offset[c] ?? 0;
    const end = indptr[row + 1] ?? 0;
    for (let at = indptr[row] ?? 0; at < end; at++) {
      const value = values[at] ?? 0;
      const from = (indices[at] ?? 0) * k;
      for (let c = 0; c < k; c++) out[base + c] = (out[base + c] ?? 0) + value * (weights[from + c] ?? 0);
    }
  }
}

/** out += transposed(x) d, for d of [x.rows, k] and out of [x.columns, k], both by rows. */
export function addTransposedProduct(x: CsrMatrix, d: Float64Array, k: number, out: Float64Array): void {
  const { indptr, indices, values } = x;
  for (let row = 0; row < x.rows; row++) {
    const base = row * k;
    const end = indptr[row + 1] ?? 0;
    for (let at = indptr[row] ?? 0; at < end; at++) {
      const value = values[at] ?? 0;
      const to = (indices[at] ?? 0) * k;
      for (let c = 0; c < k; c++) out[to + c] = (out[to + c] ?? 0) + value * (d[base + c] ?? 0);
    }
  }
}
