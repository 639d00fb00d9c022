import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { binMatrix } from './binned-matrix.ts';
import { KernelMemory } from './kernel/memory.ts';
import { narrow, type Gradients } from './narrow.ts';
import { collectRows, fitsMemory, RowAdder } from './row-adder.ts';

const [rows, columns] = [501, 30];
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

const kinds = { useMissing: true, singlesApart: true, categoricalFeature: [] };
const data = binMatrix(makeRows(), { maxBin: 15, minDataInBin: 3, minDataInLeaf: 3, ...kinds });
const gradientsUpTo = (largest: number, count = rows): Gradients => ({
  rowSums: Int32Array.from({ length: count * 2 }, (_, at) =>
    at % 2 === 0 ? Math.floor((2 * random() - 1) * largest) : Math.floor(random() * (largest - 1)),
  ),
  units: { gradient: 2 ** -20, hessian: 0.5 },
  total: { gradient: 0, hessian: 0, count },
});
const aligned = (bytes: number): number => Math.ceil(bytes / 16) * 16;
const sumOf = (values: Int32Array, from: number): number =>
  values.reduce((sum, value, at) => sum + (at % 2 === from ? value : 0), 0);

/** By slot: gradient and hessian of some rows, read from the entries by slots. */
function sumsOf(rowSums: Int32Array, some: readonly number[]): Map<number, readonly [number, number]> {
  const sums = new Map<number, readonly [number, number]>();
  for (let slot = 0; slot < data.slots; slot++) {
    const own = data.slotRows.subarray(data.slotStart[slot], data.slotStart[slot + 1]);
    const held = some.filter((row) => own.includes(row));
    if (held.length === 0) continue;
    const add = (at: 0 | 1): number => held.reduce((sum, row) => sum + rowSums[row * 2 + at]!, 0);
    sums.set(slot, [add(0), add(1)]);
  }
  return sums;
}

describe('gradients in the kernel', () => {
  it.each([2 ** 15, 2 ** 22, 2 ** 30])('are narrowed as it is written: up to %i, of any number of rows', (largest) => {
    for (const count of [rows, rows - 1, 1]) {
      const wide = gradientsUpTo(largest, count);
      const taken = new RowAdder({ ...data, rows: count }, new KernelMemory()).take(wide);
      expect(taken).toEqual(narrow(wide, new Int32Array(count * 2)));
      const { rowSums, total, units } = taken;
      expect(rowSums.reduce((sum, value, at) => sum + (at % 2 === 0 ? Math.abs(value) : 0), 0)).toBeLessThan(2 ** 31);
      expect(total.gradient * units.gradient).toBeCloseTo(sumOf(wide.rowSums, 0) * 2 ** -20, -1);
      expect(total.hessian).toBe(sumOf(rowSums, 1));
    }
  });
});

describe.each([
  ['that are told by 16 bits', data.slots],
  ['that are told by 32 bits', 70_000],
])('the kernel that adds rows up to slots %s', (_, slots) => {
  const memory = new KernelMemory();
  const adder = new RowAdder({ ...data, slots }, memory);
  const { rowSums } = adder.take(gradientsUpTo(2 ** 31 / rows));
  const everyRow = Array.from({ length: rows }, (_, row) => row);

  it('has the sums of all rows, and of the slots of the given features only', () => {
    const features = Int32Array.from({ length: data.features }, (_, f) => f).filter((f) => f % 3 !== 1);
    adder.addColumns({ address: memory.copy(features).address, length: features.length });
    const sums = sumsOf(rowSums, everyRow);
    expect(rowSums.some((sum) => sum < 0)).toBe(true);
    for (let slot = 0; slot < data.slots; slot++) {
      const wanted = features.includes(data.featureOf[slot]!) ? (sums.get(slot) ?? [0, 0]) : [0, 0];
      expect([...adder.all.values.subarray(slot * 2, slot * 2 + 2)]).toEqual(wanted);
    }
  });

  it.each([0, 1, 77, rows])('has the sums of %i rows, and lists their slots', (count) => {
    const some = Array.from({ length: count }, (_, at) => (at * 7) % rows);
    const list = { address: memory.copy(Int32Array.from(some)).address, length: count };
    const wanted = sumsOf(rowSums, some);
    expect(wanted.size > 0).toBe(count > 0);
    // Nothing is left of what was added before.
    for (let time = 0; time < 2; time++) {
      const { slots, sums, length } = adder.listOf(list);
      const listed = [...slots.values.subarray(0, length)];
      expect(listed).toEqual([...listed].sort((one, other) => one - other));
      const own = sums.values;
      expect(new Map(listed.map((slot, at) => [slot, [own[at * 2], own[at * 2 + 1]]]))).toEqual(wanted);
    }
  });

  it('divides a list by what rows have of it', () => {
    const all = adder.listOf({ address: memory.copy(Int32Array.from(everyRow)).address, length: rows });
    const some = everyRow.filter((row) => row % 5 === 2);
    const touched = adder.add({ address: memory.copy(Int32Array.from(some)).address, length: some.length });
    const [part, ends] = [memory.room((all.length + 1) * 3), memory.zeros(2)];
    const partSums = part.address + aligned((all.length + 1) * 4);
    const [slots, sums] = [all.slots.address, all.sums.address];
    const end = slots + all.length * 4;
    adder.sums.divide([slots, end, sums, part.address, partSums, slots, sums, ends.address]);
    adder.sums.clear();
    const listAt = (from: number, to: number, own: number) =>
      new Map(
        Array.from({ length: (to - from) >> 2 }, (_, at) => [
          memory.intAt(from + at * 4),
          [memory.intAt(own + at * 8), memory.intAt(own + at * 8 + 4)],
        ]),
      );
    const [partEnd = 0, keptEnd = 0] = ends.values;
    expect(listAt(part.address, partEnd, partSums)).toEqual(sumsOf(rowSums, some));
    const others = everyRow.filter((row) => row % 5 !== 2);
    expect(listAt(slots, keptEnd, sums)).toEqual(sumsOf(rowSums, others));
    expect(touched).toBe(sumsOf(rowSums, some).size);
    expect(adder.listOf({ address: 0, length: 0 }).length).toBe(0);
  });

  it('has the sums of slots for each of several steps', () => {
    const leafOf = memory.copy(Int32Array.from(everyRow, (row) => row % 4));
    const lastSteps = memory.copy(Int32Array.of(2, 5, 2 ** 30, 3));
    const slots = { from: 2, to: 7 };
    const before = memory.used;
    const found = adder.sumsBySteps(slots, { first: 3, last: 6 }, { leafOf, lastSteps });
    const wanted = [3, 4, 5, 6].flatMap((step) => {
      const sums = sumsOf(
        rowSums,
        everyRow.filter((row) => lastSteps.values[row % 4]! >= step),
      );
      return [2, 3, 4, 5, 6].flatMap((slot) => [...(sums.get(slot) ?? [0, 0])]);
    });
    expect([...found.values]).toEqual(wanted);
    memory.returnTo(before);
  });

  it('lists the rows of a leaf, and gives back what it does not need', () => {
    const leafOf = memory.copy(Int32Array.from(everyRow, (row) => row % 4));
    const slot = 3;
    const own = [...data.slotRows.subarray(data.slotStart[slot], data.slotStart[slot + 1])];
    const found = adder.rowsOf(slot, slot + 1, { leafOf, number: 2 });
    expect(Array.from({ length: found.length }, (_, at) => memory.intAt(found.address + at * 4))).toEqual(
      own.filter((row) => row % 4 === 2),
    );
    const before = memory.used;
    const none = collectRows(memory, found, { leafOf, number: 1 });
    expect(none.length).toBe(0);
    expect(memory.used - before).toBeLessThanOrEqual(16);
  });

  it('grows its memory, and what was given out before stays in place', () => {
    const before = memory.copy(Int32Array.of(1, 2, 3));
    const large = memory.zeros(1_000_000);
    large.values.fill(7);
    expect([...before.values]).toEqual([1, 2, 3]);
    before.values[0] = 5;
    expect(memory.copy(Int32Array.of(9)).values[0]).toBe(9);
    expect(before.values[0]).toBe(5);
    expect(large.values.every((value) => value === 7)).toBe(true);
  });

  it('takes no more than can be addressed', () => {
    expect(fitsMemory(data)).toBe(true);
    expect(fitsMemory({ ...data, rowSlots: { length: 2 ** 30 } as Int32Array })).toBe(false);
  });
});
