import type { Bins, BinSettings, Distinct } from './bin-bounds.ts';
import { findBins } from './bin-bounds.ts';
import { featureKind, type FeatureKind } from './feature-kind.ts';

/** A bin of a split (`Split.bin`) at which missing values go left: they, and what is in bins up to this one. */
export const withMissingLeft = (bin: number): number => ~bin;

/** Where a split (`Split.bin`) parts the other values, and whether missing ones go left. */
export const partOfBins = (bin: number): { readonly bin: number; readonly missingLeft: boolean } =>
  bin < 0 ? { bin: ~bin, missingLeft: true } : { bin, missingLeft: false };

/** LightGBM's kSparseThreshold: from this share of the rows on, it leaves out any bin, and below it that of zero alone. */
const sparseShare = 0.7;

export interface Column {
  /** Ascending, without zeros and missing ones. */
  readonly sorted: Float64Array;
  readonly rows: number;
  readonly missing: number;
}

/** Bins of a column with missing values: as LightGBM has it, they take one of the bins there may be. */
export function binsWithMissing(
  distinct: Distinct,
  { sorted, rows, missing }: Column,
  settings: BinSettings,
): Bins & { readonly kind: FeatureKind } {
  const { bounds, below } = findBins(distinct, rows - missing, { ...settings, maxBin: settings.maxBin - 1 });
  const all = { bounds: [...bounds, Infinity], below };
  if (bounds.length === 0) return { ...all, kind: featureKind.zeroOrMissing };
  const counts = countsOfBins(all, { sorted, rows, missing });
  const most = Math.max(...counts);
  const mostFrequent = most < sparseShare * rows ? below : counts.indexOf(most);
  return { ...all, kind: mostFrequent === 0 ? featureKind.missingAfterRest : featureKind.missing };
}

function countsOfBins({ bounds, below }: Bins, { sorted, rows, missing }: Column): number[] {
  const counts = new Array<number>(bounds.length + 1).fill(0);
  let bin = 0;
  for (const value of sorted) {
    while (value > (bounds[bin] ?? Infinity)) bin++;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  counts[below] = (counts[below] ?? 0) + rows - sorted.length - missing;
  counts[bounds.length] = missing;
  return counts;
}
