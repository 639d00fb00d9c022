import type { BinnedMatrix } from './binned-matrix.ts';
import { setsOfCategories } from './categorical-split.ts';
import { featureKind } from './feature-kind.ts';
import { orderedBins, scanBothWays } from './find-split-missing.ts';
import type { GainBounds } from './gain-bounds.ts';
import { leastHessians, thresholdL1 } from './gain.ts';
import type { DenseLeaf, KernelWork, TouchedSlots } from './histogram.ts';
import type { Ints } from './kernel/memory.ts';
import { epsilon } from './kernel/records.ts';
import { noLook } from './look.ts';
import type { SlotSums } from './tree-params.ts';
import { wholeHessian, type LeafToSearch, type SearchFields } from './search-fields.ts';
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
  readonly #scale: LeafToSearch['scale'] & { readonly hessianUnit: number };
  #best: number;
  readonly #look = noLook();
  readonly #zeros = new Int32Array(2);
  #looseHessian: number;
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
    const { byHessian, least } = leastHessians(params, units, this.#countsPerHessian);
    this.#minHessian = byHessian;
    this.#looseHessian = byHessian;
    this.#leastHessian = least;
    this.#shift = this.#gain(total.gradient, total.hessian) + params.minGainToSplit;
    this.#best = this.#shift;
    this.#scale = {
      hessianUnit: units.hessian,
      squaredGradientUnit: units.gradient * units.gradient,
      added: epsilon + params.lambdaL2,
      shift: (this.#shift * nearlyOne) / (units.gradient * units.gradient),
    };
  }

  /** Looks at features whose slots all have a sum. Those that cannot be split leave the list, and their mark goes. */
  lookAtAll(candidates: Candidates, { sums, bounds }: Pick<DenseLeaf, 'sums' | 'bounds'>, work: KernelWork): void {
    const { length, singles, features } = candidates;
    work.search.enter(this.#leafToSearch());
    if (this.#data.features === this.#data.singles) {
      candidates.singles = this.#lookAtSingles(candidates, sums, work);
      candidates.length = candidates.singles;
      return;
    }
    const several = { address: features.address + singles * 4, length: length - singles };
    bounds.enter(this.#total, this.#units, this.#params);
    this.#looseHessian = bounds.leastHessian;
    work.search.setInt('loose', wholeHessian(this.#looseHessian));
    this.#firstTop = 0;
    for (const feature of bounds.mostPromising(several)) {
      if (feature >= 0) this.#lookAtDense(feature, sums.values, bounds);
    }
    candidates.singles = this.#lookAtSingles(candidates, sums, work);
    candidates.length = candidates.singles + this.#lookAtSeveral(candidates, several, { sums, bounds, work });
  }

  /** Gives how many stay in the list, where the single ones end. */
  #lookAtSeveral(
    { features, isOne, singles }: Candidates,
    { address, length }: { readonly address: number; readonly length: number },
    { sums, bounds, work }: { readonly sums: Ints; readonly bounds: GainBounds; readonly work: KernelWork },
  ): number {
    const { search, memory, ends } = work;
    bounds.writeTo(search);
    const start = features.address + singles * 4;
    const end = address + length * 4;
    let kept = start;
    for (let from = address; ;) {
      this.#writeBest(search);
      const { kernel } = memory;
      const [own, all, out] = [search.address, sums.address, ends.address];
      const hit = kernel.lookAtSeveral(own, from, end, kept, bounds.records, isOne.address, all, out);
      this.#readBest(search);
      kept = ends.values[0] ?? 0;
      if (hit === end) return (kept - start) >> 2;
      const feature = memory.intAt(hit);
      if (this.#lookAtDense(feature, sums.values, bounds)) {
        features.values[(kept - features.address) >> 2] = feature;
        kept += 4;
      } else isOne.values[feature] = 0;
      from = hit + 4;
    }
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
  lookAtTouched(touched: TouchedSlots, work: KernelWork): void {
    const { singles, length, slots, sums } = touched;
    work.search.enter(this.#leafToSearch());
    const { search, memory, ends, featureOf, columnOf } = work;
    this.#writeBest(search);
    const { address } = slots;
    const { kernel } = memory;
    const singlesEnd = address + singles * 4;
    const kept = kernel.lookAtList(search.address, address, singlesEnd, sums.address, columnOf.address);
    this.#readBest(search);
    touched.singles = (kept - address) >> 2;
    touched.length = touched.singles;
    const end = address + length * 4;
    for (let from = singles; from < length;) {
      this.#writeBest(search);
      const hit = kernel.lookAtGroups(
        search.address,
        slots.address + from * 4,
        end,
        sums.address + from * 8,
        slots.address + touched.length * 4,
        sums.address + touched.length * 8,
        work.records,
        featureOf.address,
        ends.address,
      );
      this.#readBest(search);
      touched.length = ((ends.values[0] ?? 0) - slots.address) >> 2;
      if (hit === end) return;
      from = this.#lookAtGroup(touched, (hit - slots.address) >> 2, length);
    }
  }

  /** A feature that the kernel does not look at; gives where the next one begins. */
  #lookAtGroup(touched: TouchedSlots, from: number, end: number): number {
    const { featureOf, firstSlot } = this.#data;
    const [slots, sums] = [touched.slots.values, touched.sums.values];
    const feature = featureOf[slots[from] ?? 0] ?? 0;
    const endSlot = firstSlot[feature + 1] ?? 0;
    let to = from + 1;
    while (to < end && (slots[to] ?? 0) < endSlot) to++;
    if (!this.lookAtRun(feature, { slots, sums, from, to })) return to;
    slots.copyWithin(touched.length, from, to);
    sums.copyWithin(touched.length << 1, from << 1, to << 1);
    touched.length += to - from;
    return to;
  }

  #leafToSearch(): LeafToSearch {
    const sides = { loose: this.#looseHessian, least: this.#minHessian, leastSingle: this.#leastHessian };
    const leaf = { total: this.#total, units: this.#units, params: this.#params, shift: this.#shift };
    return { ...leaf, ...sides, scale: this.#scale, countsPerHessian: this.#countsPerHessian, nearlyOne };
  }

  #writeBest(search: SearchFields): void {
    search.writeBest(this.#best, this.#feature < 0 ? -1 : (this.#data.columnOf[this.#feature] ?? 0));
  }

  #readBest(search: SearchFields): void {
    const found = search.found();
    if (found === undefined) return;
    this.#best = found.score;
    this.#feature = found.feature;
    this.#bin = found.bin;
    this.#set = undefined;
    this.#rightGradient = found.gradient;
    this.#rightHessian = found.hessian;
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

  /** Most of training on counts goes by here. Gives how many stay in the list. */
  #lookAtSingles({ features: { address }, isOne, singles }: Candidates, sums: Ints, work: KernelWork): number {
    const { search, memory, columnOf } = work;
    this.#writeBest(search);
    const { kernel } = memory;
    const end = address + singles * 4;
    const kept = kernel.lookAtAll(search.address, address, end, sums.address, isOne.address, columnOf.address);
    this.#readBest(search);
    return (kept - address) >> 2;
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
    const [count, least] = [this.#look.count, this.#params.minDataInLeaf];
    if (count < least || count > this.#total.count - least) return false;
    return hessian >= this.#minHessian && this.#total.hessian - hessian >= this.#minHessian;
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
