import type { BinnedMatrix } from './binned-matrix.ts';
import { mostInts, type Ints, type KernelMemory } from './kernel/memory.ts';
import { entriesOf, type FeatureRange } from './part-of-features.ts';
import { bitsToCut, unitsOf, type Gradients } from './narrow.ts';
import { slotSums, type Entries, type RowList, type SlotList, type SlotSums } from './slot-sums.ts';

/** So many slots are told by numbers of 16 bits. */
const mostNarrow = 2 ** 16;

/** Lists of slots that one tree may need, beside the matrix and the sums: a few times all slots and rows. */
const roomForLists = 16;

/** Whether the kernel can address what it needs for these rows. */
export const fitsMemory = ({ rows, features, slots, rowSlots: { length } }: BinnedMatrix): boolean =>
  2 * length + roomForLists * (rows + features + slots) < mostInts;

function copyEntries(
  memory: KernelMemory,
  { rowStart, rowSlots }: Pick<BinnedMatrix, 'rowStart' | 'rowSlots'>,
  { firstSlot, endSlot }: { readonly firstSlot: number; readonly endSlot: number },
): Entries {
  const areNarrow = endSlot - firstSlot <= mostNarrow;
  const slots = areNarrow ? memory.copyNarrow(rowSlots, firstSlot) : memory.copy(rowSlots, firstSlot);
  return { rowStart: memory.copy(rowStart).address, rowSlots: slots.address, firstSlot, areNarrow };
}

/** Adds gradients of rows up by slots, in the kernel's memory. */
export class RowAdder {
  /** Of all rows, see `addColumns`. */
  readonly all: Ints;
  /** First slot of each feature, and the number of slots. */
  readonly firstSlot: Ints;
  readonly sums: SlotSums;
  readonly #memory: KernelMemory;
  readonly #slotStart: Ints;
  readonly #slotRows: Ints;
  readonly #gradients: Ints;
  readonly #totals: Ints;
  readonly #entries: Entries;
  readonly #ofRange: Entries | undefined;
  #taken: Entries;

  /** `range`: features whose entries can be added alone. */
  constructor(data: BinnedMatrix, memory: KernelMemory, range?: FeatureRange) {
    this.#memory = memory;
    this.#entries = copyEntries(memory, data, { firstSlot: 0, endSlot: data.slots });
    if (range !== undefined) {
      const [firstSlot = 0, endSlot = 0] = [data.firstSlot[range.from], data.firstSlot[range.to]];
      this.#ofRange = copyEntries(memory, entriesOf(data, range), { firstSlot, endSlot });
    }
    this.#taken = this.#entries;
    this.#slotStart = memory.copy(data.slotStart);
    this.#slotRows = memory.copy(data.slotRows);
    this.firstSlot = memory.copy(data.firstSlot);
    // Pairs of rows are narrowed at once.
    this.#gradients = memory.zeros((data.rows + (data.rows & 1)) * 2);
    this.#totals = memory.zeros(4);
    this.all = memory.zeros(data.slots * 2);
    this.sums = slotSums(memory, data.slots, data.singles < data.features);
  }

  /** From now on, entries of all features are added, or only those of the thread's range. */
  takeEntries(which: 'all' | 'range'): void {
    this.#taken = which === 'all' ? this.#entries : (this.#ofRange ?? this.#entries);
  }

  /** From now on, rows have these gradients, narrowed; gives them, good until the next ones. See `narrow`, which says what is done. */
  take({ rowSums, units, total: { count } }: Gradients): Gradients {
    const { kernel } = this.#memory;
    const { address, values } = this.#gradients;
    const totals = this.#totals;
    values.set(rowSums);
    const odd = count & 1;
    values.fill(0, count * 2, (count + odd) * 2);
    const end = address + (count + odd) * 8;
    kernel.magnitudes(address, end, totals.address);
    const [absolute = 0, mass = 0] = Array.from(new BigInt64Array(totals.values.buffer, totals.address, 2), Number);
    const bits = bitsToCut(absolute, mass, count);
    kernel.narrow(address, end, ...bits, totals.address);
    const [one = 0, two = 0, three = 0, four = 0] = totals.values;
    // The row that makes an odd number even has hessian 1.
    const total = { gradient: one + three, hessian: two + four - odd, count };
    return { rowSums: values.subarray(0, count * 2), units: unitsOf(units, bits), total };
  }

  /** The sums of all rows, for the slots of the given features. */
  addColumns({ address, length }: { readonly address: number; readonly length: number }): void {
    const end = address + length * 4;
    const [firstSlot, slotStart, slotRows] = [this.firstSlot, this.#slotStart, this.#slotRows];
    const columns = [firstSlot.address, slotStart.address, slotRows.address] as const;
    this.#memory.kernel.sumColumns(address, end, ...columns, this.#gradients.address, this.all.address);
  }

  /** The slots that rows touch, with the sums of those rows. Where features have several slots, they ascend. */
  listOf(rows: RowList): SlotList {
    return this.sums.list(rows, this.#taken, this.#gradients.address);
  }

  /** For `sums.divide`: adds rows up, and gives how many slots they touch. */
  add(rows: RowList): number {
    return this.sums.add(rows, this.#taken, this.#gradients.address);
  }

  /** For each of the steps, the sums of the slots from..to - 1 over the rows whose leaf has no lower last step: one step after the other. */
  sumsBySteps(
    { from, to }: { readonly from: number; readonly to: number },
    { first, last }: { readonly first: number; readonly last: number },
    { leafOf, lastSteps }: { readonly leafOf: Ints; readonly lastSteps: Ints },
  ): Ints {
    const length = (to - from) * 2 * (last - first + 1);
    const out = this.#memory.room(length);
    const entries = [this.#slotStart.address, this.#slotRows.address] as const;
    const leaves = [leafOf.address, lastSteps.address] as const;
    const { address: gradients } = this.#gradients;
    const { kernel } = this.#memory;
    kernel.sumBySteps(from, to, ...entries, ...leaves, first, last, gradients, out.address, out.address + length * 4);
    return out;
  }

  /** The rows of a leaf that are in the slots from..to - 1. */
  rowsOf(from: number, to: number, leaf: { readonly leafOf: Ints; readonly number: number }): RowList {
    const start = this.#slotStart.values;
    const [first, last] = [start[from] ?? 0, start[to] ?? 0];
    const { address } = this.#slotRows;
    return collectRows(this.#memory, { address: address + first * 4, length: last - first }, leaf);
  }
}

/** Those of some rows that are of a leaf. */
export function collectRows(
  memory: KernelMemory,
  { address, length }: RowList,
  { leafOf, number }: { readonly leafOf: Ints; readonly number: number },
): RowList {
  const before = memory.used;
  const out = memory.room(length + 1);
  const end = memory.kernel.collect(address, address + length * 4, leafOf.address, number, out.address);
  const count = (end - out.address) >> 2;
  // What was not needed is given back.
  memory.returnTo(before);
  return { address: memory.room(count).address, length: count };
}
