import type { Ints } from './kernel/memory.ts';

/** How one tree grows; the names are LightGBM's. */
export interface TreeParams {
  readonly numLeaves: number;
  /** Not above 0: no limit. */
  readonly maxDepth: number;
  readonly minDataInLeaf: number;
  readonly minSumHessianInLeaf: number;
  readonly lambdaL1: number;
  readonly lambdaL2: number;
  readonly minGainToSplit: number;
  /** Features of no more categories are split one category against the others. */
  readonly maxCatToOnehot: number;
  /** Categories of fewer rows at a leaf are not looked at there; and it draws the order of the others to that of their gradients. */
  readonly catSmooth: number;
  /** Added to lambdaL2 where a set of categories is split off. */
  readonly catL2: number;
  /** Most categories of a set. */
  readonly maxCatThreshold: number;
  /** Fewest rows that a larger set has more than a smaller one. */
  readonly minDataPerGroup: number;
}

/** Sums of a set of rows, in units of the quantised gradients, so that they are exact whatever the order of adding. */
export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
  /** Where ties are told apart: the hessian as LightGBM rounds it, not in units. See `TieBreak`. */
  readonly rounded?: number;
}

export interface LeafSums extends Sums {
  /** Rows. */
  readonly count: number;
  /** With `rounded`: what LightGBM's hessian of a bin of zeros, if it is not the lowest bin, has more than its rows. */
  readonly excessOfZeros?: number;
}

/** What one unit of the quantised sums is. */
export interface Units {
  readonly gradient: number;
  readonly hessian: number;
  /** Given where hessians count rows and gradients of rows have few sizes, so that many splits gain exactly the same. */
  readonly sizes?: GradientSizes;
}

/** Gradients of rows whose score is above and below what it should be, and the same in LightGBM's float32. */
export interface GradientSizes {
  readonly above: number;
  readonly below: number;
  readonly above32: number;
  readonly below32: number;
}

/** Gradient and hessian of each row beside each other, [rows, 2], as whole numbers of a common unit. */
export type RowSums = Int32Array;

/** Sums by slot beside each other, [slots, 2]. They stay exact: see `narrow`. Half the bytes of doubles, and so more of them are near at hand. */
export type SlotSums = Int32Array;

/** Sums of one feature's bins: those of `slots` from..to - 1, or where there is no list those whose numbers these are. */
export interface Run {
  readonly slots: Int32Array | undefined;
  readonly sums: Int32Array;
  readonly from: number;
  readonly to: number;
}

/** Features that a leaf, and the leaves that come of it, may be split by: a list that only gets shorter, and a 1 for each in it. */
export interface Candidates {
  /** Ascending: first those that have one slot. */
  readonly features: Ints;
  readonly isOne: Ints;
  singles: number;
  length: number;
}

/** Bins of categories, and what the values of the two sides' leaves have more than `lambdaL2`. */
export interface CategorySet {
  readonly bins: Int32Array;
  readonly addedL2: number;
}

export interface Split {
  /** Above the gain of leaving the leaf as it is and `minGainToSplit`. */
  readonly gain: number;
  /** Scores of the two sides together. */
  readonly score: number;
  readonly feature: number;
  /** Rows of this bin and those below go left; below 0, those of missing values too, and those of bins up to ~bin. */
  readonly bin: number;
  /** Of categories: the bins that go left; `bin` says nothing then. */
  readonly set?: CategorySet;
  readonly left: Sums;
  readonly right: Sums;
}

/** A grown tree. Nodes are numbered from the root, 0; a child below 0 is the leaf of number -child - 1. */
export interface GrownTree {
  readonly feature: Int32Array;
  /** As `Split.bin`. */
  readonly bin: Int32Array;
  /** As `Split.set`, by node. */
  readonly sets: readonly (CategorySet | undefined)[];
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly gain: Float64Array;
  /** Not yet multiplied by the learning rate. */
  readonly leafValue: Float64Array;
  readonly leafCount: Int32Array;
}
