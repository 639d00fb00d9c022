import type { BinnedMatrix } from './binned-matrix.ts';
import { partOfBins } from './missing.ts';

/** Slots whose rows leave the side of the split that has the zero bin: from..to - 1, and perhaps that of missing values. */
export interface MovingSlots {
  readonly from: number;
  readonly to: number;
  /** -1 where it is among the others, stays, or is none. */
  readonly missing: number;
  readonly movesRight: boolean;
}

/** The slots on the side of the split that has not the zero bin. `splitBin`: see `Split.bin`. */
export function movingSlots(
  { firstSlot, below }: BinnedMatrix,
  { feature, bin: splitBin }: { readonly feature: number; readonly bin: number },
): MovingSlots {
  const first = firstSlot[feature] ?? 0;
  const end = firstSlot[feature + 1] ?? 0;
  const zero = below[feature] ?? 0;
  const { bin, missingLeft } = partOfBins(splitBin);
  if (bin >= zero) return { from: first + bin, to: missingLeft ? end - 1 : end, missing: -1, movesRight: true };
  return { from: first, to: first + bin + 1, missing: missingLeft ? end - 1 : -1, movesRight: false };
}

/** Rows of a leaf in these slots. */
export function movingRows(
  data: BinnedMatrix,
  { from, to, missing }: MovingSlots,
  { leafOf, leaf }: { readonly leafOf: Int32Array; readonly leaf: number },
): Int32Array {
  const { slotStart, slotRows } = data;
  const start = slotStart[from] ?? 0;
  const end = slotStart[to] ?? 0;
  const also = missing < 0 ? [0, 0] : [slotStart[missing] ?? 0, slotStart[missing + 1] ?? 0];
  const [alsoStart = 0, alsoEnd = 0] = also;
  const rows = new Int32Array(end - start + alsoEnd - alsoStart);
  let count = 0;
  for (let at = start; at < end; at++) {
    const row = slotRows[at] ?? 0;
    if (leafOf[row] === leaf) rows[count++] = row;
  }
  for (let at = alsoStart; at < alsoEnd; at++) {
    const row = slotRows[at] ?? 0;
    if (leafOf[row] === leaf) rows[count++] = row;
  }
  return rows.subarray(0, count);
}
