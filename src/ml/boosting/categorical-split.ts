import type { BinnedMatrix } from './binned-matrix.ts';
import type { LeafSums, Run, Sums, TreeParams, Units } from './tree-params.ts';

interface Leaf {
  readonly run: Run;
  readonly total: LeafSums;
  readonly units: Units;
  readonly params: TreeParams;
  /** Least hessian of a side, in units. */
  readonly minHessian: number;
}

/** Hears of a set of categories: the sums of its rows, what L2 has more in its gain, and its bins. */
type OnSet = (left: Sums, addedL2: number, bins: () => Int32Array) => void;

interface Category extends Sums {
  readonly bin: number;
  /** Rows, by their share of the hessian. */
  readonly count: number;
}

/**
 * The sets of categories that may go left, as LightGBM's FindBestThresholdCategoricalInner has them: of few categories each alone; of many those of
 * the lowest, then those of the highest gradients by hessians, which are the best of all sets (Fisher, "On grouping for maximum homogeneity",
 * 1958). The first bin, of what is missing, unknown or rare, is in none.
 */
export function setsOfCategories(data: BinnedMatrix, feature: number, leaf: Leaf, onSet: OnSet): void {
  const categories = categoriesOf(data, feature, leaf);
  const bins = (data.firstSlot[feature + 1] ?? 0) - (data.firstSlot[feature] ?? 0) + 1;
  if (bins <= leaf.params.maxCatToOnehot) eachAlone(categories, leaf, onSet);
  else sortedSets(categories, leaf, onSet);
}

function categoriesOf({ firstSlot, below }: BinnedMatrix, feature: number, { run, total }: Leaf): Category[] {
  const { slots, sums, from, to } = run;
  const first = firstSlot[feature] ?? 0;
  const zero = below[feature] ?? 0;
  const countsPerHessian = total.count / total.hessian;
  const found: Category[] = [];
  let { gradient, hessian } = total;
  const add = (bin: number, own: Sums): void => {
    if (bin > 0) found.push({ bin, ...own, count: Math.floor(own.hessian * countsPerHessian + 0.5) });
  };
  for (let at = from; at < to; at++) {
    const place = (slots === undefined ? at : (slots[at] ?? 0)) - first;
    const own = { gradient: sums[at << 1] ?? 0, hessian: sums[(at << 1) + 1] ?? 0 };
    gradient -= own.gradient;
    hessian -= own.hessian;
    add(place < zero ? place : place + 1, own);
  }
  add(zero, { gradient, hessian });
  return found.sort((a, b) => a.bin - b.bin);
}

function eachAlone(categories: readonly Category[], { total, params, minHessian }: Leaf, onSet: OnSet): void {
  const { minDataInLeaf } = params;
  for (const { bin, gradient, hessian, count } of categories) {
    if (count < minDataInLeaf || total.count - count < minDataInLeaf) continue;
    if (hessian < minHessian || total.hessian - hessian < minHessian) continue;
    onSet({ gradient, hessian }, 0, () => Int32Array.of(bin));
  }
}

function sortedSets(categories: readonly Category[], leaf: Leaf, onSet: OnSet): void {
  const { units, params } = leaf;
  const order = ({ gradient, hessian }: Sums): number =>
    (gradient * units.gradient) / (hessian * units.hessian + params.catSmooth);
  const sorted = categories
    .filter(({ count, hessian }) => hessian > 0 && count >= params.catSmooth)
    .sort((a, b) => order(a) - order(b) || a.bin - b.bin);
  const most = Math.min(params.maxCatThreshold, (sorted.length + 1) >> 1);
  growingSets(sorted.slice(0, most), leaf, onSet);
  growingSets(sorted.reverse().slice(0, most), leaf, onSet);
}

/** The first of the categories, the first two, and so on. */
function growingSets(categories: readonly Category[], { total, params, minHessian }: Leaf, onSet: OnSet): void {
  const { minDataInLeaf, minDataPerGroup, catL2 } = params;
  let [gradient, hessian, count, inGroup] = [0, 0, 0, 0];
  for (const [at, own] of categories.entries()) {
    gradient += own.gradient;
    hessian += own.hessian;
    count += own.count;
    inGroup += own.count;
    if (count < minDataInLeaf || hessian < minHessian) continue;
    if (total.count - count < Math.max(minDataInLeaf, minDataPerGroup) || total.hessian - hessian < minHessian) return;
    if (inGroup < minDataPerGroup) continue;
    inGroup = 0;
    onSet({ gradient, hessian }, catL2, () => Int32Array.from(categories.slice(0, at + 1), ({ bin }) => bin));
  }
}
