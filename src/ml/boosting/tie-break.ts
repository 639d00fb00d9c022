import { epsilon } from './kernel/records.ts';
import { thresholdL1 } from './gain.ts';
import type { GradientSizes, LeafSums, Split, Sums, TreeParams, Units } from './tree-params.ts';

/**
 * Tells splits of one leaf apart that gain exactly the same, as LightGBM 4.7 does without meaning to: by how its doubles round the score, and by gradients
 * in float32. It begins the hessian of a right side at epsilon and adds bin by bin from the highest down, so that a few rows have a little more than
 * their number; the left side has what that leaves of the whole (FeatureHistogram::FindBestThresholdSequentially).
 */
export class TieBreak {
  readonly #params: TreeParams;
  readonly #units: Units;
  readonly #sizes: GradientSizes;
  readonly #total: LeafSums;
  readonly #hessian: number;
  /** Score of the leaf as it is, with what a split must gain. */
  readonly #unsplit: number;
  #best: number;
  #right = 0;
  #met = 0;
  #metRight = 0;
  /** Rounded hessian of the right side that is met next, where bins were added up for it; below 0: it is one bin. */
  next = -1;

  constructor(total: LeafSums, params: TreeParams, { units, sizes }: { units: Units; sizes: GradientSizes }) {
    this.#params = params;
    this.#units = units;
    this.#sizes = sizes;
    this.#total = total;
    this.#hessian = (total.rounded ?? total.hessian * units.hessian) + 2 * epsilon;
    this.#unsplit = this.#score(total.gradient, total.hessian, this.#hessian) + params.minGainToSplit;
    this.#best = this.#unsplit;
  }

  /** The next questions are about the split of this right side. True where it is better than none. */
  meet(gradient: number, hessian: number): boolean {
    const { gradient: allGradient, hessian: allHessian } = this.#total;
    const rounded = this.next < 0 ? epsilon + hessian * this.#units.hessian : this.next;
    this.next = -1;
    const left = this.#score(allGradient - gradient, allHessian - hessian, this.#hessian - rounded);
    this.#met = left + this.#score(gradient, hessian, rounded);
    this.#metRight = rounded;
    return this.#met > this.#unsplit;
  }

  /** As `meet`, of a set of categories, whose score is as it is. */
  meetSet(hessian: number, score: number): void {
    this.#met = score;
    this.#metRight = epsilon + hessian * this.#units.hessian;
  }

  /** How much better it is than the best: scores count within a feature, and gains among features. */
  lead(isSameFeature: boolean): number {
    return isSameFeature ? this.#met - this.#best : this.#met - this.#unsplit - this.#gain;
  }

  /** It is the best. */
  take(): void {
    this.#best = this.#met;
    this.#right = this.#metRight;
  }

  /** Of the best split what hangs on rounding. */
  split(left: Sums, right: Sums): Pick<Split, 'gain' | 'left' | 'right'> {
    const rounded = this.#hessian - this.#right;
    return {
      gain: this.#gain,
      left: { ...left, rounded: rounded - epsilon },
      right: { ...right, rounded: this.#hessian - rounded - epsilon },
    };
  }

  get #gain(): number {
    return this.#best - this.#unsplit;
  }

  #score(gradient: number, hessian: number, rounded: number): number {
    const reduced = thresholdL1(this.#inFloats(gradient, hessian), this.#params.lambdaL1);
    return (reduced * reduced) / (rounded + this.#params.lambdaL2);
  }

  /** Sum of the float32 gradients: rows above and below are counted by the exact sum. A row that is neither counts by halves for both. */
  #inFloats(gradient: number, hessian: number): number {
    const { above, below, above32, below32 } = this.#sizes;
    const rows = Math.round(hessian * this.#units.hessian);
    const exact = gradient * this.#units.gradient;
    const over = Math.round((2 * (exact - rows * below)) / (above - below)) / 2;
    return over * above32 + (rows - over) * below32;
  }
}

/**
 * The two sides as leaves, by how many rows the right one has. LightGBM takes for the bin of zeros what the others leave of the smaller side, rounding
 * included, and of the larger side what that leaves of the leaf that was split (Dataset::FixHistogram).
 */
export function sidesAsLeaves(
  total: LeafSums,
  { left, right }: Pick<Split, 'left' | 'right'>,
  { rightCount, units }: { readonly rightCount: number; readonly units: Units },
): { readonly left: LeafSums; readonly right: LeafSums } {
  // All leaves have the same fields in the same order where no ties are broken: searches read them all the time.
  const leafOf = ({ gradient, hessian }: Sums, count: number): LeafSums => ({ gradient, hessian, count });
  const sides = { left: leafOf(left, total.count - rightCount), right: leafOf(right, rightCount) };
  if (left.rounded === undefined || right.rounded === undefined) return sides;
  const leftIsSmaller = left.hessian < right.hessian;
  const ofSmaller = leftIsSmaller
    ? left.rounded - left.hessian * units.hessian
    : right.rounded - right.hessian * units.hessian;
  const ofLarger = (total.excessOfZeros ?? 0) - ofSmaller;
  return {
    left: { ...sides.left, rounded: left.rounded, excessOfZeros: leftIsSmaller ? ofSmaller : ofLarger },
    right: { ...sides.right, rounded: right.rounded, excessOfZeros: leftIsSmaller ? ofLarger : ofSmaller },
  };
}
