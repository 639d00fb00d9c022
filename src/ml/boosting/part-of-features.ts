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

/** The entries of some features by rows, of which each row's ascend by slots. */
export function entriesOf(
  { rows, rowStart, rowSlots, firstSlot }: BinnedMatrix,
  { from, to }: FeatureRange,
): Pick<BinnedMatrix, 'rowStart' | 'rowSlots'> {
  const [first, last] = [firstSlot[from] ?? 0, firstSlot[to] ?? 0];
  const isOwn = (slot: number): boolean => slot >= first && slot < last;
  // Counted first: there may be many, and lists that are thrown away are not soon given back.
  const own = new Int32Array(rowSlots.reduce((count, slot) => count + +isOwn(slot), 0));
  const starts = new Int32Array(rows + 1);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    for (let entry = rowStart[row] ?? 0; entry < (rowStart[row + 1] ?? 0); entry++) {
      const slot = rowSlots[entry] ?? 0;
      if (isOwn(slot)) own[at++] = slot;
    }
    starts[row + 1] = at;
  }
  return { rowStart: starts, rowSlots: own };
}
