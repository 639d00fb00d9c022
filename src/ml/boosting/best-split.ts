import type { BinnedMatrix } from './binned-matrix.ts';
import { epsilon } from './kernel/records.ts';
import { areNearlyEqual, thresholdL1 } from './gain.ts';
import { TieBreak } from './tie-break.ts';
import type { CategorySet, LeafSums, Split, Sums, TreeParams, Units } from './tree-params.ts';

/** Bins that go left, and what the search made of them; see `CategorySet`. */
interface OfferedSet {
  readonly addedL2: number;
  readonly left: Sums;
  bins(): Int32Array;
}

/** A split of that score, by the sums of its right side. */
interface Found extends Sums {
  readonly score: number;
  readonly feature: number;
  readonly bin: number;
}

/**
 * The best split of one leaf so far. Of equal scores that of the lower column counts, and of one column the first that is met; where every row's gradient
 * has one of few sizes, so that splits tie all the time, LightGBM's rounding tells them apart.
 */
export class BestSplit {
  /** Scores of both sides together of the best, or what a split must exceed to be one. */
  score: number;
  readonly least: number;
  readonly ties: TieBreak | undefined;
  readonly #columnOf: Int32Array;
  readonly #params: TreeParams;
  readonly #units: Units;
  readonly #total: LeafSums;
  #feature = -1;
  #bin = 0;
  #set: CategorySet | undefined;
  #rightGradient = 0;
  #rightHessian = 0;

  constructor(
    { columnOf }: BinnedMatrix,
    params: TreeParams,
    { total, units }: { readonly total: LeafSums; readonly units: Units },
  ) {
    this.#columnOf = columnOf;
    this.#params = params;
    this.#units = units;
    this.#total = total;
    this.least = this.#scoreOf(total.gradient, total.hessian) + params.minGainToSplit;
    this.score = this.least;
    const { sizes } = units;
    this.ties = sizes === undefined ? undefined : new TieBreak(total, params, { units, sizes });
  }

  /** By the sums of the right side; `TieBreak.next` says more of it. True where the split is better than none. */
  offer(feature: number, bin: number, gradient: number, hessian: number): boolean {
    const { gradient: allGradient, hessian: allHessian } = this.#total;
    const score = this.#scoreOf(gradient, hessian) + this.#scoreOf(allGradient - gradient, allHessian - hessian);
    const isSplit = this.ties?.meet(gradient, hessian) ?? score > this.least;
    if (this.#isBetter(feature, score)) {
      this.#take(feature, score);
      this.#rightGradient = gradient;
      this.#rightHessian = hessian;
      this.#bin = bin;
      this.#set = undefined;
    }
    return isSplit;
  }

  /** As `offer`, of a set of categories. */
  offerSet(feature: number, set: OfferedSet): boolean {
    const { left, addedL2 } = set;
    const gradient = this.#total.gradient - left.gradient;
    const hessian = this.#total.hessian - left.hessian;
    const score = this.#scoreOf(left.gradient, left.hessian, addedL2) + this.#scoreOf(gradient, hessian, addedL2);
    this.ties?.meetSet(hessian, score);
    if (this.#isBetter(feature, score)) {
      this.#take(feature, score);
      this.#rightGradient = gradient;
      this.#rightHessian = hessian;
      this.#set = { bins: set.bins(), addedL2 };
    }
    return score > this.least;
  }

  /** A better one, without ties, that was found by its score. */
  found({ score, feature, bin, gradient, hessian }: Found): void {
    this.score = score;
    this.#feature = feature;
    this.#bin = bin;
    this.#set = undefined;
    this.#rightGradient = gradient;
    this.#rightHessian = hessian;
  }

  /** Of the best, -1 where there is none. */
  get column(): number {
    return this.#feature < 0 ? -1 : (this.#columnOf[this.#feature] ?? 0);
  }

  /** Undefined where none is better than leaving the leaf as it is. */
  split(): Split | undefined {
    if (this.#feature < 0) return undefined;
    const right = { gradient: this.#rightGradient, hessian: this.#rightHessian };
    const left = {
      gradient: this.#total.gradient - right.gradient,
      hessian: this.#total.hessian - right.hessian,
    };
    const set = this.#set === undefined ? {} : { set: this.#set };
    const [gain, score] = [this.score - this.least, this.score];
    const found = { gain, score, feature: this.#feature, bin: this.#bin, ...set, left, right };
    return this.ties === undefined ? found : { ...found, ...this.ties.split(left, right) };
  }

  #take(feature: number, score: number): void {
    this.ties?.take();
    this.score = Math.max(this.score, score);
    this.#feature = feature;
  }

  #isBetter(feature: number, score: number): boolean {
    const isTie = this.ties !== undefined && areNearlyEqual(score, this.score);
    const lead = isTie ? this.ties.lead(feature === this.#feature) : score - this.score;
    return lead > 0 || (lead === 0 && this.#comesFirst(feature));
  }

  #comesFirst(feature: number): boolean {
    return this.#feature >= 0 && (this.#columnOf[feature] ?? 0) < (this.#columnOf[this.#feature] ?? 0);
  }

  #scoreOf(gradient: number, hessian: number, addedL2 = 0): number {
    const reduced = thresholdL1(gradient * this.#units.gradient, this.#params.lambdaL1);
    return (reduced * reduced) / (hessian * this.#units.hessian + epsilon + this.#params.lambdaL2 + addedL2);
  }
}
