import type { LeafSums, TreeParams, Units } from './tree-params.ts';

/** LightGBM adds it to the hessians of both sides of every split. */
export const epsilon = 1e-15;

/** By how much rows a unit of hessian may rise below the root before bounds are not used any more. */
const mostGrowth = 2;

/** Rows of a bin are rounded: half a row counts as one. */
const mostRounding = 2;

/** Above the rounding of a few sums and products. */
const slack = 1e-9;

const never = 2 ** 30;

/**
 * Upper bounds of what features can gain at the leaf that has the dense sums. Rows move out of it split by split, and most features have few or
 * none of them, so that most cannot have become the best: those need not be looked at again. docs/decisions/0140 has the inequality. In the
 * units of real gradients and hessians; a step is one search at that leaf.
 */
export class GainBounds {
  /** Since the last look, in units of the sums: of each slot the absolute gradient that moved out, added up; and the hessian. */
  readonly movedGradient: Float64Array;
  readonly movedHessian: Float64Array;
  /** First and last step at which a feature was not looked at. */
  readonly firstSkip: Int32Array;
  readonly lastSkip: Int32Array;
  /** At the last look: most of |gradient - value * hessian| / sqrt(hessian + l2) of a side without the zeros. */
  readonly #reach: Float64Array;
  /** Value of the leaf at the last look. */
  readonly #value: Float64Array;
  /** Hessian of the larger side without the zeros, and its root. */
  readonly #most: Float64Array;
  readonly #rootOfMost: Float64Array;
  #leaf = { value: 0, score: 0, hessian: 0, l2: 0, step: -1, usable: false };
  #per = { hessian: 0, gradient: 0, loss: 0 };
  #mostCountsPerHessian = 0;
  /** No side of a split has less hessian, in units of the sums, at this leaf and those that come of it. */
  leastHessian = 0;

  constructor(features: number) {
    this.movedGradient = new Float64Array(features);
    this.movedHessian = new Float64Array(features);
    this.firstSkip = new Int32Array(features);
    this.lastSkip = new Int32Array(features);
    this.#reach = new Float64Array(features);
    this.#value = new Float64Array(features);
    this.#most = new Float64Array(features);
    this.#rootOfMost = new Float64Array(features);
  }

  /** At the root of a tree nothing is known. */
  begin(
    { count, hessian }: LeafSums,
    units: Units,
    { minDataInLeaf, minSumHessianInLeaf, lambdaL2 }: TreeParams,
  ): void {
    this.#reach.fill(Infinity);
    this.firstSkip.fill(never);
    this.#mostCountsPerHessian = (mostGrowth * count) / hessian;
    const byCount = minDataInLeaf / (mostRounding * this.#mostCountsPerHessian);
    this.leastHessian = Math.max(byCount, (minSumHessianInLeaf - epsilon) / units.hessian) * (1 - slack);
    const least = Math.max(0, this.leastHessian * units.hessian) + lambdaL2 + epsilon;
    this.#per = {
      hessian: units.hessian / (2 * least),
      gradient: units.gradient / Math.sqrt(least),
      loss: units.hessian / Math.sqrt(least),
    };
    this.#leaf.step = -1;
  }

  /** False where searches of this tree do without bounds. */
  get inUse(): boolean {
    return this.#leaf.step >= 0;
  }

  /** The next search is at the leaf of these sums. */
  enter({ gradient, hessian, count }: LeafSums, units: Units, { lambdaL2 }: TreeParams): void {
    const l2 = lambdaL2 + epsilon;
    const under = hessian * units.hessian + l2;
    const value = (gradient * units.gradient) / under;
    const usable = count / hessian <= this.#mostCountsPerHessian;
    const step = this.#leaf.step + 1;
    this.#leaf = { value, score: value * value * under, hessian: hessian * units.hessian, l2, step, usable };
  }

  /** The two features that could gain most at the last look, which are to be looked at first. */
  mostPromising(features: Int32Array, length: number): readonly [number, number] {
    let [first, second] = [-1, -1];
    let [most, nextMost] = [0, 0];
    for (let i = 0; i < length; i++) {
      const feature = features[i] ?? 0;
      const reach = this.#reach[feature] ?? 0;
      if (reach > most) {
        [second, nextMost] = [first, most];
        [first, most] = [feature, reach];
      } else if (reach > nextMost) [second, nextMost] = [feature, reach];
    }
    return [first, second];
  }

  /** No split of the feature has sides whose scores together reach `wanted`. Noted as a skip. */
  isBelow(feature: number, wanted: number): boolean {
    const { value, score, hessian, l2, step, usable } = this.#leaf;
    const moved = this.movedHessian[feature] ?? 0;
    const before = this.#value[feature] ?? 0;
    const most = this.#most[feature] ?? 0;
    const apart =
      (this.#reach[feature] ?? 0) * (1 + moved * this.#per.hessian) +
      (this.movedGradient[feature] ?? 0) * this.#per.gradient +
      Math.abs(before) * moved * this.#per.loss +
      Math.abs(value - before) * (this.#rootOfMost[feature] ?? 0);
    const outer = apart + Math.abs(value) * Math.sqrt(l2);
    const rest = hessian - most + l2;
    const gain = outer * outer * rest + apart * apart * (most + l2);
    if (!(usable && rest > 0 && gain < (wanted - score) * (1 - slack) * rest)) return false;
    this.firstSkip[feature] = Math.min(this.firstSkip[feature] ?? 0, step);
    this.lastSkip[feature] = step;
    return true;
  }

  /** The feature was looked at: the scores of the best split's sides together, and the larger hessian of a side without the zeros. */
  looked(feature: number, bestScore: number, most: number): void {
    const { value, score, l2 } = this.#leaf;
    const gain = Math.max(0, bestScore - score) + slack * bestScore;
    this.#reach[feature] = Math.sqrt(gain + value * value * l2) + Math.abs(value) * Math.sqrt(l2);
    this.#value[feature] = value;
    this.#most[feature] = most;
    this.#rootOfMost[feature] = Math.sqrt(most);
    this.movedGradient[feature] = 0;
    this.movedHessian[feature] = 0;
  }
}
