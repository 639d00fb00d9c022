import type { BinnedMatrix } from './binned-matrix.ts';
import { KernelMemory } from './kernel.ts';

/** Gradient and hessian of each row beside each other, [rows, 2], as whole numbers of a common unit. */
export type RowSums = Int32Array;

/** Sums by slot beside each other, [slots, 2]. They stay exact: see `narrow`. Half the bytes of doubles, and so more of them are near at hand. */
export type SlotSums = Int32Array;

/** Adds gradients of rows up by slots: where most of the time of training goes. */
export interface RowAdder {
  /** Of all rows, see `addColumns`. */
  readonly all: SlotSums;
  /** Of some rows, see `addRows`. Whoever took what was added leaves zeros behind. */
  readonly some: SlotSums;
  /** The slots that `addRows` touched. */
  readonly touched: Int32Array;
  /** From now on, rows have these gradients. */
  take(rowSums: RowSums): void;
  /** The sums of all rows, for the slots of the given features. */
  addColumns(features: Int32Array): void;
  /** Adds rows; gives how many slots were touched. */
  addRows(rows: Int32Array): number;
}

/** Fits any part of the data; undefined where that is more than WebAssembly can address. */
export const memoryFor = ({ rows, features, slots, rowSlots: { length } }: BinnedMatrix): KernelMemory | undefined =>
  KernelMemory.of([
    ...[rows + 1, length, slots + 1, length, features + 1],
    ...[rows * 2, Math.max(rows, features), slots * 2, slots * 2, slots + 1],
  ]);

/** Without memory, the same in JavaScript: half as fast. */
export const rowAdder = (data: BinnedMatrix, memory: KernelMemory | undefined): RowAdder =>
  memory === undefined ? plainAdder(data) : kernelAdder(data, memory);

function kernelAdder(data: BinnedMatrix, memory: KernelMemory): RowAdder {
  const { kernel } = memory;
  memory.begin();
  const rowStart = memory.ints(data.rowStart).address;
  const rowSlots = memory.ints(data.rowSlots).address;
  const slotStart = memory.ints(data.slotStart).address;
  const slotRows = memory.ints(data.slotRows).address;
  const firstSlot = memory.ints(data.firstSlot).address;
  const gradients = memory.ints(data.rows * 2);
  const given = memory.ints(Math.max(data.rows, data.features));
  const [all, some, touched] = [data.slots * 2, data.slots * 2, data.slots + 1].map((length) => memory.ints(length));
  if (all === undefined || some === undefined || touched === undefined) throw new Error('no memory');
  const { address: from } = given;
  return {
    all: all.values,
    some: some.values,
    touched: touched.values,
    take: (rowSums) => {
      gradients.values.set(rowSums);
    },
    addColumns: (features) => {
      given.values.set(features);
      const to = from + features.length * 4;
      kernel.sumColumns(from, to, firstSlot, slotStart, slotRows, gradients.address, all.address);
    },
    addRows: (rows) => {
      given.values.set(rows);
      const to = from + rows.length * 4;
      const end = kernel.add(from, to, rowStart, rowSlots, gradients.address, some.address, touched.address);
      return (end - touched.address) >> 2;
    },
  };
}

function plainAdder(data: BinnedMatrix): RowAdder {
  const { firstSlot, slotStart, slotRows, rowStart, rowSlots } = data;
  const [all, some] = [new Int32Array(data.slots * 2), new Int32Array(data.slots * 2)];
  const touched = new Int32Array(data.slots + 1);
  let gradients: RowSums = new Int32Array(0);
  const addSlot = (slot: number): void => {
    let [gradient, hessian] = [0, 0];
    const end = slotStart[slot + 1] ?? 0;
    for (let at = slotStart[slot] ?? 0; at < end; at++) {
      const row = (slotRows[at] ?? 0) << 1;
      gradient += gradients[row] ?? 0;
      hessian += gradients[row + 1] ?? 0;
    }
    all[slot << 1] = gradient;
    all[(slot << 1) + 1] = hessian;
  };
  return {
    all,
    some,
    touched,
    take: (rowSums) => {
      gradients = rowSums;
    },
    addColumns: (features) => {
      for (const feature of features) {
        const lastSlot = firstSlot[feature + 1] ?? 0;
        for (let slot = firstSlot[feature] ?? 0; slot < lastSlot; slot++) addSlot(slot);
      }
    },
    addRows: (rows) => {
      let count = 0;
      for (const row of rows) {
        const [gradient, hessian] = [gradients[row << 1] ?? 0, gradients[(row << 1) + 1] ?? 0];
        const end = rowStart[row + 1] ?? 0;
        for (let at = rowStart[row] ?? 0; at < end; at++) {
          const slot = rowSlots[at] ?? 0;
          const to = slot << 1;
          const before = some[to + 1] ?? 0;
          some[to] = (some[to] ?? 0) + gradient;
          some[to + 1] = before + hessian;
          // The hessian of a row is never 0, so before it nothing was added.
          touched[count] = slot;
          count += +(before === 0);
        }
      }
      return count;
    },
  };
}
