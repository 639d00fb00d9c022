import type { BinnedMatrix } from './binned-matrix.ts';
import { movingRows, movingSlots } from './moving-slots.ts';
import type { Gradients } from './narrow.ts';
import type { CategorySet, GrownTree } from './tree-params.ts';

/** The rows that trees are grown on. */
export interface Bag {
  /** Of those rows alone. */
  readonly data: BinnedMatrix;
  /** Of all rows -> of those in the bag; good until the next ones. */
  take(all: Gradients): Gradients;
  /** Leaf of every row, of those outside of the bag too, by the leaves of those within. */
  leafOf(tree: GrownTree, own: Int32Array): Int32Array;
}

export function bagOfAll(data: BinnedMatrix): Bag {
  return { data, take: (all) => all, leafOf: (_tree, own) => own };
}

/** `rows`: ascending. */
export function bagOf(data: BinnedMatrix, rows: Int32Array): Bag {
  const own = new Int32Array(rows.length * 2);
  return {
    data: selectBinned(data, rows),
    take: ({ rowSums, units, total }) => {
      rows.forEach((row, at) => {
        own[at << 1] = rowSums[row << 1] ?? 0;
        own[(at << 1) + 1] = rowSums[(row << 1) + 1] ?? 0;
      });
      return { rowSums: own, units, total: { ...total, count: rows.length } };
    },
    leafOf: (tree) => leavesOf(tree, data),
  };
}

/** Some rows, ascending, in the bins of all. */
function selectBinned(data: BinnedMatrix, rows: Int32Array): BinnedMatrix {
  const rowStart = new Int32Array(rows.length + 1);
  rows.forEach((row, at) => {
    rowStart[at + 1] = (rowStart[at] ?? 0) + (data.rowStart[row + 1] ?? 0) - (data.rowStart[row] ?? 0);
  });
  const entries = rowStart[rows.length] ?? 0;
  const rowSlots = new Int32Array(entries);
  const slotStart = new Int32Array(data.slots + 1);
  rows.forEach((row, at) => {
    rowSlots.set(data.rowSlots.subarray(data.rowStart[row], data.rowStart[row + 1]), rowStart[at]);
  });
  for (const slot of rowSlots) slotStart[slot + 1] = (slotStart[slot + 1] ?? 0) + 1;
  for (let slot = 0; slot < data.slots; slot++) {
    slotStart[slot + 1] = (slotStart[slot + 1] ?? 0) + (slotStart[slot] ?? 0);
  }
  const next = slotStart.slice();
  const slotRows = new Int32Array(entries);
  for (let row = 0; row < rows.length; row++) {
    for (let at = rowStart[row] ?? 0; at < (rowStart[row + 1] ?? 0); at++) {
      const slot = rowSlots[at] ?? 0;
      const to = next[slot] ?? 0;
      next[slot] = to + 1;
      slotRows[to] = row;
    }
  }
  return { ...data, rows: rows.length, rowStart, rowSlots, slotStart, slotRows };
}

/** Follows the splits in the order they were made: each moves rows of one leaf to a new one, which has the next number. */
function leavesOf({ feature, bin, sets, left }: GrownTree, data: BinnedMatrix): Int32Array {
  const leaves = new Int32Array(data.rows);
  feature.forEach((own, node) => {
    const leaf = leftmostLeaf(left, left[node] ?? -1);
    const newLeaf = node + 1;
    const slots = movingSlots(data, { feature: own, bin: bin[node] ?? 0, ...setOf(sets[node]) });
    const moved = movingRows(data, slots, { leafOf: leaves, leaf });
    if (slots.movesRight) {
      for (const row of moved) leaves[row] = newLeaf;
      return;
    }
    const isLeft = new Uint8Array(data.rows);
    for (const row of moved) isLeft[row] = 1;
    for (let row = 0; row < leaves.length; row++) {
      if (leaves[row] === leaf && isLeft[row] === 0) leaves[row] = newLeaf;
    }
  });
  return leaves;
}

const setOf = (set: CategorySet | undefined): { readonly set?: CategorySet } => (set === undefined ? {} : { set });

/** A leaf that is split keeps its number on the left. */
function leftmostLeaf(left: Int32Array, from: number): number {
  let child = from;
  while (child >= 0) child = left[child] ?? -1;
  return -child - 1;
}
