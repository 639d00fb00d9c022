import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import type { CsrMatrix } from './csr.ts';
import { csrProblem, joinColumns, selectRows, sortColumns, transpose } from './csr.ts';
import { addTransposedProduct, multiplyInto } from './multiply.ts';

const random = seededRandom(3);

/** Entries of a row in random order, with empty rows and columns among them. */
const make = (rows: number, columns: number): CsrMatrix => {
  const indptr = [0];
  const indices: number[] = [];
  for (let row = 0; row < rows; row++) {
    if (row % 4 !== 3) {
      const own = Array.from({ length: columns }, (_, column) => column).filter(
        (column) => column !== 1 && random() < 0.4,
      );
      indices.push(...own.sort(() => random() - 0.5));
    }
    indptr.push(indices.length);
  }
  const values = Float64Array.from(indices, () => random() * 4 - 2);
  return { rows, columns, indptr: Int32Array.from(indptr), indices: Int32Array.from(indices), values };
};

const dense = (matrix: CsrMatrix): number[][] =>
  Array.from({ length: matrix.rows }, (_, row) => {
    const values = new Array<number>(matrix.columns).fill(0);
    for (let at = matrix.indptr[row]!; at < matrix.indptr[row + 1]!; at++)
      values[matrix.indices[at]!]! += matrix.values[at]!;
    return values;
  });

const matrix = make(23, 11);
const full = dense(matrix);

describe('a sparse matrix means the same as its dense one', () => {
  it('transposed, and with sorted columns', () => {
    expect(dense(transpose(matrix))).toEqual(full[0]!.map((_, column) => full.map((row) => row[column])));
    const sorted = sortColumns(matrix);
    expect(dense(sorted)).toEqual(full);
    for (let row = 0; row < sorted.rows; row++) {
      const own = Array.from(sorted.indices.subarray(sorted.indptr[row], sorted.indptr[row + 1]));
      expect(own).toEqual([...own].sort((a, b) => a - b));
    }
  });

  it('with sorted columns, in rows of thousands of entries too', () => {
    const columns = Int32Array.from({ length: 3000 }, (_, at) => (at * 1999) % 3001);
    const values = Float64Array.from(columns, (column) => column / 2);
    const sorted = sortColumns({ rows: 1, columns: 3001, indptr: Int32Array.of(0, 3000), indices: columns, values });
    expect(sorted.indices).toEqual(columns.slice().sort());
    expect(sorted.values).toEqual(Float64Array.from(columns.slice().sort(), (column) => column / 2));
  });

  it('with rows picked, repeated and out of order', () => {
    expect(dense(selectRows(matrix, Int32Array.of(5, 3, 5, 0)))).toEqual([full[5], full[3], full[5], full[0]]);
  });

  it('side by side with another', () => {
    const other = make(23, 4);
    expect(dense(joinColumns([matrix, other]))).toEqual(full.map((row, i) => [...row, ...dense(other)[i]!]));
  });

  it('multiplied, from either side', () => {
    const k = 3;
    const weights = { rows: 11, columns: k, values: Float64Array.from({ length: 33 }, random) };
    const out = new Float64Array(23 * k).fill(7);
    multiplyInto({ x: matrix, w: weights, offset: Float64Array.of(1, 2, 3) }, out);
    full.forEach((row, i) => {
      for (let c = 0; c < k; c++) {
        const expected = row.reduce((sum, value, column) => sum + value * weights.values[column * k + c]!, c + 1);
        expect(out[i * k + c]).toBeCloseTo(expected, 12);
      }
    });
    const some = new Float64Array(23 * k).fill(7);
    multiplyInto({ x: matrix, w: weights, offset: Float64Array.of(1, 2, 3) }, some, Int32Array.of(20, 4));
    expect(some).toEqual(out.map((value, at) => ([4, 20].includes(Math.floor(at / k)) ? value : 7)));
    const back = new Float64Array(11 * k);
    addTransposedProduct(matrix, out, k, back);
    for (let column = 0; column < 11; column++) {
      for (let c = 0; c < k; c++) {
        const expected = full.reduce((sum, row, i) => sum + row[column]! * out[i * k + c]!, 0);
        expect(back[column * k + c]).toBeCloseTo(expected, 10);
      }
    }
  });
});

it('a broken matrix is told by what is wrong with it', () => {
  expect(csrProblem(matrix)).toBeUndefined();
  expect(csrProblem({ ...matrix, rows: 22 })).toContain('row pointers');
  expect(csrProblem({ ...matrix, columns: 5 })).toContain('outside');
  expect(csrProblem({ ...matrix, values: matrix.values.subarray(1) })).toContain('lengths');
  expect(csrProblem({ ...matrix, values: matrix.values.map(() => NaN) })).toContain('finite');
  expect(csrProblem({ ...matrix, indptr: matrix.indptr.map((at, row) => (row === 3 ? 0 : at)) })).toContain('descend');
});
