import type { CsrMatrix } from '../sparse/csr.ts';
import { transpose } from '../sparse/csr.ts';
import { sharedInts } from '../threads/shareable.ts';
import { zeroThreshold } from '../trees/ensemble.ts';
import { findBins, type Bins, type BinSettings, type Distinct } from './bin-bounds.ts';
import { categoryBins } from './category-bins.ts';
import { featureKind, type FeatureKind } from './feature-kind.ts';
import { binsWithMissing, type Column } from './missing.ts';

/**
 * Rows by bins. Every bin but the one that holds zero has a slot; the slots of a feature follow each other in the order of its values, and only
 * entries that are not in the zero bin are stored. Features that no split could use are left out.
 */
export interface BinnedMatrix {
  readonly rows: number;
  readonly features: number;
  readonly slots: number;
  /** So many features, which come first, have one slot, that of what is above zero: there slots are features. */
  readonly singles: number;
  /**
   * Column of the matrix, by feature. Of those with one slot, features with most entries come first, so that what is touched often lies close together. The
   * others are in an order in which threads that look at a part each have as much to do.
   */
  readonly columnOf: Int32Array;
  /** First slot of each feature, and the number of slots at the end. */
  readonly firstSlot: Int32Array;
  /** How many of a feature's slots are of values below zero. */
  readonly below: Int32Array;
  readonly featureOf: Int32Array;
  /** Of each feature: its `featureKind`. */
  readonly kinds: Int32Array;
  /** Upper bound of bin b of feature f, the zero bin among them, at firstSlot[f] + b; of categories that of bin b + 1. */
  readonly bounds: Float64Array;
  /** Entries by rows. */
  readonly rowStart: Int32Array;
  readonly rowSlots: Int32Array;
  /** Entries by slots, rows ascending. */
  readonly slotStart: Int32Array;
  readonly slotRows: Int32Array;
}

export interface BinningOptions extends BinSettings {
  /** Features that cannot be split so that both sides have as many rows are left out. */
  readonly minDataInLeaf: number;
  /** Missing values have a bin of their own; otherwise, they are zeros. */
  readonly useMissing: boolean;
  /** Features of one slot come first. Otherwise, none is held to be such. */
  readonly singlesApart: boolean;
  /** Columns whose numbers are those of categories. */
  readonly categoricalFeature: readonly number[];
}

interface Feature extends Bins {
  readonly column: number;
  readonly entries: number;
  readonly kind: FeatureKind;
}

export function binMatrix(x: CsrMatrix, options: BinningOptions): BinnedMatrix {
  const columns = transpose(x);
  const features: Feature[] = [];
  for (let column = 0; column < x.columns; column++) {
    const isCategorical = options.categoricalFeature.includes(column);
    const entries = (columns.indptr[column + 1] ?? 0) - (columns.indptr[column] ?? 0);
    // A side of every split has rows of entries alone.
    if (!isCategorical && entries < options.minDataInLeaf) continue;
    const values = presentValues(columns, column);
    const missing = options.useMissing || isCategorical ? missingOf(columns, column) : 0;
    const own = { sorted: values, rows: x.rows, missing };
    const bins = isCategorical ? binsOfCategories(own, options) : binsOf(own, options);
    if (isCategorical ? bins.bounds.length > 0 : canSplit(bins, own, options.minDataInLeaf))
      features.push({ column, entries: values.length + own.missing, ...bins });
  }
  const isApart = (feature: Feature): boolean => options.singlesApart && isSingle(feature);
  features.sort((a, b) => +isApart(b) - +isApart(a) || b.entries - a.entries || a.column - b.column);
  const found = features.findIndex((feature) => !isApart(feature));
  const singles = found < 0 ? features.length : found;
  return fillSlots(columns, [...features.slice(0, singles), ...spread(features.slice(singles))], singles);
}

/** In the order of their places with the bits reversed, so that each half, quarter and so on has about as many of the first as of the last. */
function spread<T>(items: readonly T[]): T[] {
  const bits = Math.ceil(Math.log2(items.length));
  const reversed = (place: number): number => {
    let result = 0;
    for (let bit = 0; bit < bits; bit++) result = result * 2 + ((place >> bit) & 1);
    return result;
  };
  return Array.from({ length: items.length === 0 ? 0 : 2 ** bits }, (_, place) => items[reversed(place)]).filter(
    (item) => item !== undefined,
  );
}

/** Sorted, without zeros. */
function presentValues({ indptr, values }: CsrMatrix, column: number): Float64Array {
  const own = values.subarray(indptr[column], indptr[column + 1]);
  const present = Float64Array.from(own).filter((value) => Math.abs(value) > zeroThreshold);
  return present.every((value) => value === present[0]) ? present : present.sort();
}

function missingOf({ indptr, values }: CsrMatrix, column: number): number {
  let missing = 0;
  const end = indptr[column + 1] ?? 0;
  for (let at = indptr[column] ?? 0; at < end; at++) if (Number.isNaN(values[at])) missing++;
  return missing;
}

type KnownBins = Bins & { readonly kind: FeatureKind };

function binsOf(column: Column, options: BinSettings): KnownBins {
  const distinct = distinctOf(column.sorted);
  return column.missing === 0
    ? { ...findBins(distinct, column.rows, options), kind: featureKind.plain }
    : binsWithMissing(distinct, column, options);
}

function binsOfCategories(column: Column, options: BinSettings): KnownBins {
  const { categories, below } = categoryBins(distinctOf(column.sorted), column, options);
  return { bounds: categories, below, kind: featureKind.categorical };
}

function distinctOf(sorted: Float64Array): Distinct {
  const values = new Float64Array(sorted.length);
  const counts = new Int32Array(sorted.length);
  let count = 0;
  for (const value of sorted) {
    if (count === 0 || value !== values[count - 1]) values[count++] = value;
    counts[count - 1] = (counts[count - 1] ?? 0) + 1;
  }
  return { values: values.subarray(0, count), counts: counts.subarray(0, count) };
}

function canSplit({ bounds, below }: Bins, { sorted, rows, missing }: Column, least: number): boolean {
  const zeros = rows - sorted.length - missing;
  let at = 0;
  return bounds.some((bound, bin) => {
    while (at < sorted.length && (sorted[at] ?? 0) <= bound) at++;
    const left = at + (bin >= below ? zeros : 0);
    return left >= least && rows - left >= least;
  });
}

const isSingle = ({ bounds, below, kind }: Feature): boolean =>
  bounds.length === 1 && below === 0 && kind !== featureKind.categorical;

function fillSlots(columns: CsrMatrix, features: readonly Feature[], singles: number): BinnedMatrix {
  const rows = columns.columns;
  const firstSlot = new Int32Array(features.length + 1);
  features.forEach(({ bounds }, f) => (firstSlot[f + 1] = (firstSlot[f] ?? 0) + bounds.length));
  const slots = firstSlot[features.length] ?? 0;
  const bounds = new Float64Array(slots);
  const featureOf = new Int32Array(slots);
  features.forEach((feature, f) => {
    bounds.set(feature.bounds, firstSlot[f]);
    featureOf.fill(f, firstSlot[f], firstSlot[f + 1]);
  });
  const { entrySlots, entryRows } = entriesOf(columns, features, firstSlot);
  const slotStart = startsOf(entrySlots, slots);
  // Threads need no copies of these two, which are as large as all others together.
  const slotRows = sharedInts(entrySlots.length);
  const nextOfSlot = slotStart.slice();
  const rowStart = startsOf(entryRows, rows);
  const rowSlots = sharedInts(entrySlots.length);
  const nextOfRow = rowStart.slice();
  for (let i = 0; i < entrySlots.length; i++) {
    const slot = entrySlots[i] ?? 0;
    const row = entryRows[i] ?? 0;
    const inSlot = nextOfSlot[slot] ?? 0;
    slotRows[inSlot] = row;
    nextOfSlot[slot] = inSlot + 1;
    const inRow = nextOfRow[row] ?? 0;
    rowSlots[inRow] = slot;
    nextOfRow[row] = inRow + 1;
  }
  const columnOf = Int32Array.from(features, ({ column }) => column);
  const below = Int32Array.from(features, (feature) => feature.below);
  const kinds = Int32Array.from(features, (feature) => feature.kind);
  const shape = { rows, features: features.length, slots, singles };
  return { ...shape, columnOf, firstSlot, below, featureOf, kinds, bounds, rowStart, rowSlots, slotStart, slotRows };
}

/** Slot and row of every entry that is not in a zero bin, by columns. */
function entriesOf(
  { indptr, indices, values }: CsrMatrix,
  features: readonly Feature[],
  firstSlot: Int32Array,
): { entrySlots: Int32Array; entryRows: Int32Array } {
  const entrySlots = new Int32Array(indices.length);
  const entryRows = new Int32Array(indices.length);
  let count = 0;
  features.forEach(({ column, bounds, below, kind }, f) => {
    const bins =
      kind === featureKind.categorical ? new Map(bounds.map((category, at) => [category, at + 1])) : undefined;
    const end = indptr[column + 1] ?? 0;
    for (let at = indptr[column] ?? 0; at < end; at++) {
      const value = values[at] ?? 0;
      // NaN is above all bounds, in the last bin, which is its own or else is not meant for it.
      const isZero = kind === featureKind.plain && Number.isNaN(value);
      const bin = bins !== undefined ? (bins.get(value) ?? 0) : isZero ? below : binOf(bounds, value);
      if (bin === below) continue;
      entrySlots[count] = (firstSlot[f] ?? 0) + (bin < below ? bin : bin - 1);
      entryRows[count++] = indices[at] ?? 0;
    }
  });
  return { entrySlots: entrySlots.subarray(0, count), entryRows: entryRows.subarray(0, count) };
}

/** The first bin whose upper bound is not below the value. */
function binOf(bounds: readonly number[], value: number): number {
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (bounds[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function startsOf(places: Int32Array, count: number): Int32Array {
  const starts = new Int32Array(count + 1);
  for (const place of places) starts[place + 1] = (starts[place + 1] ?? 0) + 1;
  for (let place = 0; place < count; place++) starts[place + 1] = (starts[place + 1] ?? 0) + (starts[place] ?? 0);
  return starts;
}
