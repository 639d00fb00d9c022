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
}

/** Sums of a set of rows, in units of the quantised gradients, so that they are exact whatever the order of adding. */
export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
}

export interface LeafSums extends Sums {
  /** Rows. */
  readonly count: number;
}

/** What one unit of the quantised sums is. */
export interface Units {
  readonly gradient: number;
  readonly hessian: number;
}

/** Features that a leaf, and the leaves that come of it, may be split by: a list that only gets shorter, and a 1 for each in it. */
export interface Candidates {
  readonly features: Int32Array;
  readonly isOne: Uint8Array;
  length: number;
}

export interface Split {
  /** Above the gain of leaving the leaf as it is and `minGainToSplit`. */
  readonly gain: number;
  /** Scores of the two sides together. */
  readonly score: number;
  readonly feature: number;
  /** Rows of this bin and those below go left; below 0, those of missing values too, and those of bins up to ~bin. */
  readonly bin: number;
  readonly left: Sums;
  readonly right: Sums;
}

/** A grown tree. Nodes are numbered from the root, 0; a child below 0 is the leaf of number -child - 1. */
export interface GrownTree {
  readonly feature: Int32Array;
  /** As `Split.bin`. */
  readonly bin: Int32Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly gain: Float64Array;
  /** Not yet multiplied by the learning rate. */
  readonly leafValue: Float64Array;
  readonly leafCount: Int32Array;
}
