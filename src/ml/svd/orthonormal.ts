import type { DenseRows } from './memory.ts';
import type { DenseProducts } from './products.ts';

/** A pivot below this share of the column's own square means columns too alike for the quick way. */
const leastPivot = 1e-8;

/**
 * Makes the first k columns of a tall matrix orthonormal, in place, and gives the upper triangular [k, k] matrix by rows that makes the old ones of the
 * new. By Cholesky's factor of their products, whose second pass mends what the first one lost (Yamamoto et al. 2015); by Gram and Schmidt where columns
 * are nearly dependent. Columns that depend on those before become zeros.
 */
export function orthonormalise(products: DenseProducts, y: DenseRows, k: number, passes: 1 | 2): Float64Array {
  let total = identity(k);
  for (let pass = 0; pass < passes; pass++) {
    const r = cholesky(products.gram(y), k);
    if (r === undefined) return times(gramSchmidt(y, k), total, k);
    products.multiply(y, inverseOf(r, k));
    total = times(r, total, k);
  }
  return total;
}

function identity(k: number): Float64Array {
  const one = new Float64Array(k * k);
  for (let i = 0; i < k; i++) one[i * k + i] = 1;
  return one;
}

function times(a: Float64Array, b: Float64Array, k: number): Float64Array {
  const out = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    for (let inner = 0; inner < k; inner++) {
      const factor = a[i * k + inner] ?? 0;
      for (let j = 0; j < k; j++) out[i * k + j] = (out[i * k + j] ?? 0) + factor * (b[inner * k + j] ?? 0);
    }
  }
  return out;
}

/** The upper factor of a matrix whose upper triangle is given, in its place; undefined where a pivot is too small. */
function cholesky(r: Float64Array, k: number): Float64Array | undefined {
  const own = Float64Array.from({ length: k }, (_, i) => r[i * k + i] ?? 0);
  for (let i = 0; i < k; i++) {
    const pivot = r[i * k + i] ?? 0;
    if (!(pivot > leastPivot * (own[i] ?? 0))) return undefined;
    const root = Math.sqrt(pivot);
    for (let j = 0; j < k; j++) r[i * k + j] = j < i ? 0 : (r[i * k + j] ?? 0) / root;
    for (let row = i + 1; row < k; row++) {
      const factor = r[i * k + row] ?? 0;
      for (let j = row; j < k; j++) r[row * k + j] = (r[row * k + j] ?? 0) - factor * (r[i * k + j] ?? 0);
    }
  }
  return r;
}

/** Of an upper triangular matrix, by back substitution. */
function inverseOf(r: Float64Array, k: number): Float64Array {
  const inverse = identity(k);
  for (let i = k - 1; i >= 0; i--) {
    for (let below = i + 1; below < k; below++) {
      const factor = r[i * k + below] ?? 0;
      for (let j = below; j < k; j++) {
        inverse[i * k + j] = (inverse[i * k + j] ?? 0) - factor * (inverse[below * k + j] ?? 0);
      }
    }
    const pivot = r[i * k + i] ?? 1;
    for (let j = i; j < k; j++) inverse[i * k + j] = (inverse[i * k + j] ?? 0) / pivot;
  }
  return inverse;
}

/** Slow and sure: each column is freed of those before it twice. */
function gramSchmidt({ values, rows, stride }: DenseRows, k: number): Float64Array {
  const columns = Array.from({ length: k }, (_, j) =>
    Float64Array.from({ length: rows }, (__, i) => values[i * stride + j] ?? 0),
  );
  const r = new Float64Array(k * k);
  for (const [j, column] of columns.entries()) {
    const length = Math.sqrt(dot(column, column));
    for (let pass = 0; pass < 2; pass++) {
      for (const [i, before] of columns.slice(0, j).entries()) {
        const share = dot(before, column);
        r[i * k + j] = (r[i * k + j] ?? 0) + share;
        for (let at = 0; at < rows; at++) column[at] = (column[at] ?? 0) - share * (before[at] ?? 0);
      }
    }
    const left = Math.sqrt(dot(column, column));
    const isNew = left > length * 1e-14;
    r[j * k + j] = isNew ? left : 0;
    for (let at = 0; at < rows; at++) values[at * stride + j] = column[at] = isNew ? (column[at] ?? 0) / left : 0;
  }
  return r;
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
