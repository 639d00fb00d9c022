import type { CsrMatrix } from '../sparse/csr.ts';
import { transpose } from '../sparse/csr.ts';
import { shareable } from '../threads/shareable.ts';

/** Training rows as trees look at them: by rows and by columns, without zeros, values as float32 like scikit-learn's trees have them. */
export interface Table {
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
  readonly rowStart: Int32Array;
  readonly rowColumns: Int32Array;
  readonly rowValues: Float32Array;
  readonly columnStart: Int32Array;
  /** Rows of each column by ascending value. */
  readonly columnRows: Int32Array;
  readonly columnValues: Float32Array;
  readonly y: Int32Array;
  /** Of each row, 0 for one that is not looked at. */
  readonly weights: Float64Array;
}

export function tableOf(
  x: CsrMatrix,
  labels: { readonly y: Int32Array; readonly classes: number; readonly weights: Float64Array },
): Table {
  const byRows = withoutZeros(x);
  const byColumns = transpose(byRows);
  const { indptr, indices, values } = byColumns;
  const columnRows = new Int32Array(indices.length);
  const columnValues = new Float32Array(indices.length);
  for (let column = 0; column < x.columns; column++) {
    const first = indptr[column] ?? 0;
    const own = values.subarray(first, indptr[column + 1]);
    const order = Int32Array.from(own.keys());
    if (own.some((value, at) => at > 0 && value < (own[at - 1] ?? 0)))
      order.sort((a, b) => (own[a] ?? 0) - (own[b] ?? 0) || a - b);
    order.forEach((from, at) => {
      columnRows[first + at] = indices[first + from] ?? 0;
      columnValues[first + at] = own[from] ?? 0;
    });
  }
  return {
    rows: x.rows,
    columns: x.columns,
    classes: labels.classes,
    rowStart: shareable(byRows.indptr),
    rowColumns: shareable(byRows.indices),
    rowValues: shareable(Float32Array.from(byRows.values)),
    columnStart: shareable(indptr),
    columnRows: shareable(columnRows),
    columnValues: shareable(columnValues),
    y: shareable(labels.y),
    weights: shareable(labels.weights),
  };
}

/** Numbers that are zero as float32 are zeros to the trees. */
function withoutZeros(x: CsrMatrix): CsrMatrix {
  const indptr = new Int32Array(x.rows + 1);
  const indices = new Int32Array(x.indices.length);
  const values = new Float64Array(x.indices.length);
  let to = 0;
  for (let row = 0; row < x.rows; row++) {
    const end = x.indptr[row + 1] ?? 0;
    for (let at = x.indptr[row] ?? 0; at < end; at++) {
      const value = Math.fround(x.values[at] ?? 0);
      if (value === 0) continue;
      indices[to] = x.indices[at] ?? 0;
      values[to++] = value;
    }
    indptr[row + 1] = to;
  }
  return { ...x, indptr, indices: indices.subarray(0, to), values: values.subarray(0, to) };
}
