import type { CsrMatrix } from '../sparse/csr.ts';
import { transpose } from '../sparse/csr.ts';

export type Metric = 'cosine' | 'euclidean';

/** Training rows by column (postings), as a search wants them. Cosine: `rows` were divided by their lengths. */
export interface NeighbourIndex {
  readonly metric: Metric;
  readonly rows: CsrMatrix;
  /** [columns, rows]: which rows have the column. */
  readonly postings: CsrMatrix;
  readonly squares: Float64Array;
}

/** Squared length of each row. */
function squaresOf({ rows, indptr, values }: CsrMatrix): Float64Array {
  const squares = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    const end = indptr[row + 1] ?? 0;
    for (let at = indptr[row] ?? 0; at < end; at++) sum += (values[at] ?? 0) ** 2;
    squares[row] = sum;
  }
  return squares;
}

/** Rows divided by their lengths; empty ones stay. */
export function unitRows(x: CsrMatrix): CsrMatrix {
  const values = Float64Array.from(x.values);
  squaresOf(x).forEach((square, row) => {
    const length = square > 0 ? Math.sqrt(square) : 1;
    const end = x.indptr[row + 1] ?? 0;
    for (let at = x.indptr[row] ?? 0; at < end; at++) values[at] = (values[at] ?? 0) / length;
  });
  return { ...x, values };
}

/** For cosine, `rows` must come from `unitRows`. */
export const indexRows = (metric: Metric, rows: CsrMatrix): NeighbourIndex => ({
  metric,
  rows,
  postings: transpose(rows),
  squares: squaresOf(rows),
});

/** A query's neighbours, nearest first; of equally near ones the earlier training row first. */
type Visit = (query: number, rows: Int32Array, distances: Float64Array) => void;

/**
 * Exact search, term at a time (Zobel and Moffat 2006, section 3): products of the query with all rows grow in one buffer along the
 * postings of the query's columns. The arrays that `visit` gets are used again. Distances that are only rounding count as 0. Empty rows have no
 * direction; they lie at cosine distance 0 from each other, being equal, and 1 from all others.
 */
export function eachNeighbours(index: NeighbourIndex, x: CsrMatrix, k: number, visit: Visit): void {
  const isCosine = index.metric === 'cosine';
  const queries = isCosine ? unitRows(x) : x;
  const querySquares = squaresOf(queries);
  const start = isCosine ? new Float64Array(index.rows.rows) : index.squares.map((square) => square / 2);
  const startOfEmpty = isCosine ? index.squares.map((square) => (square === 0 ? -1 : 0)) : start;
  const keys = new Float64Array(index.rows.rows);
  const rows = new Int32Array(k);
  const distances = new Float64Array(k);
  for (let query = 0; query < x.rows; query++) {
    keys.set(querySquares[query] === 0 ? startOfEmpty : start);
    subtractProducts(index.postings, queries, query, keys);
    smallest(keys, rows);
    for (let i = 0; i < k; i++) {
      const key = keys[rows[i] ?? 0] ?? 0;
      distances[i] = isCosine
        ? clean(1 + key, 1, 1)
        : Math.sqrt(
            clean((querySquares[query] ?? 0) + 2 * key, querySquares[query] ?? 0, index.squares[rows[i] ?? 0] ?? 0),
          );
    }
    visit(query, rows, distances);
  }
}

const clean = (distance: number, a: number, b: number): number => (distance <= 1e-13 * (a + b) ? 0 : distance);

function subtractProducts(postings: CsrMatrix, queries: CsrMatrix, query: number, keys: Float64Array): void {
  const { indptr, indices, values } = postings;
  const end = queries.indptr[query + 1] ?? 0;
  for (let at = queries.indptr[query] ?? 0; at < end; at++) {
    const column = queries.indices[at] ?? 0;
    const factor = queries.values[at] ?? 0;
    const last = indptr[column + 1] ?? 0;
    for (let p = indptr[column] ?? 0; p < last; p++) {
      const row = indices[p] ?? 0;
      keys[row] = (keys[row] ?? 0) - factor * (values[p] ?? 0);
    }
  }
}

/** Fills `heap` with the numbers of its length many smallest keys in order, of equal keys the first: a heap with the worst on top. */
function smallest(keys: Float64Array, heap: Int32Array): void {
  const k = heap.length;
  for (let i = 0; i < k; i++) heap[i] = i;
  for (let i = (k >> 1) - 1; i >= 0; i--) sink(keys, heap, i, k);
  let worst = keys[heap[0] ?? 0] ?? 0;
  for (let row = k; row < keys.length; row++) {
    if ((keys[row] ?? 0) >= worst) continue;
    heap[0] = row;
    sink(keys, heap, 0, k);
    worst = keys[heap[0]] ?? 0;
  }
  for (let size = k - 1; size > 0; size--) {
    const last = heap[size] ?? 0;
    heap[size] = heap[0] ?? 0;
    heap[0] = last;
    sink(keys, heap, 0, size);
  }
}

function sink(keys: Float64Array, heap: Int32Array, from: number, size: number): void {
  const moved = heap[from] ?? 0;
  const isBefore = (row: number, other: number, otherKey: number): boolean => {
    const own = keys[row] ?? 0;
    return own < otherKey || (own === otherKey && row < other);
  };
  let at = from;
  for (let child = 2 * at + 1; child < size; child = 2 * at + 1) {
    const right = child + 1;
    if (right < size) {
      const other = heap[right] ?? 0;
      if (isBefore(heap[child] ?? 0, other, keys[other] ?? 0)) child = right;
    }
    const worse = heap[child] ?? 0;
    if (!isBefore(moved, worse, keys[worse] ?? 0)) break;
    heap[at] = worse;
    at = child;
  }
  heap[at] = moved;
}
