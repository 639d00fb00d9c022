import type { BinnedMatrix } from './binned-matrix.ts';
import type { GainBounds } from './gain-bounds.ts';
import { featureKind } from './feature-kind.ts';
import type { RowAdder, SlotSums } from './row-adder.ts';
import type { Candidates } from './tree-params.ts';

/** Sums of some rows: which slots they touch, ascending where features have several, and the sums of those. */
export interface TouchedSlots {
  slots: Int32Array;
  sums: SlotSums;
  length: number;
}

/** The leaf whose sums are those of all slots. */
export interface DenseLeaf {
  readonly sums: SlotSums;
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
  readonly rows: Int32Array;
  /** A feature with less outside of its zero bin cannot be split there. */
  readonly least: LeastSide;
}

/** Adds rows into slots, and lists the slots that were touched. */
export class Scatter {
  readonly #data: BinnedMatrix;
  readonly #adder: RowAdder;
  /** A bit a slot, all 0 between two uses. */
  readonly #marks: Int32Array;
  /** A 1 for each feature whose slots are all right of the zero bin, on the side where rows are counted: then all of them are the most a side can have. */
  readonly #onlyRight: Uint8Array;
  /** What is being listed. */
  readonly #listed: { readonly slots: Int32Array; readonly sums: SlotSums };

  constructor(data: BinnedMatrix, adder: RowAdder) {
    this.#data = data;
    this.#adder = adder;
    this.#marks = new Int32Array((data.slots >>> 5) + 1);
    this.#listed = { slots: new Int32Array(data.slots), sums: new Int32Array(data.slots << 1) };
    const { below, kinds } = data;
    this.#onlyRight = Uint8Array.from(below, (own, f) => +(own === 0 && (kinds[f] ?? 0) <= featureKind.zeroOrMissing));
  }

  /** The sums of rows of a leaf for all slots, of which those are left that are not theirs. Only slots of candidates are listed that could be split there. */
  moveFromAll(moving: Moving, leaf: DenseLeaf): TouchedSlots {
    const touched = this.#adder.addRows(moving.rows);
    const isPlain = this.#data.binary && !leaf.bounds.inUse;
    const length = isPlain ? this.#takeFeatures(touched, moving, leaf) : this.#takeSlots(touched, moving, leaf);
    return { slots: this.#listed.slots.slice(0, length), sums: this.#listed.sums.slice(0, length << 1), length };
  }

  /** Where every slot is a feature, and nobody asks for bounds. Gives how many were listed. */
  #takeFeatures(touched: number, { least }: Moving, { sums, candidates }: DenseLeaf): number {
    const { isOne } = candidates;
    const { some: added, touched: list } = this.#adder;
    const { slots, sums: own } = this.#listed;
    // A side is one bin, as in the search for splits.
    const leastHessian = Math.max((least.count - 0.5) / least.countsPerHessian, least.hessian);
    let length = 0;
    for (let i = 0; i < touched; i++) {
      const slot = list[i] ?? 0;
      const at = slot << 1;
      const gradient = added[at] ?? 0;
      const hessian = added[at + 1] ?? 0;
      added[at] = 0;
      added[at + 1] = 0;
      if (isOne[slot] !== 1) continue;
      sums[at] = (sums[at] ?? 0) - gradient;
      sums[at + 1] = (sums[at + 1] ?? 0) - hessian;
      if (hessian < leastHessian) continue;
      slots[length] = slot;
      own[length << 1] = gradient;
      own[(length << 1) + 1] = hessian;
      length++;
    }
    return length;
  }

  /** The same of any features. */
  #takeSlots(touched: number, { least }: Moving, { sums, candidates, bounds }: DenseLeaf): number {
    const { featureOf } = this.#data;
    const { isOne } = candidates;
    const { movedGradient, movedHessian, inUse } = bounds;
    const { some: added, touched: list } = this.#adder;
    const { slots, sums: own } = this.#listed;
    this.#sort(list.subarray(0, touched));
    let length = 0;
    const onlyRight = this.#onlyRight;
    // The feature that is being listed: where it begins, and its sums.
    let [last, from, count, mass] = [-1, 0, 0, 0];
    for (let i = 0; i < touched; i++) {
      const slot = list[i] ?? 0;
      const at = slot << 1;
      const gradient = added[at] ?? 0;
      const hessian = added[at + 1] ?? 0;
      added[at] = 0;
      added[at + 1] = 0;
      const feature = featureOf[slot] ?? 0;
      if (isOne[feature] !== 1) continue;
      sums[at] = (sums[at] ?? 0) - gradient;
      sums[at + 1] = (sums[at + 1] ?? 0) - hessian;
      if (inUse) {
        movedGradient[feature] = (movedGradient[feature] ?? 0) + Math.abs(gradient);
        movedHessian[feature] = (movedHessian[feature] ?? 0) + hessian;
      }
      if (feature !== last) {
        if (onlyRight[last] === 1 && (count < least.count || mass < least.hessian)) length = from;
        last = feature;
        from = length;
        count = 0;
        mass = 0;
      }
      count += (hessian * least.countsPerHessian + 0.5) | 0;
      mass += hessian;
      slots[length] = slot;
      own[length << 1] = gradient;
      own[(length << 1) + 1] = hessian;
      length++;
    }
    if (onlyRight[last] === 1 && (count < least.count || mass < least.hessian)) length = from;
    return length;
  }

  /** The same of a leaf with a list, of which the slots that nothing is left of go. */
  moveFromList({ rows }: Moving, from: TouchedSlots): TouchedSlots {
    const touched = this.#adder.addRows(rows);
    const most = Math.min(touched, from.length);
    const part = { slots: new Int32Array(most), sums: new Int32Array(most << 1), length: 0 };
    const added = this.#adder.some;
    const { slots, sums } = from;
    let kept = 0;
    for (let i = 0; i < from.length; i++) {
      const slot = slots[i] ?? 0;
      const gradient = added[slot << 1] ?? 0;
      const hessian = added[(slot << 1) + 1] ?? 0;
      const left = (sums[(i << 1) + 1] ?? 0) - hessian;
      if (hessian !== 0) append(part, slot, gradient, hessian);
      if (left === 0) continue;
      slots[kept] = slot;
      sums[kept << 1] = (sums[i << 1] ?? 0) - gradient;
      sums[(kept << 1) + 1] = left;
      kept++;
    }
    from.length = kept;
    this.#clear(touched);
    return part;
  }

  /** Many slots are put into order by marking them and collecting the marks, which takes a tenth of the time of comparing them. */
  #sort(slots: Int32Array): void {
    const marks = this.#marks;
    if (slots.length < marks.length >>> 4) {
      slots.sort();
      return;
    }
    for (const slot of slots) {
      marks[slot >>> 5] = (marks[slot >>> 5] ?? 0) | (1 << (slot & 31));
    }
    let length = 0;
    for (let word = 0; length < slots.length; word++) {
      let bits = marks[word] ?? 0;
      if (bits === 0) continue;
      marks[word] = 0;
      while (bits !== 0) {
        slots[length++] = (word << 5) + (31 - Math.clz32(bits & -bits));
        bits &= bits - 1;
      }
    }
  }

  #clear(touched: number): void {
    const sums = this.#adder.some;
    for (let i = 0; i < touched; i++) {
      const at = (this.#adder.touched[i] ?? 0) << 1;
      sums[at] = 0;
      sums[at + 1] = 0;
    }
  }
}

function append(to: TouchedSlots, slot: number, gradient: number, hessian: number): void {
  const at = to.length++;
  to.slots[at] = slot;
  to.sums[at << 1] = gradient;
  to.sums[(at << 1) + 1] = hessian;
}

/** The leaf with the dense sums is not to be split by the feature. */
export function dropCandidate({ candidates }: DenseLeaf, feature: number): void {
  const at = candidates.features.subarray(0, candidates.length).indexOf(feature);
  if (at < 0) return;
  candidates.features.copyWithin(at, at + 1, candidates.length);
  candidates.length--;
  candidates.isOne[feature] = 0;
}

/** The same of a leaf with a list. */
export function dropSlots(touched: TouchedSlots, { featureOf }: BinnedMatrix, feature: number): void {
  const { slots, sums, length } = touched;
  touched.length = 0;
  for (let i = 0; i < length; i++) {
    const slot = slots[i] ?? 0;
    if (featureOf[slot] !== feature) append(touched, slot, sums[i << 1] ?? 0, sums[(i << 1) + 1] ?? 0);
  }
}
