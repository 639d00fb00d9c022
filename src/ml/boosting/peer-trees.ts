import type { CsrMatrix } from '../sparse/csr.ts';
import type { TreeEnsemble } from '../trees/ensemble.ts';

export interface PeerMatrix {
  readonly rows: number;
  readonly columns: number;
  readonly indptr: number[];
  readonly indices: number[];
  readonly data: number[];
}

export type PeerTree =
  | { readonly value: number }
  | { column: number; threshold: number | string; gain: number; left: PeerTree; right: PeerTree };

export const matrixOf = ({ rows, columns, indptr, indices, data }: PeerMatrix): CsrMatrix => ({
  rows,
  columns,
  indptr: Int32Array.from(indptr),
  indices: Int32Array.from(indices),
  values: Float64Array.from(data),
});

/**
 * The first place where two trees differ. Two splits of equal gain are a tie, which rounding decides in LightGBM; nor does a split count
 * whose gain is the rounding of 0. What hangs below a tie is not compared.
 */
export function difference(ours: TreeEnsemble, node: number, theirs: PeerTree, minGain: number): string | undefined {
  if ('value' in theirs) {
    if (node >= 0) return isNothing(ours.gain[node] ?? 0) ? undefined : `a split of gain ${ours.gain[node] ?? 0} more`;
    const value = ours.leaves[~node] ?? NaN;
    return Math.abs(value - theirs.value) < 1e-6 ? undefined : `leaf ${value} instead of ${theirs.value}`;
  }
  if (node < 0) return isNothing(theirs.gain) ? undefined : `a split of gain ${theirs.gain} less`;
  const [column = -1, threshold = NaN, gain = NaN] = [ours.feature[node], ours.threshold[node], ours.gain[node]];
  if (column === theirs.column && isSameLimit(ours, threshold, theirs.threshold)) {
    return (
      difference(ours, ours.left[node] ?? 0, theirs.left, minGain) ??
      difference(ours, ours.right[node] ?? 0, theirs.right, minGain)
    );
  }
  // LightGBM writes gains without what min_gain_to_split takes from them.
  const isTie = Math.abs(gain + minGain - theirs.gain) <= 1e-5 * theirs.gain + 1e-9;
  return isTie
    ? undefined
    : `${column} <= ${threshold}: ${gain}, not ${theirs.column} <= ${theirs.threshold}: ${theirs.gain}`;
}

/** LightGBM writes infinity as 1e300, and a set of categories as their numbers. */
function isSameLimit({ categoryEnds, categories }: TreeEnsemble, limit: number, theirs: number | string): boolean {
  if (typeof theirs === 'number') return limit === Infinity ? theirs >= 1e300 : Math.abs(limit - theirs) < 1e-12;
  const words = categories.subarray(limit === 0 ? 0 : categoryEnds[limit - 1], categoryEnds[limit]);
  const own = Array.from({ length: words.length * 32 }, (_, category) => category).filter(
    (category) => (((words[category >>> 5] ?? 0) >>> (category & 31)) & 1) === 1,
  );
  return own.join('||') === theirs;
}

const isNothing = (gain: number): boolean => gain < 1e-12;

/** LightGBM puts what is predicted before the first tree into that tree. */
export function withBase(one: TreeEnsemble): TreeEnsemble {
  const trees = { ...one, leaves: one.leaves.slice() };
  one.roots.forEach((root, tree) => {
    shift(trees, root, one.base[tree] ?? 0);
  });
  return trees;
}

function shift(trees: TreeEnsemble, node: number, by: number): void {
  if (node < 0) trees.leaves[~node] = (trees.leaves[~node] ?? 0) + by;
  else for (const child of [trees.left[node] ?? -1, trees.right[node] ?? -1]) shift(trees, child, by);
}

/** Pearson's. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const centred = [a, b].map((of) => {
    const mean = Array.from(of).reduce((sum, value) => sum + value, 0) / of.length;
    return Array.from(of, (value) => value - mean);
  });
  const product = (left: number, right: number): number =>
    (centred[left] ?? []).reduce((sum, value, i) => sum + value * (centred[right]?.[i] ?? 0), 0);
  return product(0, 1) / Math.sqrt(product(0, 0) * product(1, 1));
}
