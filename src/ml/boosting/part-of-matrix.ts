import type { BinnedMatrix } from './binned-matrix.ts';

/**
 * The same matrix, whose rows have the entries of every `parts`-th feature only. Features with most entries come first, so that these parts are
 * about as large as each other.
 */
export function partOf(data: BinnedMatrix, part: number, parts: number): BinnedMatrix {
  const { rows, featureOf, rowStart, rowSlots } = data;
  const isOwn = Uint8Array.from(featureOf, (feature) => (feature % parts === part ? 1 : 0));
  const starts = new Int32Array(rows + 1);
  const slots = new Int32Array(rowSlots.length);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const end = rowStart[row + 1] ?? 0;
    for (let at = rowStart[row] ?? 0; at < end; at++) {
      const slot = rowSlots[at] ?? 0;
      slots[count] = slot;
      count += isOwn[slot] ?? 0;
    }
    starts[row + 1] = count;
  }
  return { ...data, rowStart: starts, rowSlots: slots.slice(0, count) };
}
