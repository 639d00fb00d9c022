import type { KernelMemory } from './kernel/memory.ts';
import { searchBytes, searchField } from './kernel/records.ts';

import type { LeafSums, TreeParams, Units } from './tree-params.ts';

type Field = keyof typeof searchField;

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
    this.set('allGradient', total.gradient);
    this.set('allHessian', total.hessian);
    this.set('hessianUnit', units.hessian);
    this.set('squaredGradientUnit', scale.squaredGradientUnit);
    this.set('added', scale.added);
    this.set('shiftInUnits', scale.shift);
    this.set('perBest', nearlyOne / scale.squaredGradientUnit);
    this.set('shift', leaf.shift);
    this.set('gradientUnit', units.gradient);
    this.set('l1', params.lambdaL1);
    this.set('l2', params.lambdaL2);
    this.set('countsPerHessian', countsPerHessian);
    this.setInt('loose', wholeHessian(sides.loose));
    this.setInt('minHessian', wholeHessian(sides.least));
    this.setInt('minCount', params.minDataInLeaf);
    this.setInt('maxCount', total.count - params.minDataInLeaf);
    this.setInt('leastSingle', wholeHessian(sides.leastSingle));
    this.setInt('mostSingle', Math.floor(total.hessian - sides.leastSingle));
  }

  set(field: Field, value: number): void {
    this.#doubles[searchField[field] >> 3] = value;
  }

  setInt(field: Field, value: number): void {
    this.#ints[searchField[field] >> 2] = value;
  }

  /** The best so far: the scores of its sides, and its column, -1 where there is none. */
  writeBest(score: number, column: number): void {
    this.set('best', score);
    this.setInt('bestColumn', column);
    this.setInt('feature', -1);
  }

  /** A better one that was found, with its right side; undefined where none was. */
  found(): { score: number; feature: number; bin: number; gradient: number; hessian: number } | undefined {
    const feature = this.#int('feature');
    if (feature < 0) return undefined;
    const [gradient, hessian] = [this.#int('rightGradient'), this.#int('rightHessian')];
    const score = this.#doubles[searchField.best >> 3] ?? 0;
    return { score, feature, bin: this.#int('bin'), gradient, hessian };
  }

  #int(field: Field): number {
    return this.#ints[searchField[field] >> 2] ?? 0;
  }
}
