import type { TreeEnsemble } from './ensemble.ts';

/** What the leaves below each node saw together, and the mean of their values over that. */
export interface NodeSums {
  readonly cover: Float64Array;
  readonly mean: Float64Array;
}

/** Undefined for trees that do not say what their leaves saw. Children stand behind their parents, so the sums are found from the end. */
export function nodeSums({ left, right, leaves, cover }: TreeEnsemble): NodeSums | undefined {
  if (cover.length === 0 || cover.some((seen) => seen <= 0)) return undefined;
  const sums = { cover: new Float64Array(left.length), mean: new Float64Array(left.length) };
  const coverOf = (child: number): number => (child < 0 ? cover[~child] : sums.cover[child]) ?? 0;
  const meanOf = (child: number): number => (child < 0 ? leaves[~child] : sums.mean[child]) ?? 0;
  for (let node = left.length - 1; node >= 0; node--) {
    const [l, r] = [left[node] ?? -1, right[node] ?? -1];
    const whole = coverOf(l) + coverOf(r);
    sums.cover[node] = whole;
    sums.mean[node] = (meanOf(l) * coverOf(l) + meanOf(r) * coverOf(r)) / whole;
  }
  return sums;
}
