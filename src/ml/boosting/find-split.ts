import { BestSplit } from './best-split.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { setsOfCategories } from './categorical-split.ts';
import { featureKind } from './feature-kind.ts';
import { orderedBins, scanBothWays } from './find-split-missing.ts';
import type { GainBounds } from './gain-bounds.ts';
import { leastHessians, nearlyOne } from './gain.ts';
import { keepSlot, type DenseLeaf, type KernelWork, type TouchedSlots } from './histogram.ts';
import type { Ints } from './kernel/memory.ts';
import { epsilon, searchField } from './kernel/records.ts';
import { noLook } from './look.ts';
import type { SlotSums } from './tree-params.ts';
import { wholeHessian, type LeafToSearch, type SearchFields } from './search-fields.ts';
import type { Candidates, LeafSums, Run, Split, TreeParams, Units } from './tree-params.ts';

/** What stands in a list of slots for the zero bin, and in its sums. */
const zeroSlot = new Int32Array(1);
const zeroSums = new Int32Array(2);

/**
 * Finds the best split of one leaf, as LightGBM's FeatureHistogram does for numerical features: from the highest
 * bin down, rows of a side counted by its share of the hessian. A feature that cannot be split at a leaf is looked at no more in the leaves that
 * come of it.
 */
export class SplitSearch {
  readonly #data: BinnedMatrix;
  readonly #params: TreeParams;
  readonly #units: Units;
  readonly #total: LeafSums;
  /** Least hessian of a side, in units. */
  readonly #minHessian: number;
  readonly #leaf: LeafToSearch;
  readonly #best: BestSplit;
  readonly #look = noLook();
  #looseHessian: number;
  #firstTop = Infinity;
  /** What the bin of zeros adds to `Look.rounded` besides its rows, while it is looked at. */
  #excess = 0;

  constructor(data: BinnedMatrix, params: TreeParams, leaf: { readonly total: LeafSums; readonly units: Units }) {
    const { total, units } = leaf;
    this.#data = data;
    this.#params = params;
    this.#units = units;
    this.#total = total;
    const countsPerHessian = total.count / total.hessian;
    const { byHessian, least } = leastHessians(params, units, countsPerHessian);
    this.#minHessian = byHessian;
    this.#looseHessian = byHessian;
    this.#best = new BestSplit(data, params, leaf);
    const squaredGradientUnit = units.gradient * units.gradient;
    const shift = (this.#best.least * nearlyOne) / squaredGradientUnit;
    const scale = { hessianUnit: units.hessian, squaredGradientUnit, added: epsilon + params.lambdaL2, shift };
    const sides = { loose: byHessian, least: byHessian, leastSingle: least };
    this.#leaf = { total, units, params, sides, scale, shift: this.#best.least, countsPerHessian, nearlyOne };
  }

  /** Looks at features whose slots all have a sum. Those that cannot be split leave the list, and their mark goes. */
  lookAtAll(candidates: Candidates, { sums, bounds }: Pick<DenseLeaf, 'sums' | 'bounds'>, work: KernelWork): void {
    const { length, singles, features } = candidates;
    work.search.enter(this.#leaf);
    if (this.#data.features === this.#data.singles) {
      candidates.singles = this.#lookAtSingles(candidates, sums, work);
      candidates.length = candidates.singles;
      return;
    }
    const several = { address: features.address + singles * 4, length: length - singles };
    bounds.enter(this.#total, this.#units, this.#params);
    this.#looseHessian = bounds.leastHessian;
    work.search.setInt(searchField.loose, wholeHessian(this.#looseHessian));
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
    bounds.looked(feature, top * this.#leaf.scale.squaredGradientUnit, most * this.#units.hessian);
    return splittable;
  }

  /** Looks at the features of a list of slots; the others have all rows in their zero bin. Those that cannot be split leave the list. */
  lookAtTouched(touched: TouchedSlots, work: KernelWork): void {
    const { singles, length, slots, sums } = touched;
    work.search.enter(this.#leaf);
    const { search, ends, featureOf, columnOf } = work;
    const { kernel } = work.memory;
    if (this.#best.ties === undefined) {
      this.#writeBest(search);
      const end = slots.address + singles * 4;
      const kept = kernel.lookAtList(search.address, slots.address, end, sums.address, columnOf.address);
      this.#readBest(search);
      touched.singles = (kept - slots.address) >> 2;
    } else {
      touched.singles = 0;
      for (let at = 0; at < singles; at++) {
        if (this.#offerSingle(slots.values[at] ?? 0, sums.values, at)) keepSlot(touched, at, touched.singles++);
      }
    }
    touched.length = touched.singles;
    const end = slots.address + length * 4;
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

  #writeBest(search: SearchFields): void {
    search.writeBest(this.#best.score, this.#best.column);
  }

  #readBest(search: SearchFields): void {
    const found = search.found();
    if (found !== undefined) this.#best.found(found);
  }

  /** Whether any split at the highest slots of a feature that is simple to the kernel is better than none, by their sums. What the kernel knew of a leaf is lost. */
  isSplittable(
    { record, slots, sums }: { readonly record: number; readonly slots: number; readonly sums: number },
    { search, memory }: Pick<KernelWork, 'search' | 'memory'>,
  ): boolean {
    search.enter(this.#leaf);
    this.#writeBest(search);
    return memory.kernel.isSplittable(search.address, record, sums, sums + slots * 8) !== 0;
  }

  /** The best of what was looked at; undefined where none is better than leaving the leaf as it is. */
  best(): Split | undefined {
    return this.#best.split();
  }

  /** Most of training on counts goes by here. Gives how many stay in the list. */
  #lookAtSingles({ features, isOne, singles }: Candidates, sums: Ints, work: KernelWork): number {
    if (this.#best.ties !== undefined) return this.#lookAtSinglesByRounding(features.values, isOne, { singles, sums });
    const { search, memory, columnOf } = work;
    this.#writeBest(search);
    const { kernel } = memory;
    const { address } = features;
    const end = address + singles * 4;
    const kept = kernel.lookAtAll(search.address, address, end, sums.address, isOne.address, columnOf.address);
    this.#readBest(search);
    return (kept - address) >> 2;
  }

  #lookAtSinglesByRounding(
    features: Int32Array,
    isOne: Ints,
    { singles, sums }: { readonly singles: number; readonly sums: Ints },
  ): number {
    let kept = 0;
    for (let i = 0; i < singles; i++) {
      const slot = features[i] ?? 0;
      if (this.#offerSingle(slot, sums.values, slot)) features[kept++] = slot;
      else isOne.values[slot] = 0;
    }
    return kept;
  }

  /** By the place of its sums. As the kernel looks at it, but that rounding tells whether a split of no gain is one. */
  #offerSingle(slot: number, sums: SlotSums, at: number): boolean {
    const [right, hessian] = [sums[at << 1] ?? 0, sums[(at << 1) + 1] ?? 0];
    const { gradient: allGradient, hessian: allHessian } = this.#total;
    if (hessian < this.#leaf.sides.leastSingle || hessian > allHessian - this.#leaf.sides.leastSingle) return false;
    const { hessianUnit, added, shift } = this.#leaf.scale;
    const left = allGradient - right;
    const underRight = hessian * hessianUnit + added;
    const underLeft = (allHessian - hessian) * hessianUnit + added;
    const over = right * right * underLeft + left * left * underRight;
    const under = underLeft * underRight;
    if (over * nearlyOne ** 2 > shift * under && over < this.#bestInUnits() * under) return true;
    return this.#best.offer(slot, 0, right, hessian);
  }

  /** What a split must reach to be worth a closer look: never above the best gain. */
  #bestInUnits(): number {
    return (this.#best.score * nearlyOne) / this.#leaf.scale.squaredGradientUnit;
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
    look.rounded = epsilon;
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
    if (this.#best.ties !== undefined) this.#roundTo(sums, positive);
    let negative = 0;
    let rest = this.#total.gradient - look.gradient;
    for (let at = from; at < positive; at++) {
      rest -= sums[at << 1] ?? 0;
      negative += sums[(at << 1) + 1] ?? 0;
    }
    zeroSums[0] = rest;
    zeroSums[1] = this.#total.hessian - look.hessian - negative;
    look.most = Math.max(look.most, negative);
    zeroSlot[0] = first + below;
    // From here on rows of a slot's bin are left of the split below it.
    look.first = first + 1;
    this.#excess = this.#total.excessOfZeros ?? 0;
    this.#scan(zeroSlot, zeroSums, 0, 1);
    this.#countTo(zeroSums, 0);
    if (this.#best.ties !== undefined) this.#roundTo(zeroSums, 0);
    this.#excess = 0;
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
      look.splittable = this.#best.offer(feature, bin, gradient, hessian) || look.splittable;
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
      look.splittable = this.#best.offerSet(feature, { left, addedL2, bins }) || look.splittable;
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
    const { hessianUnit, added, shift } = this.#leaf.scale;
    const { ties } = this.#best;
    let { gradient, hessian, top } = look;
    let underTop = 1;
    let bar = look.splittable ? this.#bestInUnits() : shift;
    look.counted = to;
    look.summed = to;
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
      if (ties !== undefined) ties.next = this.#roundTo(sums, at);
      look.splittable = this.#best.offer(look.feature, bin, gradient, hessian) || look.splittable;
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
    const countsPerHessian = this.#leaf.countsPerHessian;
    let { count } = look;
    for (let i = look.counted - 1; i >= at; i--) count += ((sums[(i << 1) + 1] ?? 0) * countsPerHessian + 0.5) | 0;
    look.count = count;
    look.counted = at;
  }

  /** The right side's hessian as LightGBM rounds it, bin by bin. */
  #roundTo(sums: SlotSums, at: number): number {
    const look = this.#look;
    const unit = this.#units.hessian;
    let { rounded } = look;
    for (let i = look.summed - 1; i >= at; i--) rounded += (sums[(i << 1) + 1] ?? 0) * unit + this.#excess;
    look.rounded = rounded;
    look.summed = at;
    return rounded;
  }
}
