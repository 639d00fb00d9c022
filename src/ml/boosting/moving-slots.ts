import type { BinnedMatrix } from './binned-matrix.ts';
import { partOfBins } from './missing.ts';
import type { Split } from './tree-params.ts';

/** Slots whose rows leave the side of the split that has the zero bin: from..to - 1, and others. */
export interface MovingSlots {
  readonly from: number;
  readonly to: number;
  readonly others: readonly number[];
  readonly movesRight: boolean;
}

/** The slots on the side of the split that has not the zero bin. */
export function movingSlots(
  { firstSlot, below }: BinnedMatrix,
  { feature, bin: splitBin, set }: Pick<Split, 'feature' | 'bin' | 'set'>,
): MovingSlots {
  const first = firstSlot[feature] ?? 0;
  const end = firstSlot[feature + 1] ?? 0;
  const zero = below[feature] ?? 0;
  if (set !== undefined) {
    const isLeft = new Set(set.bins);
    const movesRight = isLeft.has(zero);
    const binOf = (slot: number): number => (slot - first < zero ? slot - first : slot - first + 1);
    const all = Array.from({ length: end - first }, (_, at) => first + at);
    return { from: first, to: first, others: all.filter((slot) => isLeft.has(binOf(slot)) !== movesRight), movesRight };
  }
  const { bin, missingLeft } = partOfBins(splitBin);
  if (bin >= zero) return { from: first + bin, to: missingLeft ? end - 1 : end, others: [], movesRight: true };
  return { from: first, to: first + bin + 1, others: missingLeft ? [end - 1] : [], movesRight: false };
}

/** Rows of a leaf in these slots. */
export function movingRows(
  { slotStart, slotRows }: BinnedMatrix,
  { from, to, others }: MovingSlots,
  { leafOf, leaf }: { readonly leafOf: Int32Array; readonly leaf: number },
): Int32Array {
  const sizeOf = (first: number, end: number): number => (slotStart[end] ?? 0) - (slotStart[first] ?? 0);
  const rows = new Int32Array(others.reduce((sum, slot) => sum + sizeOf(slot, slot + 1), sizeOf(from, to)));
  let count = 0;
  const add = (first: number, last: number): void => {
    const end = slotStart[last] ?? 0;
    for (let at = slotStart[first] ?? 0; at < end; at++) {
      const row = slotRows[at] ?? 0;
      if (leafOf[row] === leaf) rows[count++] = row;
    }
  };
  add(from, to);
  for (const slot of others) add(slot, slot + 1);
  return rows.subarray(0, count);
}
