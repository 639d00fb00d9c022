/** Fields of a search of one leaf in the kernel's memory, as offsets in bytes: first doubles, then whole numbers of 32 bits. See `SplitSearch` and `GainBounds`. */
export const searchField = {
  allGradient: 0,
  allHessian: 8,
  hessianUnit: 16,
  added: 24,
  shiftInUnits: 32,
  best: 40,
  /** What of a gain a split must reach in units of squared gradients to be looked at more closely. */
  perBest: 48,
  shift: 56,
  gradientUnit: 64,
  l1: 72,
  l2: 80,
  countsPerHessian: 88,
  squaredGradientUnit: 96,
  value: 104,
  valueByL2: 112,
  score: 120,
  hessian: 128,
  boundL2: 136,
  perHessian: 144,
  perGradient: 152,
  perLoss: 160,
  loose: 168,
  minHessian: 172,
  minCount: 176,
  maxCount: 180,
  usable: 184,
  step: 188,
  feature: 192,
  bin: 196,
  rightGradient: 200,
  rightHessian: 204,
  /** Column of the best feature, -1 where there is none. */
  bestColumn: 208,
  /** The least and the most hessian of a side that is a single slot. */
  leastSingle: 212,
  mostSingle: 216,
} as const;
export const searchBytes = 224;

/** Fields of a feature that may have several slots, see `GainBounds`; a cache line each. */
export const featureField = {
  reach: 0,
  value: 8,
  most: 16,
  rootOfMost: 24,
  movedGradient: 32,
  movedHessian: 36,
  firstSkip: 40,
  lastSkip: 44,
  /** Twice its number, and 1 where it is simple: all slots are above zero, and nothing is missing. */
  feature: 48,
  column: 52,
  firstSlot: 56,
  endSlot: 60,
} as const;
export const featureShift = 6;

/** Above the rounding of a few sums and products. */
export const slack = 1e-9;

/** LightGBM adds it to the hessians of both sides of every split. */
export const epsilon = 1e-15;
