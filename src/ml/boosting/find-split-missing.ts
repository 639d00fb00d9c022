import type { BinnedMatrix } from './binned-matrix.ts';
import { featureKind } from './feature-kind.ts';
import { withMissingLeft } from './missing.ts';
import type { LeafSums, Run, Sums } from './tree-params.ts';

/** Sums of a feature's bins in the order of their values, those without rows perhaps left out, and those of missing values apart. */
interface OrderedBins {
  readonly bins: readonly number[];
  readonly gradients: readonly number[];
  readonly hessians: readonly number[];
  readonly missing: Sums;
}

/** Hears of the right side of a split; `count`: rows of the side that was added up. */
type OnSplit = (bin: number, right: LeafSums) => void;

/** The bins of a feature that has one for missing values, at a leaf of the given sums. */
export function orderedBins(
  { firstSlot, below }: BinnedMatrix,
  feature: number,
  { run: { slots, sums, from, to }, total }: { readonly run: Run; readonly total: LeafSums },
): OrderedBins {
  const first = firstSlot[feature] ?? 0;
  const zero = first + (below[feature] ?? 0);
  const missingSlot = (firstSlot[feature + 1] ?? 0) - 1;
  const found = { bins: [] as number[], gradients: [] as number[], hessians: [] as number[] };
  const missing = { gradient: 0, hessian: 0 };
  let [gradient, hessian, zeroAt] = [total.gradient, total.hessian, -1];
  const add = (bin: number, ownGradient: number, ownHessian: number): number => {
    found.gradients.push(ownGradient);
    found.hessians.push(ownHessian);
    return found.bins.push(bin) - 1;
  };
  for (let at = from; at < to; at++) {
    const slot = slots === undefined ? at : (slots[at] ?? 0);
    const [ownGradient, ownHessian] = [sums[at << 1] ?? 0, sums[(at << 1) + 1] ?? 0];
    gradient -= ownGradient;
    hessian -= ownHessian;
    if (slot >= zero && zeroAt < 0) zeroAt = add(zero - first, 0, 0);
    if (slot === missingSlot) {
      missing.gradient = ownGradient;
      missing.hessian = ownHessian;
    } else add(slot < zero ? slot - first : slot - first + 1, ownGradient, ownHessian);
  }
  if (zeroAt < 0) zeroAt = add(zero - first, 0, 0);
  found.gradients[zeroAt] = gradient;
  found.hessians[zeroAt] = hessian;
  return { ...found, missing };
}

/**
 * All splits in the order of LightGBM's FindBestThresholdSequentially, of which the first of equal ones counts: with missing values on the left, from the
 * highest value down, and then with them on the right, from the lowest up. Rows are counted by their share of the hessian on the side that is added up:
 * the one without missing values. So it is not the same which side is which, even where nothing is missing.
 */
export function scanBothWays(
  { bins, gradients, hessians, missing }: OrderedBins,
  { total, kind }: { readonly total: LeafSums; readonly kind: number },
  onSplit: OnSplit,
): void {
  const countsPerHessian = total.count / total.hessian;
  const counted = (hessian: number): number => (hessian * countsPerHessian + 0.5) | 0;
  let [gradient, hessian, count] = [0, 0, 0];
  for (let at = bins.length - 1; at >= 0; at--) {
    const bin = bins[at] ?? 0;
    const own = hessians[at] ?? 0;
    gradient += gradients[at] ?? 0;
    hessian += own;
    count += counted(own);
    if (bin > 0) onSplit(withMissingLeft(bin - 1), { gradient, hessian, count });
  }
  const isRest = kind === featureKind.missingAfterRest;
  [gradient, hessian, count] = [0, 0, 0];
  if (isRest) {
    count = total.count - counted(missing.hessian);
    bins.forEach((bin, at) => (count -= bin > 0 ? counted(hessians[at] ?? 0) : 0));
  }
  bins.forEach((bin, at) => {
    const own = hessians[at] ?? 0;
    gradient += gradients[at] ?? 0;
    hessian += own;
    if (bin > 0 || !isRest) count += counted(own);
    onSplit(bin, { gradient: total.gradient - gradient, hessian: total.hessian - hessian, count });
  });
}
