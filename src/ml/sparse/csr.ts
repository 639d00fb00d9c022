/**
 * A sparse matrix by compressed rows. Row i holds the entries indptr[i] .. indptr[i + 1] - 1: columns `indices`, numbers `values`.
 * The columns of one row are distinct, in any order (see `sortColumns`).
 */
export interface CsrMatrix {
  readonly rows: number;
  readonly columns: number;
  /** Length rows + 1, ascending from 0. */
  readonly indptr: Int32Array;
  /** Length of the number of stored entries. */
  readonly indices: Int32Array;
  readonly values: Float64Array | Float32Array;
}

/** Which values a matrix may hold: finite ones, or also NaN, which stands for a missing one. */
export type ValuesAllowed = 'finite' | 'finite or missing';

/** Says what is wrong with a matrix from outside, or nothing. Every entry is looked at. */
export function csrProblem(matrix: CsrMatrix, allowed: ValuesAllowed = 'finite'): string | undefined {
  const { rows, columns, indptr, indices, values } = matrix;
  if (indptr.length !== rows + 1 || indptr[0] !== 0) return `its row pointers do not fit ${rows} rows`;
  for (let row = 0; row < rows; row++) {
    if ((indptr[row + 1] ?? 0) < (indptr[row] ?? 0)) return `its row pointers descend at row ${row}`;
  }
  if (indptr[rows] !== indices.length || indices.length !== values.length) return 'its lengths do not match';
  for (let at = 0; at < indices.length; at++) {
    const column = indices[at] ?? 0;
    if (column < 0 || column >= columns) return `column ${column} is outside of ${columns}`;
    if (Number.isFinite(values[at])) continue;
    if (allowed === 'finite' || !Number.isNaN(values[at])) return `an entry of column ${column} is not finite`;
  }
  return undefined;
}

/** The given rows, in that order; a row may be taken more than once. */
export function selectRows(matrix: CsrMatrix, picked: Int32Array): CsrMatrix {
  const indptr = new Int32Array(picked.length + 1);
  for (let i = 0; i < picked.length; i++) {
    const row = picked[i] ?? 0;
    indptr[i + 1] = (indptr[i] ?? 0) + (matrix.indptr[row + 1] ?? 0) - (matrix.indptr[row] ?? 0);
  }
  const entries = indptr[picked.length] ?? 0;
  const indices = new Int32Array(entries);
  const values = new Float64Array(entries);
  for (let i = 0; i < picked.length; i++) {
    const row = picked[i] ?? 0;
    const end = matrix.indptr[row + 1] ?? 0;
    let to = indptr[i] ?? 0;
    for (let at = matrix.indptr[row] ?? 0; at < end; at++, to++) {
      indices[to] = matrix.indices[at] ?? 0;
      values[to] = matrix.values[at] ?? 0;
    }
  }
  return { rows: picked.length, columns: matrix.columns, indptr, indices, values };
}

/** The transposed matrix. Its columns stand in ascending order within each row (a counting sort, linear in the entries). */
export function transpose(matrix: CsrMatrix): CsrMatrix {
  const { rows, columns, indices, values } = matrix;
  const indptr = new Int32Array(columns + 1);
  for (const column of indices) indptr[column + 1] = (indptr[column + 1] ?? 0) + 1;
  for (let column = 0; column < columns; column++) {
    indptr[column + 1] = (indptr[column + 1] ?? 0) + (indptr[column] ?? 0);
  }
  const next = indptr.slice(0, columns);
  const turnedIndices = new Int32Array(indices.length);
  const turnedValues = new Float64Array(indices.length);
  for (let row = 0; row < rows; row++) {
    const end = matrix.indptr[row + 1] ?? 0;
    for (let at = matrix.indptr[row] ?? 0; at < end; at++) {
      const column = indices[at] ?? 0;
      const to = next[column] ?? 0;
      next[column] = to + 1;
      turnedIndices[to] = row;
      turnedValues[to] = values[at] ?? 0;
    }
  }
  return { rows: columns, columns: rows, indptr, indices: turnedIndices, values: turnedValues };
}

/** The same matrix with ascending columns in every row. */
export function sortColumns(matrix: CsrMatrix): CsrMatrix {
  const indices = matrix.indices.slice();
  const values = matrix.values.slice();
  sortRows(matrix.indptr, indices, values);
  return { ...matrix, indices, values };
}

/** Ciura, "Best increments for the average case of Shellsort" (FCT 2001), and on by the factor that is usual. */
const gaps = Int32Array.of(90_927, 40_412, 17_961, 7983, 3548, 1577, 701, 301, 132, 57, 23, 10, 4, 1);
/** Up to here neighbours alone are swapped: fewer branches to guess wrong. */
const shortRow = 32;

/** Puts the entries of each row into the order of their columns, in place. Shellsort: rows of text are short, and any call would cost more than their sorting. */
export function sortRows(indptr: Int32Array, indices: Int32Array, values: CsrMatrix['values']): void {
  for (let row = 0; row + 1 < indptr.length; row++) {
    const start = indptr[row] ?? 0;
    const end = indptr[row + 1] ?? 0;
    for (let g = end - start <= shortRow ? gaps.length - 1 : 0; g < gaps.length; g++) {
      const gap = gaps[g] ?? 1;
      for (let at = start + gap; at < end; at++) {
        const column = indices[at] ?? 0;
        let to = at - gap;
        if (to < start || (indices[to] ?? 0) <= column) continue;
        const value = values[at] ?? 0;
        for (; to >= start && (indices[to] ?? 0) > column; to -= gap) {
          indices[to + gap] = indices[to] ?? 0;
          values[to + gap] = values[to] ?? 0;
        }
        indices[to + gap] = column;
        values[to + gap] = value;
      }
    }
  }
}

/** Blocks side by side. All must have the same number of rows; one block is given back as it is. */
export function joinColumns(blocks: readonly CsrMatrix[]): CsrMatrix {
  const [first] = blocks;
  if (first === undefined) throw new Error('joinColumns needs at least one block');
  if (blocks.length === 1) return first;
  if (blocks.some((block) => block.rows !== first.rows)) throw new Error('joinColumns needs blocks of equal height');
  const entries = blocks.reduce((sum, block) => sum + block.indices.length, 0);
  const indptr = new Int32Array(first.rows + 1);
  const indices = new Int32Array(entries);
  const values = new Float64Array(entries);
  let to = 0;
  for (let row = 0; row < first.rows; row++) {
    let shift = 0;
    for (const block of blocks) {
      const end = block.indptr[row + 1] ?? 0;
      for (let at = block.indptr[row] ?? 0; at < end; at++, to++) {
        indices[to] = (block.indices[at] ?? 0) + shift;
        values[to] = block.values[at] ?? 0;
      }
      shift += block.columns;
    }
    indptr[row + 1] = to;
  }
  return { rows: first.rows, columns: blocks.reduce((sum, block) => sum + block.columns, 0), indptr, indices, values };
}
