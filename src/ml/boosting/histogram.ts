import type { BinnedMatrix } from './binned-matrix.ts';
import type { GainBounds } from './gain-bounds.ts';
import type { Ints, KernelMemory } from './kernel/memory.ts';
import type { RowAdder } from './row-adder.ts';
import { wholeHessian, type SearchFields } from './search-fields.ts';
import type { RowList } from './slot-sums.ts';
import type { Candidates } from './tree-params.ts';

/**
 * Sums of some rows: which slots they touch, and the sums of those, in the kernel's memory. The first `singles` are slots of features that have no other,
 * in any order; then come those of the other features, ascending.
 */
export interface TouchedSlots {
  readonly slots: Ints;
  readonly sums: Ints;
  singles: number;
  length: number;
}

/** The leaf whose sums are those of all slots. */
export interface DenseLeaf {
  readonly sums: Ints;
  readonly candidates: Candidates;
  readonly bounds: GainBounds;
}

/** What a side of a split must have; rows are counted as splits are: bin by bin, by their share of the hessian. */
export interface LeastSide {
  readonly count: number;
  readonly countsPerHessian: number;
  readonly hessian: number;
}

/** The rows that move out of a leaf, and what lists of them need not have. */
export interface Moving {
  readonly rows: RowList;
  /** A feature with less outside of its zero bin cannot be split there. */
  readonly least: LeastSide;
}

/** What looking at leaves needs of the kernel's memory. */
export interface KernelWork {
  readonly memory: KernelMemory;
  readonly featureOf: Ints;
  readonly columnOf: Ints;
  /** A place that the kernel writes ends of lists to. */
  readonly ends: Ints;
  readonly search: SearchFields;
  /** See `GainBounds`. */
  readonly records: number;
}

/** Divides the sums of a leaf among the two that come of it. */
export class Scatter {
  readonly #data: BinnedMatrix;
  readonly #adder: RowAdder;
  readonly #memory: KernelMemory;
  readonly #ends: Ints;

  constructor(data: BinnedMatrix, adder: RowAdder, memory: KernelMemory) {
    this.#data = data;
    this.#adder = adder;
    this.#memory = memory;
    this.#ends = memory.zeros(2);
  }

  /** The sums of rows of a leaf for all slots, of which those are left that are not theirs. Only slots of candidates are listed that could be split there. */
  moveFromAll({ rows, least }: Moving, leaf: DenseLeaf): TouchedSlots {
    const { slots, sums, length } = this.#adder.listOf(rows);
    const { singles } = this.#data;
    const end = slots.address + length * 4;
    // A side of a single slot is that slot, as in the search for splits.
    const leastHessian = wholeHessian(Math.max((least.count - 0.5) / least.countsPerHessian, least.hessian));
    const { kernel } = this.#memory;
    const { isOne } = leaf.candidates;
    const [all, ones] = [leaf.sums.address, isOne.address];
    const kept = kernel.takeSingles(
      slots.address,
      end,
      sums.address,
      singles,
      all,
      ones,
      leastHessian,
      this.#ends.address,
    );
    const taken = this.#ends.values[0] ?? 0;
    const listed = (kept - slots.address) >> 2;
    if (taken === end) return { slots, sums, singles: listed, length: listed };
    const listEnd = kernel.takeSeveral(
      taken,
      end,
      sums.address + (taken - slots.address) * 2,
      all,
      ones,
      leaf.bounds.records,
      this.#adder.firstSlot.address,
      wholeHessian(least.hessian),
      least.count,
      kept,
      sums.address + listed * 8,
      singles,
      least.countsPerHessian,
    );
    return { slots, sums, singles: listed, length: (listEnd - slots.address) >> 2 };
  }

  /** The same of a leaf with a list, of which the slots that nothing is left of go. */
  moveFromList({ rows }: Moving, from: TouchedSlots): TouchedSlots {
    const length = Math.min(this.#adder.add(rows), from.length) + 1;
    const [slots, sums] = [this.#memory.room(length), this.#memory.room(length << 1)];
    const part = { slots, sums, singles: 0, length: 0 };
    const kept = { ...from, singles: 0, length: 0 };
    this.#divide(from, { from: 0, to: from.singles, part, kept });
    part.singles = part.length;
    kept.singles = kept.length;
    this.#divide(from, { from: from.singles, to: from.length, part, kept });
    from.singles = kept.singles;
    from.length = kept.length;
    this.#adder.sums.clear();
    return part;
  }

  #divide(
    { slots, sums }: TouchedSlots,
    { from, to, part, kept }: { readonly from: number; readonly to: number } & Record<'part' | 'kept', TouchedSlots>,
  ): void {
    if (from === to) return;
    const ends = this.#ends;
    this.#adder.sums.divide([
      slots.address + from * 4,
      slots.address + to * 4,
      sums.address + from * 8,
      part.slots.address + part.length * 4,
      part.sums.address + part.length * 8,
      kept.slots.address + kept.length * 4,
      kept.sums.address + kept.length * 8,
      ends.address,
    ]);
    part.length = ((ends.values[0] ?? 0) - part.slots.address) >> 2;
    kept.length = ((ends.values[1] ?? 0) - kept.slots.address) >> 2;
  }
}

/** The leaf with the dense sums is not to be split by the feature. */
export function dropCandidate({ candidates }: DenseLeaf, feature: number): void {
  const { values } = candidates.features;
  const at = values.subarray(0, candidates.length).indexOf(feature);
  if (at < 0) return;
  values.copyWithin(at, at + 1, candidates.length);
  if (at < candidates.singles) candidates.singles--;
  candidates.length--;
  candidates.isOne.values[feature] = 0;
}

/** The same of a leaf with a list. */
export function dropSlots(touched: TouchedSlots, { featureOf }: BinnedMatrix, feature: number): void {
  const { length, singles } = touched;
  const slots = touched.slots.values;
  touched.length = 0;
  for (let at = 0; at < length; at++) {
    if (featureOf[slots[at] ?? 0] === feature) continue;
    keepSlot(touched, at, touched.length++);
    if (at < singles) touched.singles = touched.length;
  }
}

/** Moves a slot and its sums to an earlier place of the list. */
export function keepSlot(
  { slots: { values: slots }, sums: { values: sums } }: TouchedSlots,
  from: number,
  to: number,
): void {
  slots[to] = slots[from] ?? 0;
  sums[to << 1] = sums[from << 1] ?? 0;
  sums[(to << 1) + 1] = sums[(from << 1) + 1] ?? 0;
}
