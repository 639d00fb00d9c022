import type { Ints, KernelMemory } from './kernel/memory.ts';

/** Some rows, listed in the kernel's memory. */
export interface RowList {
  readonly address: number;
  readonly length: number;
}

/** Entries by rows in the kernel's memory. Slots count from the first one, and are of 16 bits where that is enough. */
export interface Entries {
  readonly rowStart: number;
  readonly rowSlots: number;
  readonly firstSlot: number;
  readonly areNarrow: boolean;
}

/** Slots and their sums. Both lists have room for one more. */
export interface SlotList {
  readonly slots: Ints;
  readonly sums: Ints;
  readonly length: number;
}

/** The slots that a leaf divides, and where those go that some rows have a part of, and those that others have: see the kernel's `divide`. */
type Division = readonly [number, number, number, number, number, number, number, number];

/** Adds up, by slots, what rows have at `rowSums`. */
export interface SlotSums {
  /** The slots of rows. */
  list(rows: RowList, entries: Entries, rowSums: number): SlotList;
  /** Adds the rows for `divide`; gives how many slots they touch. */
  add(rows: RowList, entries: Entries, rowSums: number): number;
  /** Divides lists by what was added, until `clear`. */
  divide(lists: Division): void;
  clear(): void;
}

/** So much fits into the nearer caches besides what is read: sums of all slots, in bytes. */
const mostOfTable = 2 ** 18;

/** Slots of features that have several are listed in ascending order. */
export const slotSums = (memory: KernelMemory, slots: number, areSorted: boolean): SlotSums =>
  slots * 8 <= mostOfTable ? new TableOfAll(memory, slots, areSorted) : new RankedSums(memory, slots);

const marksOf = (slots: number): number => (slots >>> 6) + 1;

const argumentsOf = (
  { address, length }: RowList,
  { rowStart, rowSlots, firstSlot }: Entries,
): [number, number, number, number, number] => [address, address + length * 4, rowStart, rowSlots, firstSlot];

/** Has a place for the sum of each slot, all zero between two uses. */
class TableOfAll implements SlotSums {
  readonly #memory: KernelMemory;
  readonly #slots: number;
  readonly #areSorted: boolean;
  readonly #sums: Ints;
  /** To sort by. */
  readonly #marks: Ints;
  #touched: RowList = { address: 0, length: 0 };

  constructor(memory: KernelMemory, slots: number, areSorted: boolean) {
    this.#memory = memory;
    this.#slots = slots;
    this.#areSorted = areSorted;
    this.#sums = memory.zeros(slots * 2);
    this.#marks = memory.zeros(marksOf(slots) * 2);
  }

  list(rows: RowList, entries: Entries, rowSums: number): SlotList {
    const { kernel } = this.#memory;
    const { slots, end, length } = this.#add(rows, entries, rowSums);
    const sums = this.#memory.room((length + 1) * 2);
    const own = [slots.address, end, this.#sums.address, sums.address] as const;
    if (this.#areSorted) kernel.gatherSorted(...own, this.#marks.address);
    else kernel.gather(...own);
    return { slots, sums, length };
  }

  add(rows: RowList, entries: Entries, rowSums: number): number {
    const { slots, length } = this.#add(rows, entries, rowSums);
    this.#touched = { address: slots.address, length };
    return length;
  }

  divide(lists: Division): void {
    this.#memory.kernel.divide(...lists, this.#sums.address);
  }

  clear(): void {
    const { address, length } = this.#touched;
    this.#memory.kernel.clear(address, address + length * 4, this.#sums.address);
  }

  #add(rows: RowList, entries: Entries, rowSums: number) {
    const { kernel, used } = this.#memory;
    const add = entries.areNarrow ? kernel.addNarrow : kernel.add;
    const { address } = this.#memory.room(this.#slots + 1);
    const end = add(...argumentsOf(rows, entries), rowSums, this.#sums.address, address);
    // What was not needed is given back.
    this.#memory.returnTo(used);
    const length = (end - address) >> 2;
    return { slots: this.#memory.room(length + 1), end, length };
  }
}

/**
 * Has sums of the slots that rows touch, and no others, one after the other: a slot is found by how many marked ones are before it. Rows are gone through twice, but marks and their
 * ranks stay in the nearest cache, where sums of all slots would not.
 */
class RankedSums implements SlotSums {
  readonly #memory: KernelMemory;
  readonly #marks: Ints;
  readonly #marksEnd: number;
  readonly #ranks: Ints;
  /** Of what was added last. */
  #sums = 0;

  constructor(memory: KernelMemory, slots: number) {
    this.#memory = memory;
    const marks = marksOf(slots);
    this.#marks = memory.zeros(marks * 2);
    this.#marksEnd = this.#marks.address + marks * 8;
    this.#ranks = memory.zeros(marks);
  }

  list(rows: RowList, entries: Entries, rowSums: number): SlotList {
    const list = this.#add(rows, entries, rowSums);
    this.clear();
    return list;
  }

  add(rows: RowList, entries: Entries, rowSums: number): number {
    const { sums, length } = this.#add(rows, entries, rowSums);
    this.#sums = sums.address;
    return length;
  }

  divide(lists: Division): void {
    this.#memory.kernel.divideRanked(...lists, this.#marks.address, this.#ranks.address, this.#sums);
  }

  clear(): void {
    this.#memory.kernel.unmark(this.#marks.address, this.#marksEnd);
  }

  #add(rows: RowList, entries: Entries, rowSums: number): SlotList {
    const { kernel } = this.#memory;
    const own = argumentsOf(rows, entries);
    const [marks, ranks] = [this.#marks.address, this.#ranks.address];
    (entries.areNarrow ? kernel.markNarrowRows : kernel.markRows)(...own, marks);
    const length = kernel.rank(marks, this.#marksEnd, ranks);
    const [slots, sums] = [this.#memory.room(length + 1), this.#memory.room((length + 1) * 2)];
    const add = entries.areNarrow ? kernel.addNarrowRanked : kernel.addRanked;
    add(...own, rowSums, marks, ranks, slots.address, sums.address, length);
    return { slots, sums, length };
  }
}
