import { epsilon } from './kernel/records.ts';
import type { TreeParams, Units } from './tree-params.ts';

/** Below 1 by more than the rounding of a few products. */
export const nearlyOne = 1 - 1e-12;

/** Of gains: apart by no more than rounding. */
export const areNearlyEqual = (one: number, other: number): boolean =>
  one >= other * nearlyOne && other >= one * nearlyOne;

export const thresholdL1 = (gradient: number, l1: number): number =>
  l1 === 0 ? gradient : Math.sign(gradient) * Math.max(0, Math.abs(gradient) - l1);

/** Value of a leaf that minimises its second-order loss (Chen and Guestrin, "XGBoost", KDD 2016, equation 5, with an L1 penalty). */
export const leafValue = (gradient: number, hessian: number, { lambdaL1, lambdaL2 }: TreeParams): number =>
  -thresholdL1(gradient, lambdaL1) / (hessian + lambdaL2);

/** Least hessian of a side in units: by the limit on hessians; and where a side is one bin, so that its rows are counted at once, by both limits. */
export function leastHessians(
  { minDataInLeaf, minSumHessianInLeaf }: TreeParams,
  units: Units,
  countsPerHessian: number,
): { readonly byHessian: number; readonly least: number } {
  const byHessian = (minSumHessianInLeaf - epsilon) / units.hessian;
  return { byHessian, least: Math.max((minDataInLeaf - 0.5) / countsPerHessian, byHessian) };
}
