import type { BinnedMatrix } from './binned-matrix.ts';
import { SplitSearch } from './find-split.ts';
import type { GainBounds } from './gain-bounds.ts';
import type { KernelWork } from './histogram.ts';
import type { Ints } from './kernel/memory.ts';
import type { RowAdder } from './row-adder.ts';
import type { LeafSums, Split, TreeParams, Units } from './tree-params.ts';

const still = 2 ** 30;

/** The first and the last of some steps. */
interface Steps {
  readonly first: number;
  readonly last: number;
}

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
    const { bounds, work } = this.#growing;
    const { feature } = split;
    const skips = bounds.skipsOf(feature);
    const steps = { first: skips.first, last: Math.min(skips.last, this.#lastStep.values[leaf] ?? still) };
    if (steps.first > steps.last) return true;
    const before = work.memory.used;
    const was = this.#wasSplittableIn(steps, split);
    work.memory.returnTo(before);
    // Known now, and not to be asked again.
    if (was) bounds.known(feature, steps.last === skips.last ? still : steps.last + 1);
    return was;
  }

  #wasSplittableIn({ first, last }: Steps, { feature, bin }: Split): boolean {
    const { data, bounds } = this.#growing;
    const [from, to] = [data.firstSlot[feature] ?? 0, data.firstSlot[feature + 1] ?? 0];
    const steps = Array.from({ length: last - first + 1 }, (_, at) => first + at);
    const record = bounds.simpleRecord(feature);
    if (record === undefined) {
      const all = Int32Array.from({ length: to - from }, (_, at) => from + at);
      return steps.every((step) => {
        const sums = this.#sumsOf({ from, to }, { first: step, last: step }).values;
        return this.#searchAt(step).lookAtRun(feature, { slots: all, sums, from: 0, to: all.length });
      });
    }
    // Most often the same split was better than none there too, which the slots on one side of it tell.
    const side = { from: from + bin, to };
    const ofSide = this.#sumsOf(side, { first, last });
    return steps.every((step) => {
      const slots = side.to - side.from;
      if (this.#isSplittableAt(step, { record, slots, sums: ofSide.address + (step - first) * slots * 8 })) return true;
      const { address: sums } = this.#sumsOf({ from, to }, { first: step, last: step });
      return this.#isSplittableAt(step, { record, slots: to - from, sums });
    });
  }

  #sumsOf(slots: { readonly from: number; readonly to: number }, steps: Steps): Ints {
    const { adder, leafOf } = this.#growing;
    return adder.sumsBySteps(slots, steps, { leafOf, lastSteps: this.#lastStep });
  }

  #searchAt(step: number): SplitSearch {
    const { data, params, units } = this.#growing;
    const total = this.#totals[step];
    if (total === undefined) throw new RangeError(`there was no step ${String(step)}`);
    return new SplitSearch(data, params, { total, units });
  }

  #isSplittableAt(
    step: number,
    run: { readonly record: number; readonly slots: number; readonly sums: number },
  ): boolean {
    return this.#searchAt(step).isSplittable(run, this.#growing.work);
  }
}
