import type { BinnedMatrix } from './binned-matrix.ts';

/** Features from..to - 1. */
export interface FeatureRange {
  readonly from: number;
  readonly to: number;
}

/** What looking at one more slot at every step costs, in entries added up. */
const entriesOfSlot = 8;

/** The features that one of so many threads looks at, so that all have about as much to do. */
export function partOfFeatures(
  { features, firstSlot, slotStart }: BinnedMatrix,
  part: number,
  parts: number,
): FeatureRange {
  const costUpTo = (feature: number): number => {
    const slot = firstSlot[feature] ?? 0;
    return (slotStart[slot] ?? 0) + slot * entriesOfSlot;
  };
  const bound = (number: number): number => {
    const wanted = (costUpTo(features) * number) / parts;
    let [low, high] = [0, features];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (costUpTo(middle) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return { from: bound(part), to: part === parts - 1 ? features : bound(part + 1) };
}

/** Where the entries of each row begin, and where they end, that are of some features: entries of a row ascend by slots. */
export function entriesOf(
  { rows, rowStart, rowSlots, firstSlot }: BinnedMatrix,
  { from, to }: FeatureRange,
): { readonly starts: Int32Array; readonly ends: Int32Array } {
  const [first, last] = [firstSlot[from] ?? 0, firstSlot[to] ?? 0];
  const [starts, ends] = [new Int32Array(rows), new Int32Array(rows)];
  for (let row = 0; row < rows; row++) {
    const end = rowStart[row + 1] ?? 0;
    let at = rowStart[row] ?? 0;
    while (at < end && (rowSlots[at] ?? 0) < first) at++;
    starts[row] = at;
    while (at < end && (rowSlots[at] ?? 0) < last) at++;
    ends[row] = at;
  }
  return { starts, ends };
}
