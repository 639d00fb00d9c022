import { dot } from './orthonormal.ts';

/** A square matrix as left diag(values) transposed(right), values descending; left and right of [size, size] by rows. */
export interface SmallSvd {
  readonly left: Float64Array;
  readonly values: Float64Array;
  readonly right: Float64Array;
}

const mostSweeps = 60;

/**
 * Singular values of a small square matrix by one-sided Jacobi rotations (Hestenes 1958), which are exact in the small values too. A left vector of a value
 * of zero is zeros.
 */
export function smallSvd(matrix: Float64Array, size: number): SmallSvd {
  const columns = columnsOf(matrix, size);
  const right = columnsOf(new Float64Array(size * size), size);
  right.forEach((column, i) => (column[i] = 1));
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let rotations = 0;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) rotations += rotate(columns, right, p, q) ? 1 : 0;
    }
    if (rotations === 0) break;
  }
  const lengths = columns.map((column) => Math.sqrt(dot(column, column)));
  const order = [...lengths.keys()].sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b);
  const values = Float64Array.from(order, (column) => lengths[column] ?? 0);
  const unit = columns.map((column, at) => {
    const length = lengths[at] ?? 0;
    return length > 0 ? column.map((value) => value / length) : column;
  });
  return { left: byRows(unit, order), values, right: byRows(right, order) };
}

/** Makes two columns orthogonal; false where they are so already. */
function rotate(columns: Float64Array[], right: Float64Array[], p: number, q: number): boolean {
  const [a, b, va, vb] = [columns[p], columns[q], right[p], right[q]];
  if (a === undefined || b === undefined || va === undefined || vb === undefined) return false;
  const aa = dot(a, a);
  const bb = dot(b, b);
  const ab = dot(a, b);
  if (Math.abs(ab) <= Number.EPSILON * Math.sqrt(aa * bb) * 4) return false;
  const zeta = (bb - aa) / (2 * ab);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  turn(a, b, cosine, cosine * tangent);
  turn(va, vb, cosine, cosine * tangent);
  return true;
}

function turn(a: Float64Array, b: Float64Array, cosine: number, sine: number): void {
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    a[i] = cosine * x - sine * y;
    b[i] = sine * x + cosine * y;
  }
}

const columnsOf = (matrix: Float64Array, size: number): Float64Array[] =>
  Array.from({ length: size }, (_, j) => Float64Array.from({ length: size }, (__, i) => matrix[i * size + j] ?? 0));

function byRows(columns: readonly Float64Array[], order: readonly number[]): Float64Array {
  const size = columns.length;
  const out = new Float64Array(size * size);
  for (const [to, from] of order.entries()) {
    for (let i = 0; i < size; i++) out[i * size + to] = columns[from]?.[i] ?? 0;
  }
  return out;
}
