import type { KernelMemory } from './kernel/memory.ts';
import { searchBytes, searchField } from './kernel/records.ts';

import type { LeafSums, TreeParams, Units } from './tree-params.ts';

/** Where a field is, in bytes. */
type Place = (typeof searchField)[keyof typeof searchField];

export interface LeafToSearch {
  readonly total: LeafSums;
  readonly units: Units;
  readonly params: TreeParams;
  /** Least hessian of a side in units of the sums: that is looked at, that is allowed, and that is a single slot. */
  readonly sides: { readonly loose: number; readonly least: number; readonly leastSingle: number };
  /** See `SplitSearch`. */
  readonly shift: number;
  /** For gains in units of squared gradients by hessians. */
  readonly scale: {
    readonly hessianUnit: number;
    readonly squaredGradientUnit: number;
    readonly added: number;
    readonly shift: number;
  };
  readonly countsPerHessian: number;
  readonly nearlyOne: number;
}

const largestInt = 2 ** 31 - 1;

/** The least whole number of 32 bits that is not below a hessian. */
export const wholeHessian = (hessian: number): number => Math.min(largestInt, Math.max(0, Math.ceil(hessian)));

/** A search of one leaf in the kernel's memory: what it asks, and the best that it found. */
export class SearchFields {
  readonly address: number;
  readonly #doubles: Float64Array;
  readonly #ints: Int32Array;

  constructor(memory: KernelMemory) {
    const room = memory.zeros(searchBytes / 4);
    this.address = room.address;
    this.#ints = room.values;
    this.#doubles = memory.doubles(room);
  }

  /** What a search of the leaf asks. */
  enter(leaf: LeafToSearch): void {
    const { total, units, params, sides, scale, countsPerHessian, nearlyOne } = leaf;
    this.set(searchField.allGradient, total.gradient);
    this.set(searchField.allHessian, total.hessian);
    this.set(searchField.hessianUnit, units.hessian);
    this.set(searchField.squaredGradientUnit, scale.squaredGradientUnit);
    this.set(searchField.added, scale.added);
    this.set(searchField.shiftInUnits, scale.shift);
    this.set(searchField.perBest, nearlyOne / scale.squaredGradientUnit);
    this.set(searchField.shift, leaf.shift);
    this.set(searchField.gradientUnit, units.gradient);
    this.set(searchField.l1, params.lambdaL1);
    this.set(searchField.l2, params.lambdaL2);
    this.set(searchField.countsPerHessian, countsPerHessian);
    this.setInt(searchField.loose, wholeHessian(sides.loose));
    this.setInt(searchField.minHessian, wholeHessian(sides.least));
    this.setInt(searchField.minCount, params.minDataInLeaf);
    this.setInt(searchField.maxCount, total.count - params.minDataInLeaf);
    this.setInt(searchField.leastSingle, wholeHessian(sides.leastSingle));
    this.setInt(searchField.mostSingle, Math.floor(total.hessian - sides.leastSingle));
  }

  set(place: Place, value: number): void {
    this.#doubles[place >> 3] = value;
  }

  setInt(place: Place, value: number): void {
    this.#ints[place >> 2] = value;
  }

  /** The best so far: the scores of its sides, and its column, -1 where there is none. */
  writeBest(score: number, column: number): void {
    this.set(searchField.best, score);
    this.setInt(searchField.bestColumn, column);
    this.setInt(searchField.feature, -1);
  }

  /** A better one that was found, with its right side; undefined where none was. */
  found(): { score: number; feature: number; bin: number; gradient: number; hessian: number } | undefined {
    const feature = this.#int(searchField.feature);
    if (feature < 0) return undefined;
    const [gradient, hessian] = [this.#int(searchField.rightGradient), this.#int(searchField.rightHessian)];
    const score = this.#doubles[searchField.best >> 3] ?? 0;
    return { score, feature, bin: this.#int(searchField.bin), gradient, hessian };
  }

  #int(place: Place): number {
    return this.#ints[place >> 2] ?? 0;
  }
}
