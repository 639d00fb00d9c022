import type { CsrMatrix } from '../sparse/csr.ts';
import type { Explainer } from './contributions.ts';

/** What the columns added to the scores of many rows (see Contributions), [columns, classes] by rows. */
export interface SetContributions {
  readonly rows: number;
  /** Of each column: rows that hold it. */
  readonly held: Int32Array;
  /** Mean size over all rows: mean |SHAP| of trees. */
  readonly size: Float64Array;
  /** Sum over the rows that hold the column, with sign. */
  readonly pushed: Float64Array;
}

/** Row numbers, at most so many, evenly spread over all. */
export const spreadRows = (rows: number, most: number): Int32Array =>
  Int32Array.from({ length: Math.min(rows, most) }, (_, i) => Math.floor((i * rows) / Math.min(rows, most)));

/** Adds up the contributions to each row of a matrix. */
export function explainSet(explain: Explainer, x: CsrMatrix, classes: number): SetContributions {
  const size = new Float64Array(x.columns * classes);
  const pushed = new Float64Array(x.columns * classes);
  const held = new Int32Array(x.columns);
  for (let row = 0; row < x.rows; row++) {
    const { columns } = explain(x, row);
    for (let at = 0; at < columns.length; at++) size[at] = (size[at] ?? 0) + Math.abs(columns[at] ?? 0) / x.rows;
    for (let at = x.indptr[row] ?? 0; at < (x.indptr[row + 1] ?? 0); at++) {
      const column = x.indices[at] ?? 0;
      held[column] = (held[column] ?? 0) + 1;
      for (let place = column * classes; place < (column + 1) * classes; place++)
        pushed[place] = (pushed[place] ?? 0) + (columns[place] ?? 0);
    }
  }
  return { rows: x.rows, held, size, pushed };
}
