import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { binMatrix } from './binned-matrix.ts';
import { memoryFor, rowAdder, type RowAdder } from './row-adder.ts';

const [rows, columns] = [500, 30];
const random = seededRandom(3);

/** Some rows have no entries. */
function makeRows(): CsrMatrix {
  const indptr = [0];
  const indices: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; row % 7 !== 3 && column < columns; column++) if (random() < 0.2) indices.push(column);
    indptr.push(indices.length);
  }
  const values = Float64Array.from(indices, () => random() - 0.3);
  return { rows, columns, indptr: Int32Array.from(indptr), indices: Int32Array.from(indices), values };
}

const options = { maxBin: 15, minDataInBin: 3, minDataInLeaf: 3, useMissing: true, categoricalFeature: [] };
const data = binMatrix(makeRows(), options);
const largest = 2 ** 31 / rows;
const rowSums = Int32Array.from({ length: rows * 2 }, (_, at) =>
  at % 2 === 0 ? Math.floor((2 * random() - 1) * largest) : 1 + Math.floor(random() * (largest - 2)),
);

/** What was touched, and the sums of those slots. */
function sumsOf(adder: RowAdder, some: Int32Array): { touched: number[]; sums: number[] } {
  const touched = [...adder.touched.subarray(0, adder.addRows(some))];
  const sums = touched.flatMap((slot) => [...adder.some.subarray(slot * 2, slot * 2 + 2)]);
  for (const slot of touched) adder.some.fill(0, slot * 2, slot * 2 + 2);
  return { touched, sums };
}

describe('the kernel that adds rows up', () => {
  const plain = rowAdder(data, undefined);
  const memory = memoryFor(data);
  const quick = rowAdder(data, memory);
  plain.take(rowSums);
  quick.take(rowSums);

  it('has the sums of all rows, and of the slots of the given features only', () => {
    const features = Int32Array.from({ length: data.features }, (_, f) => f).filter((f) => f % 3 !== 1);
    plain.addColumns(features);
    quick.addColumns(features);
    expect(plain.all.some((sum) => sum < 0)).toBe(true);
    expect([...quick.all]).toEqual([...plain.all]);
  });

  it.each([0, 1, 77, rows])('has the sums of %i rows, and lists their slots', (count) => {
    const some = Int32Array.from({ length: count }, (_, at) => (at * 7) % rows);
    const wanted = sumsOf(plain, some);
    expect(wanted.touched.length > 0).toBe(count > 0);
    expect(sumsOf(quick, some)).toEqual(wanted);
    expect(quick.some.every((sum) => sum === 0)).toBe(true);
  });

  it('is given the memory of another anew', () => {
    const again = rowAdder(data, memory);
    again.take(rowSums);
    expect(sumsOf(again, Int32Array.of(5, 6))).toEqual(sumsOf(plain, Int32Array.of(5, 6)));
  });
});
