import { expect, it } from 'vitest';
import { bootstrap, interval95, quantile } from './bootstrap.ts';

const cellsOf = (rowsOf: readonly number[]): Int32Array =>
  Int32Array.from(rowsOf.flatMap((rows, cell) => Array.from({ length: rows }, () => cell)));

it.each([[[700, 300]], [[1, 4, 95]], [[0, 3, 0, 2]], [[2500, 0, 2400, 100]]])(
  'counts of resamples are multinomial: %j',
  (rowsOf) => {
    const cellOfRow = cellsOf(rowsOf);
    const rows = cellOfRow.length;
    const seen: number[][] = rowsOf.map(() => []);
    bootstrap({ cellOfRow, cells: rowsOf.length, seed: 5 }, (counts) => {
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(rows);
      counts.forEach((count, cell) => seen[cell]!.push(count));
      return [0];
    });
    for (const [cell, own] of rowsOf.entries()) {
      const mean = seen[cell]!.reduce((sum, count) => sum + count, 0) / 1000;
      const variance = seen[cell]!.reduce((sum, count) => sum + (count - mean) ** 2, 0) / 1000;
      const expected = own * (1 - own / rows);
      // Five standard errors of a mean and a variance over 1000 resamples.
      expect(Math.abs(mean - own)).toBeLessThanOrEqual(5 * Math.sqrt(expected / 1000));
      expect(Math.abs(variance - expected)).toBeLessThanOrEqual(5 * expected * Math.sqrt(2.6 / 1000));
    }
  },
);

it('values come ascending, the same for the same seed, and others for another', () => {
  const cellOfRow = cellsOf([30, 70]);
  const run = (seed: number): Float64Array => bootstrap({ cellOfRow, cells: 2, seed }, ([first = 0]) => [first])[0]!;
  expect(run(1)).toEqual(run(1).sort());
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});

it('quantiles lie between order statistics, as numpy has them', () => {
  const values = Float64Array.of(1, 2, 4, 8);
  expect([0, 0.25, 0.5, 1].map((q) => quantile(values, q))).toEqual([1, 1.75, 3, 8]);
  expect(interval95(Float64Array.of(3))).toEqual([3, 3]);
});
