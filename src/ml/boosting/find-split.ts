import type { BinnedMatrix } from './binned-matrix.ts';
import { setsOfCategories } from './categorical-split.ts';
import { featureKind } from './feature-kind.ts';
import { orderedBins, scanBothWays } from './find-split-missing.ts';
import { epsilon, type GainBounds } from './gain-bounds.ts';
import { thresholdL1 } from './gain.ts';
import type { TouchedSlots } from './histogram.ts';
import { noLook } from './look.ts';
import type { SlotSums } from './row-adder.ts';
import type { Candidates, CategorySet, LeafSums, Run, Split, TreeParams, Units } from './tree-params.ts';

/** Below 1 by more than the rounding of a few products. */
const nearlyOne = 1 - 1e-12;

/** What stands in a list of slots for the zero bin. */
const zeroSlot = new Int32Array(1);

/**
 * Finds the best split of one leaf, as LightGBM's FeatureHistogram does for numerical features: from the highest
 * bin down, rows of a side counted by its share of the hessian, of equal gains the first one met, of equal features the lower. A feature that cannot
 * be split at a leaf is looked at no more in the leaves that come of it.
 */
export class SplitSearch {
  readonly #data: BinnedMatrix;
  readonly #params: TreeParams;
  readonly #units: Units;
  readonly #total: LeafSums;
  readonly #countsPerHessian: number;
  /** Least hessian of a side, in units. */
  readonly #minHessian: number;
  /** The same, and of the fewest rows, where a side is one bin. */
  readonly #leastHessian: number;
  readonly #shift: number;
  /** For gains in units of squared gradients by hessians. */
  readonly #scale: {
    readonly hessianUnit: number;
    readonly squaredGradientUnit: number;
    readonly added: number;
    readonly shift: number;
  };
  /** Every slot is a feature, and gains are plain quotients. */
  readonly #quick: boolean;
  #best: number;
  readonly #look = noLook();
  readonly #zeros = new Int32Array(2);
  /** Of a side that is looked at, in units. */
  #looseHessian: number;
  /** Infinity where nobody asks for the top. */
  #firstTop = Infinity;
  #feature = -1;
  #bin = 0;
  #set: CategorySet | undefined;
  #rightGradient = 0;
  #rightHessian = 0;

  constructor(data: BinnedMatrix, params: TreeParams, leaf: { readonly total: LeafSums; readonly units: Units }) {
    const { total, units } = leaf;
    this.#data = data;
    this.#params = params;
    this.#units = units;
    this.#total = total;
    this.#countsPerHessian = total.count / total.hessian;
    const byCount = (params.minDataInLeaf - 0.5) / this.#countsPerHessian;
    const byHessian = (params.minSumHessianInLeaf - epsilon) / units.hessian;
    this.#minHessian = byHessian;
    this.#looseHessian = byHessian;
    this.#leastHessian = Math.max(byCount, byHessian);
    this.#shift = this.#gain(total.gradient, total.hessian) + params.minGainToSplit;
    this.#best = this.#shift;
    this.#quick = data.binary && params.lambdaL1 === 0;
    this.#scale = {
      hessianUnit: units.hessian,
      squaredGradientUnit: units.gradient * units.gradient,
      added: epsilon + params.lambdaL2,
      shift: (this.#shift * nearlyOne) / (units.gradient * units.gradient),
    };
  }

  /** Looks at features whose slots all have a sum. Those that cannot be split leave the list, and their mark goes. */
  lookAtAll(candidates: Candidates, sums: SlotSums, bounds: GainBounds): void {
    if (this.#quick) {
      this.#lookAtBinary(candidates, sums);
      return;
    }
    const { features, isOne } = candidates;
    bounds.enter(this.#total, this.#units, this.#params);
    this.#looseHessian = bounds.leastHessian;
    this.#firstTop = 0;
    for (const feature of bounds.mostPromising(features, candidates.length)) {
      if (feature >= 0) this.#lookAtDense(feature, sums, bounds);
    }
    let kept = 0;
    for (let i = 0; i < candidates.length; i++) {
      const feature = features[i] ?? 0;
      if (bounds.isBelow(feature, this.#best) || this.#lookAtDense(feature, sums, bounds)) features[kept++] = feature;
      else isOne[feature] = 0;
    }
    candidates.length = kept;
  }

  #lookAtDense(feature: number, sums: SlotSums, bounds: GainBounds): boolean {
    const { firstSlot } = this.#data;
    const run = { slots: undefined, sums, from: firstSlot[feature] ?? 0, to: firstSlot[feature + 1] ?? 0 };
    const splittable = this.lookAtRun(feature, run);
    const { top, most } = this.#look;
    bounds.looked(feature, top * this.#scale.squaredGradientUnit, most * this.#units.hessian);
    return splittable;
  }

  /** Looks at the features of a list of slots; the others have all rows in their zero bin. Those that cannot be split leave the list. */
  lookAtTouched(touched: TouchedSlots): void {
    const { featureOf } = this.#data;
    if (this.#quick) {
      this.#lookAtBinaryList(touched);
      return;
    }
    const { slots, sums } = touched;
    let kept = 0;
    for (let from = 0; from < touched.length;) {
      const feature = featureOf[slots[from] ?? 0] ?? 0;
      let to = from + 1;
      while (to < touched.length && featureOf[slots[to] ?? 0] === feature) to++;
      const splittable = this.lookAtRun(feature, { slots, sums, from, to });
      for (let at = from; splittable && at < to; at++) keep(touched, at, kept++);
      from = to;
    }
    touched.length = kept;
  }

  /** The best of what was looked at; undefined where none is better than leaving the leaf as it is. */
  best(): Split | undefined {
    if (this.#feature < 0) return undefined;
    const right = { gradient: this.#rightGradient, hessian: this.#rightHessian };
    const left = {
      gradient: this.#total.gradient - right.gradient,
      hessian: this.#total.hessian - right.hessian,
    };
    const set = this.#set === undefined ? {} : { set: this.#set };
    const [gain, score] = [this.#best - this.#shift, this.#best];
    return { gain, score, feature: this.#feature, bin: this.#bin, ...set, left, right };
  }

  /**
   * The same as `#consider` of every slot in turn, where each is a feature. Most of training goes by here: all is in locals, and gains are
   * compared without a division.
   */
  #lookAtBinary(candidates: Candidates, sums: SlotSums): void {
    const { features, isOne } = candidates;
    const { gradient: allGradient, hessian: allHessian } = this.#total;
    const least = this.#leastHessian;
    const most = allHessian - least;
    const { hessianUnit, added, shift } = this.#scale;
    let best = this.#bestInUnits();
    let kept = 0;
    for (let i = 0; i < candidates.length; i++) {
      const slot = features[i] ?? 0;
      const hessian = sums[(slot << 1) + 1] ?? 0;
      if (hessian < least || hessian > most) {
        isOne[slot] = 0;
        continue;
      }
      const right = sums[slot << 1] ?? 0;
      const left = allGradient - right;
      const underRight = hessian * hessianUnit + added;
      const underLeft = (allHessian - hessian) * hessianUnit + added;
      const over = right * right * underLeft + left * left * underRight;
      const under = underLeft * underRight;
      if (over <= shift * under) {
        isOne[slot] = 0;
        continue;
      }
      features[kept++] = slot;
      if (over < best * under) continue;
      this.#offer(slot, 0, right, hessian);
      best = this.#bestInUnits();
    }
    candidates.length = kept;
  }

  /** As `#lookAtBinary`, of a list. */
  #lookAtBinaryList(touched: TouchedSlots): void {
    const { slots, sums, length } = touched;
    const { gradient: allGradient, hessian: allHessian } = this.#total;
    const least = this.#leastHessian;
    const most = allHessian - least;
    const { hessianUnit, added, shift } = this.#scale;
    let best = this.#bestInUnits();
    let kept = 0;
    for (let i = 0; i < length; i++) {
      const hessian = sums[(i << 1) + 1] ?? 0;
      if (hessian < least || hessian > most) continue;
      const right = sums[i << 1] ?? 0;
      const left = allGradient - right;
      const underRight = hessian * hessianUnit + added;
      const underLeft = (allHessian - hessian) * hessianUnit + added;
      const over = right * right * underLeft + left * left * underRight;
      const under = underLeft * underRight;
      if (over <= shift * under) continue;
      const slot = slots[i] ?? 0;
      keep(touched, i, kept++);
      if (over < best * under) continue;
      this.#offer(slot, 0, right, hessian);
      best = this.#bestInUnits();
    }
    touched.length = kept;
  }

  /** What a split must reach to be worth a closer look: never above the best gain. */
  #bestInUnits(): number {
    return (this.#best * nearlyOne) / this.#scale.squaredGradientUnit;
  }

  /** The slots of a feature from the highest value down, the zero bin in its place. True where a split is better than none. */
  lookAtRun(feature: number, run: Run): boolean {
    const kind = this.#data.kinds[feature] ?? 0;
    if (kind > featureKind.zeroOrMissing)
      return kind === featureKind.categorical
        ? this.#lookAtCategories(feature, run)
        : this.#lookAtMissing(feature, run, kind);
    const { slots, sums, from, to } = run;
    const look = this.#look;
    const first = this.#data.firstSlot[feature] ?? 0;
    const below = this.#data.below[feature] ?? 0;
    look.feature = feature;
    look.first = first;
    look.gradient = 0;
    look.hessian = 0;
    look.count = 0;
    look.splittable = false;
    look.top = this.#firstTop;
    let positive = from;
    if (below > 0) {
      if (slots === undefined) positive = from + below;
      else while (positive < to && (slots[positive] ?? 0) < first + below) positive++;
    }
    this.#scan(slots, sums, positive, to);
    look.most = look.hessian;
    if (positive === from) return look.splittable;
    this.#countTo(sums, positive);
    const zeros = this.#zeros;
    let negative = 0;
    let rest = this.#total.gradient - look.gradient;
    for (let at = from; at < positive; at++) {
      rest -= sums[at << 1] ?? 0;
      negative += sums[(at << 1) + 1] ?? 0;
    }
    zeros[0] = rest;
    zeros[1] = this.#total.hessian - look.hessian - negative;
    look.most = Math.max(look.most, negative);
    zeroSlot[0] = first + below;
    // From here on rows of a slot's bin are left of the split below it.
    look.first = first + 1;
    this.#scan(zeroSlot, zeros, 0, 1);
    this.#countTo(zeros, 0);
    // With the lowest of all, everything would be on one side.
    this.#scan(slots, sums, from + 1, positive);
    // Here the left side is the one without zeros, and no bound holds of it.
    look.top = Infinity;
    return look.splittable;
  }

  /** As `lookAtRun`, of a feature whose missing values may go left or right. */
  #lookAtMissing(feature: number, run: Run, kind: number): boolean {
    const look = this.#look;
    const total = this.#total;
    const least = this.#minHessian;
    const { minDataInLeaf } = this.#params;
    look.splittable = false;
    scanBothWays(orderedBins(this.#data, feature, { run, total }), { total, kind }, (bin, right) => {
      const { gradient, hessian, count } = right;
      if (count < minDataInLeaf || count > total.count - minDataInLeaf) return;
      if (hessian < least || total.hessian - hessian < least) return;
      look.splittable = this.#offer(feature, bin, gradient, hessian) || look.splittable;
    });
    // Of as many bins as are added up, a side may be said to have rows without any hessian to speak of: no bound holds, and it is always looked at.
    look.top = Infinity;
    look.most = 0;
    return look.splittable;
  }

  /** As `lookAtRun`, of a feature of categories. */
  #lookAtCategories(feature: number, run: Run): boolean {
    const look = this.#look;
    const total = this.#total;
    look.splittable = false;
    const leaf = { total, units: this.#units, params: this.#params, minHessian: this.#minHessian };
    setsOfCategories(this.#data, feature, { ...leaf, run }, (left, addedL2, bins) => {
      const [gradient, hessian] = [total.gradient - left.gradient, total.hessian - left.hessian];
      const gain = this.#gain(left.gradient, left.hessian, addedL2) + this.#gain(gradient, hessian, addedL2);
      if (gain > this.#shift) look.splittable = true;
      if (gain < this.#best || (gain === this.#best && !this.#comesFirst(feature))) return;
      this.#best = gain;
      this.#feature = feature;
      this.#set = { bins: bins(), addedL2 };
      this.#rightGradient = gradient;
      this.#rightHessian = hessian;
    });
    look.top = Infinity;
    look.most = 0;
    return look.splittable;
  }

  /**
   * Adds slots to the right side, the highest first, and looks at the split below each. Gains are compared without a division, and without the L1
   * penalty, which makes none larger; only what passes is worked out.
   */
  #scan(slots: Int32Array | undefined, sums: SlotSums, from: number, to: number): void {
    const look = this.#look;
    const { gradient: allGradient, hessian: allHessian } = this.#total;
    const loose = this.#looseHessian;
    const minHessian = this.#minHessian;
    const { hessianUnit, added, shift } = this.#scale;
    let { gradient, hessian, top } = look;
    let underTop = 1;
    let bar = look.splittable ? this.#bestInUnits() : shift;
    look.counted = to;
    for (let at = to - 1; at >= from; at--) {
      gradient += sums[at << 1] ?? 0;
      hessian += sums[(at << 1) + 1] ?? 0;
      const rest = allHessian - hessian;
      // Of the left side nothing is known but this: its rows are those that rounding leaves to it, with however little hessian.
      if (hessian < loose || rest < minHessian) continue;
      const left = allGradient - gradient;
      const underRight = hessian * hessianUnit + added;
      const underLeft = rest * hessianUnit + added;
      const over = gradient * gradient * underLeft + left * left * underRight;
      const under = underLeft * underRight;
      if (over * underTop > top * under) {
        top = over;
        underTop = under;
      }
      if (over < bar * under || !this.#isAllowed(sums, at, hessian)) continue;
      const bin = (slots === undefined ? at : (slots[at] ?? 0)) - look.first;
      look.splittable = this.#offer(look.feature, bin, gradient, hessian) || look.splittable;
      bar = look.splittable ? this.#bestInUnits() : shift;
    }
    look.gradient = gradient;
    look.hessian = hessian;
    look.top = top / underTop;
  }

  /** Whether both sides of the split below a slot have enough. */
  #isAllowed(sums: SlotSums, at: number, hessian: number): boolean {
    this.#countTo(sums, at);
    const { count } = this.#look;
    const { minDataInLeaf } = this.#params;
    const minHessian = this.#minHessian;
    if (count < minDataInLeaf || count > this.#total.count - minDataInLeaf) return false;
    return hessian >= minHessian && this.#total.hessian - hessian >= minHessian;
  }

  /** Rows of the right side, bin by bin, by their share of the hessian. Most splits are ruled out before anybody asks. */
  #countTo(sums: SlotSums, at: number): void {
    const look = this.#look;
    const countsPerHessian = this.#countsPerHessian;
    let { count } = look;
    for (let i = look.counted - 1; i >= at; i--) count += ((sums[(i << 1) + 1] ?? 0) * countsPerHessian + 0.5) | 0;
    look.count = count;
    look.counted = at;
  }

  #offer(feature: number, bin: number, gradient: number, hessian: number): boolean {
    const { gradient: allGradient, hessian: allHessian } = this.#total;
    const gain = this.#gain(gradient, hessian) + this.#gain(allGradient - gradient, allHessian - hessian);
    const splittable = gain > this.#shift;
    if (gain < this.#best || (gain === this.#best && !this.#comesFirst(feature))) return splittable;
    this.#best = gain;
    this.#feature = feature;
    this.#bin = bin;
    this.#set = undefined;
    this.#rightGradient = gradient;
    this.#rightHessian = hessian;
    return splittable;
  }

  /** Of equal gains that of the lower column counts, and of one column the first that is met. */
  #comesFirst(feature: number): boolean {
    const { columnOf } = this.#data;
    return this.#feature >= 0 && (columnOf[feature] ?? 0) < (columnOf[this.#feature] ?? 0);
  }

  #gain(gradient: number, hessian: number, addedL2 = 0): number {
    const reduced = thresholdL1(gradient * this.#units.gradient, this.#params.lambdaL1);
    return (reduced * reduced) / (hessian * this.#units.hessian + epsilon + this.#params.lambdaL2 + addedL2);
  }
}

function keep({ slots, sums }: TouchedSlots, from: number, to: number): void {
  slots[to] = slots[from] ?? 0;
  sums[to << 1] = sums[from << 1] ?? 0;
  sums[(to << 1) + 1] = sums[(from << 1) + 1] ?? 0;
}
