import { expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { eachNeighbours, indexRows, unitRows, type Metric } from './nearest.ts';

const dense = (rows: readonly (readonly number[])[]): CsrMatrix => {
  const entries = rows.map((row) => row.flatMap((value, column) => (value === 0 ? [] : [{ column, value }])));
  const indptr = new Int32Array(rows.length + 1);
  entries.forEach((own, row) => (indptr[row + 1] = indptr[row]! + own.length));
  return {
    rows: rows.length,
    columns: rows[0]?.length ?? 0,
    indptr,
    indices: Int32Array.from(entries.flat(), ({ column }) => column),
    values: Float64Array.from(entries.flat(), ({ value }) => value),
  };
};

function neighbours(metric: Metric, rows: CsrMatrix, x: CsrMatrix, k: number): { rows: number[]; far: number[] }[] {
  const found: { rows: number[]; far: number[] }[] = [];
  const index = indexRows(metric, metric === 'cosine' ? unitRows(rows) : rows);
  eachNeighbours(index, x, k, (_query, near, far) => found.push({ rows: [...near], far: [...far] }));
  return found;
}

it('by cosine, empty rows are nearest to empty ones, and as far from all others as rows without a common column', () => {
  const rows = dense([
    [1, 0, 0],
    [0, 0, 0],
    [0, 2, 1],
    [0, 0, 0],
  ]);
  const asked = dense([
    [0, 0, 0],
    [0, 0, 5],
  ]);
  const [empty, other] = neighbours('cosine', rows, asked, 3);
  expect(empty).toEqual({ rows: [1, 3, 0], far: [0, 0, 1] });
  expect(other!.rows).toEqual([2, 0, 1]);
  expect(other!.far[1]).toBe(1);
});

it.each(['cosine', 'euclidean'] as const)('%s: finds what comparing with every row finds', (metric) => {
  const random = seededRandom(11);
  const make = (count: number): number[][] =>
    Array.from({ length: count }, () => Array.from({ length: 12 }, () => (random() < 0.6 ? 0 : random() - 0.3)));
  const [rows, asked] = [make(60), make(25)];
  const length = (a: readonly number[]): number => Math.hypot(...a);
  const distance = (a: readonly number[], b: readonly number[]): number => {
    if (metric === 'euclidean') return Math.hypot(...a.map((value, at) => value - b[at]!));
    const product = a.reduce((sum, value, at) => sum + value * b[at]!, 0);
    return length(a) * length(b) === 0 ? Number(length(a) !== length(b)) : 1 - product / (length(a) * length(b));
  };
  const found = neighbours(metric, dense(rows), dense(asked), 7);
  asked.forEach((query, at) => {
    const all = rows.map((row) => distance(query, row)).sort((a, b) => a - b);
    found[at]!.far.forEach((far, i) => {
      expect(far).toBeCloseTo(all[i]!, 10);
    });
  });
});
