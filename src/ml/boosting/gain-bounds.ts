import type { BinnedMatrix } from './binned-matrix.ts';
import { featureKind } from './feature-kind.ts';
import type { Ints, KernelMemory } from './kernel/memory.ts';
import { epsilon, featureField, featureShift, searchField, slack } from './kernel/records.ts';
import type { SearchFields } from './search-fields.ts';
import type { LeafSums, TreeParams, Units } from './tree-params.ts';

/** By how much rows a unit of hessian may rise below the root before bounds are not used any more. */
const mostGrowth = 2;

/** Rows of a bin are rounded: half a row counts as one. */
const mostRounding = 2;

const never = 2 ** 30;

/** Where a field of a feature is, in bytes. */
type FieldPlace = (typeof featureField)[keyof typeof featureField];

/** The least hessian, in units of the sums, that the side which is added up may have in a leaf with so many rows a unit. */
const leastSide = (
  countsPerHessian: number,
  units: Units,
  { minDataInLeaf, minSumHessianInLeaf }: Pick<TreeParams, 'minDataInLeaf' | 'minSumHessianInLeaf'>,
): number => {
  const byCount = minDataInLeaf / (mostRounding * countsPerHessian);
  return Math.max(byCount, (minSumHessianInLeaf - epsilon) / units.hessian) * (1 - slack);
};

/**
 * Upper bounds of what features can gain at the leaf that has the dense sums. Rows move out of it split by split, and most features have few or
 * none of them, so that most cannot have become the best: those need not be looked at again. docs/decisions/0140 has the inequality. In the
 * units of real gradients and hessians; a step is one search at that leaf.
 */
export class GainBounds {
  /** By feature, a record each; as if those without were there too. */
  readonly records: number;
  readonly #memory: KernelMemory;
  readonly #next: Ints;
  /** So many features, which come first, are not bounded. */
  readonly singles: number;
  readonly #ints: Int32Array;
  readonly #doubles: Float64Array;
  #leaf = { value: 0, valueByL2: 0, score: 0, hessian: 0, l2: 0, step: -1, usable: false };
  #per = { hessian: 0, gradient: 0, loss: 0 };
  #mostCountsPerHessian = 0;
  /** No side of a split has less hessian, in units of the sums, at this leaf and those that come of it. */
  leastHessian = 0;

  constructor({ features, singles, firstSlot, columnOf, below, kinds }: BinnedMatrix, memory: KernelMemory) {
    this.#memory = memory;
    this.#next = memory.zeros(1);
    this.singles = singles;
    const room = memory.zeros(((features - singles) << featureShift) >> 2);
    this.records = room.address - (singles << featureShift);
    this.#ints = room.values;
    this.#doubles = memory.doubles(room);
    for (let f = singles; f < features; f++) {
      const isSimple = (below[f] ?? 0) === 0 && (kinds[f] ?? 0) <= featureKind.zeroOrMissing;
      this.#setInt(f, featureField.feature, f * 2 + (isSimple ? 1 : 0));
      this.#setInt(f, featureField.column, columnOf[f] ?? 0);
      this.#setInt(f, featureField.firstSlot, firstSlot[f] ?? 0);
      this.#setInt(f, featureField.endSlot, firstSlot[f + 1] ?? 0);
    }
  }

  /** At the root of a tree nothing is known. */
  begin({ count, hessian }: LeafSums, units: Units, { minDataInLeaf, minSumHessianInLeaf }: TreeParams): void {
    const size = 1 << featureShift;
    for (let at = featureField.reach >> 3; at < this.#doubles.length; at += size >> 3) this.#doubles[at] = Infinity;
    for (let at = featureField.firstSkip >> 2; at < this.#ints.length; at += size >> 2) this.#ints[at] = never;
    this.#mostCountsPerHessian = (mostGrowth * count) / hessian;
    this.leastHessian = leastSide(this.#mostCountsPerHessian, units, { minDataInLeaf, minSumHessianInLeaf });
    this.#leaf.step = -1;
    // The kernel does not know how ties are broken: no feature is simple to it then.
    if (units.sizes === undefined) return;
    for (let at = featureField.feature >> 2; at < this.#ints.length; at += size >> 2) {
      this.#ints[at] = (this.#ints[at] ?? 0) & ~1;
    }
  }

  /** The next search is at the leaf of these sums. */
  enter({ gradient, hessian, count }: LeafSums, units: Units, params: TreeParams): void {
    const l2 = params.lambdaL2 + epsilon;
    const least = Math.max(0, leastSide(count / hessian, units, params) * units.hessian) + l2;
    this.#per = {
      hessian: units.hessian / least,
      gradient: units.gradient / Math.sqrt(least),
      loss: units.hessian / Math.sqrt(least),
    };
    const under = hessian * units.hessian + l2;
    const value = (gradient * units.gradient) / under;
    const usable = count / hessian <= this.#mostCountsPerHessian;
    const step = this.#leaf.step + 1;
    const valueByL2 = Math.abs(value) * Math.sqrt(l2);
    const score = value * value * under;
    this.#leaf = { value, valueByL2, score, hessian: hessian * units.hessian, l2, step, usable };
  }

  /** What the kernel must know of the leaf. */
  writeTo(search: SearchFields): void {
    const { value, valueByL2, score, hessian, l2, step, usable } = this.#leaf;
    search.set(searchField.value, value);
    search.set(searchField.valueByL2, valueByL2);
    search.set(searchField.score, score);
    search.set(searchField.hessian, hessian);
    search.set(searchField.boundL2, l2);
    search.set(searchField.perHessian, this.#per.hessian);
    search.set(searchField.perGradient, this.#per.gradient);
    search.set(searchField.perLoss, this.#per.loss);
    search.setInt(searchField.usable, usable ? 1 : 0);
    search.setInt(searchField.step, step);
  }

  /** The two features that could gain most at the last look, which are to be looked at first; -1 for none. */
  mostPromising({ address, length }: { readonly address: number; readonly length: number }): readonly [number, number] {
    const next = this.#next;
    const first = this.#memory.kernel.mostPromising(address, address + length * 4, this.records, next.address);
    return [first, next.values[0] ?? -1];
  }

  /** First and last step at which a feature was not looked at. */
  skipsOf(feature: number): { readonly first: number; readonly last: number } {
    if (feature < this.singles) return { first: never, last: -1 };
    return { first: this.#int(feature, featureField.firstSkip), last: this.#int(feature, featureField.lastSkip) };
  }

  /** Where the kernel finds a feature that is simple to it; undefined of others. */
  simpleRecord(feature: number): number | undefined {
    const isSimple = (this.#int(feature, featureField.feature) & 1) === 1;
    return isSimple ? this.records + (feature << featureShift) : undefined;
  }

  /** The feature could be split at all steps before this one. */
  known(feature: number, step: number): void {
    if (feature >= this.singles) this.#setInt(feature, featureField.firstSkip, step);
  }

  /** The feature was looked at: the scores of the best split's sides together, and the larger hessian of a side without the zeros. */
  looked(feature: number, bestScore: number, most: number): void {
    const { value, valueByL2, score, l2 } = this.#leaf;
    const gain = Math.max(0, bestScore - score) + slack * bestScore;
    this.#setDouble(feature, featureField.reach, Math.sqrt(gain + value * value * l2) + valueByL2);
    this.#setDouble(feature, featureField.value, value);
    this.#setDouble(feature, featureField.most, most);
    this.#setDouble(feature, featureField.rootOfMost, Math.sqrt(most));
    this.#setInt(feature, featureField.movedGradient, 0);
    this.#setInt(feature, featureField.movedHessian, 0);
  }

  #int(feature: number, place: FieldPlace): number {
    return this.#ints[(((feature - this.singles) << featureShift) + place) >> 2] ?? 0;
  }

  #setInt(feature: number, place: FieldPlace, value: number): void {
    this.#ints[(((feature - this.singles) << featureShift) + place) >> 2] = value;
  }

  #setDouble(feature: number, place: FieldPlace, value: number): void {
    this.#doubles[(((feature - this.singles) << featureShift) + place) >> 3] = value;
  }
}
