import type { BinnedMatrix } from './binned-matrix.ts';
import { SplitSearch } from './find-split.ts';
import type { GainBounds } from './gain-bounds.ts';
import type { KernelWork } from './histogram.ts';
import type { Ints } from './kernel/memory.ts';
import type { RowAdder } from './row-adder.ts';
import type { LeafSums, Split, TreeParams, Units } from './tree-params.ts';

const still = 2 ** 30;

interface Growing {
  readonly data: BinnedMatrix;
  readonly params: TreeParams;
  readonly bounds: GainBounds;
  readonly adder: RowAdder;
  readonly units: Units;
  /** Leaf of each row. */
  readonly leafOf: Ints;
  readonly work: KernelWork;
}

/**
 * The leaves of one tree that had the dense sums, one after the other. At some of them a feature may not have been looked at, since it could not be the
 * best; whether it could be split there, as LightGBM asks of all that splits below, is found out when it turns out to be the best.
 */
export class DenseLine {
  readonly #growing: Growing;
  /** By step. */
  readonly #totals: LeafSums[] = [];
  /** By leaf: the last step at which its rows were in the line. */
  readonly #lastStep: Ints;

  constructor(growing: Growing, leaves: number) {
    this.#growing = growing;
    this.#lastStep = growing.work.memory.room(leaves);
    this.#lastStep.values.fill(still);
  }

  /** A leaf of the line is about to be looked at. */
  enter(total: LeafSums): void {
    this.#totals.push(total);
  }

  /** The last leaf of the line was split: one of the two leaves the line, the other is in it. */
  part(children: readonly { readonly number: number; readonly leaves: boolean }[]): void {
    for (const { number, leaves } of children) this.#lastStep.values[number] = leaves ? this.#totals.length - 1 : still;
  }

  /** Another leaf was split, and a new one came of it. */
  follow(newLeaf: number, leaf: number): void {
    this.#lastStep.values[newLeaf] = this.#lastStep.values[leaf] ?? still;
  }

  /** Whether the feature of a split of this leaf could be split at all leaves above at which it was not looked at. */
  wasSplittable(split: Split, leaf: number): boolean {
    const { bounds } = this.#growing;
    const { feature } = split;
    const skips = bounds.skipsOf(feature);
    const last = Math.min(skips.last, this.#lastStep.values[leaf] ?? still);
    for (let step = skips.first; step <= last; step++) {
      if (!this.#isSplittableAt(step, split)) return false;
      // Known now, and not to be asked again.
      bounds.known(feature, step === skips.last ? still : step + 1);
    }
    return true;
  }

  /** Most often the same split was better than none there too, which the slots on one side of it tell. */
  #isSplittableAt(step: number, { feature, bin }: Split): boolean {
    const { data, params, bounds, adder, units, leafOf, work } = this.#growing;
    const total = this.#totals[step];
    if (total === undefined) return true;
    const [from, to] = [data.firstSlot[feature] ?? 0, data.firstSlot[feature + 1] ?? 0];
    const sumsFrom = (slot: number): Ints => adder.restOf(slot, to, { leafOf, lastSteps: this.#lastStep, step });
    const search = new SplitSearch(data, params, { total, units });
    const record = bounds.simpleRecord(feature);
    if (record !== undefined) {
      return [from + bin, from].some((slot) => search.isSplittable({ record, slots: to - slot }, sumsFrom(slot), work));
    }
    const slots = Int32Array.from({ length: to - from }, (_, at) => from + at);
    return search.lookAtRun(feature, { slots, sums: sumsFrom(from).values, from: 0, to: slots.length });
  }
}
