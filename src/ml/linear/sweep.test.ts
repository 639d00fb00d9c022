import { describe, expect, it } from 'vitest';
import { seededRandom, shuffle } from '../../core/random.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { kernelSweeper } from './sweep-kernel.ts';
import { plainSweeper } from './sweep.ts';
import type { RowTerms, Sweeper } from './sweep.ts';

const random = seededRandom(11);
const rows = 300;
const columns = 40;
/** Rows of no entry to all of them. */
const cells = Array.from({ length: rows }, (_, row) =>
  Array.from({ length: columns }, (_, column) => column).filter(() => random() < (row % 10) / 9),
);
const indptr = new Int32Array(rows + 1);
cells.forEach((row, at) => (indptr[at + 1] = indptr[at]! + row.length));
const indices = Int32Array.from(cells.flat());
const x: CsrMatrix = { rows, columns, indptr, indices, values: Float64Array.from(indices, () => random() - 0.4) };

const terms = (hinge: boolean): RowTerms => ({
  signs: Int8Array.from({ length: rows }, () => (random() < 0.5 ? 1 : -1)),
  limits: Float64Array.from({ length: rows }, () => (hinge ? 0.05 + random() / 5 : Infinity)),
  extra: Float64Array.from({ length: rows }, () => (hinge ? 0 : random())),
  diagonal: Float64Array.from({ length: rows }, () => 1 + random() * 5),
});

/** Weights, order and what was told after each of twenty passes, in which rows are set aside from the second on. */
function passes(sweeper: Sweeper, given: RowTerms): unknown[] {
  const order = seededRandom(3);
  sweeper.begin(given);
  sweeper.order.set(Int32Array.from({ length: rows }, (_, row) => row));
  let active = rows;
  let bounds = { upper: Infinity, lower: -Infinity };
  return Array.from({ length: 20 }, () => {
    shuffle(sweeper.order.subarray(0, active), order);
    const swept = sweeper.sweep(active, bounds);
    active = swept.kept;
    bounds = { upper: swept.largest, lower: swept.smallest };
    return { ...swept, weights: [...sweeper.weights], order: [...sweeper.order.subarray(0, active)] };
  });
}

describe('passes over rows in WebAssembly', () => {
  const kernel = kernelSweeper(x, 1.5)!;

  it.each([true, false])('are those of plain loops to the bit, one problem after the other (hinge: %s)', (hinge) => {
    for (let problem = 0; problem < 3; problem++) {
      const given = terms(hinge);
      const plain = passes(plainSweeper(x, 1.5), given) as { kept: number }[];
      expect(passes(kernel, given)).toEqual(plain);
      expect(plain.at(-1)!.kept).toBeLessThan(rows);
    }
  });

  it('are not made of more rows than can be addressed', () => {
    const many = { ...x, rows: 2 ** 26 };
    expect(kernelSweeper(many, 1)).toBeUndefined();
  });
});
