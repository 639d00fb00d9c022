import type { BinnedMatrix } from './binned-matrix.ts';
import { SplitSearch } from './find-split.ts';
import type { GainBounds } from './gain-bounds.ts';
import type { RowSums } from './row-adder.ts';
import type { LeafSums, TreeParams, Units } from './tree-params.ts';

const still = 2 ** 30;

interface Growing {
  readonly data: BinnedMatrix;
  readonly params: TreeParams;
  readonly bounds: GainBounds;
  readonly rowSums: RowSums;
  readonly units: Units;
  /** Leaf of each row. */
  readonly leafOf: Int32Array;
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
  readonly #lastStep: Int32Array;

  constructor(growing: Growing, leaves: number) {
    this.#growing = growing;
    this.#lastStep = new Int32Array(leaves).fill(still);
  }

  /** A leaf of the line is about to be looked at. */
  enter(total: LeafSums): void {
    this.#totals.push(total);
  }

  /** The last leaf of the line was split: one of the two leaves the line, the other is in it. */
  part(children: readonly { readonly number: number; readonly leaves: boolean }[]): void {
    for (const { number, leaves } of children) this.#lastStep[number] = leaves ? this.#totals.length - 1 : still;
  }

  /** Another leaf was split, and a new one came of it. */
  follow(newLeaf: number, leaf: number): void {
    this.#lastStep[newLeaf] = this.#lastStep[leaf] ?? still;
  }

  /** Whether the feature could be split at all leaves above this one at which it was not looked at. */
  wasSplittable(feature: number, leaf: number): boolean {
    const { bounds } = this.#growing;
    const last = Math.min(bounds.lastSkip[feature] ?? 0, this.#lastStep[leaf] ?? still);
    for (let step = bounds.firstSkip[feature] ?? still; step <= last; step++) {
      if (!this.#isSplittableAt(step, feature)) return false;
      // Known now, and not to be asked again.
      bounds.firstSkip[feature] = step === bounds.lastSkip[feature] ? still : step + 1;
    }
    return true;
  }

  #isSplittableAt(step: number, feature: number): boolean {
    const { data, params, rowSums, units, leafOf } = this.#growing;
    const { firstSlot, slotStart, slotRows } = data;
    const total = this.#totals[step];
    const from = firstSlot[feature] ?? 0;
    const slots = Int32Array.from({ length: (firstSlot[feature + 1] ?? 0) - from }, (_, bin) => from + bin);
    const sums = new Int32Array(slots.length << 1);
    slots.forEach((slot, bin) => {
      const end = slotStart[slot + 1] ?? 0;
      for (let at = slotStart[slot] ?? 0; at < end; at++) {
        const row = slotRows[at] ?? 0;
        if ((this.#lastStep[leafOf[row] ?? 0] ?? still) < step) continue;
        sums[bin << 1] = (sums[bin << 1] ?? 0) + (rowSums[row << 1] ?? 0);
        sums[(bin << 1) + 1] = (sums[(bin << 1) + 1] ?? 0) + (rowSums[(row << 1) + 1] ?? 0);
      }
    });
    if (total === undefined) return true;
    return new SplitSearch(data, params, { total, units }).lookAtRun(feature, {
      slots,
      sums,
      from: 0,
      to: slots.length,
    });
  }
}
