import type { BoostParams } from './boost.ts';

export interface TrainParams extends BoostParams {
  /** Most bins of a column, that of zero among them. */
  readonly maxBin: number;
  /** NaN is a value that is missing, and goes where it gains most; otherwise it is a zero. */
  readonly useMissing: boolean;
  /** Columns whose numbers are those of categories; negative ones are missing. */
  readonly categoricalFeature: readonly number[];
  /** Scores begin where one value for all rows has the least loss, else at 0. */
  readonly boostFromAverage: boolean;
  /** Iterations without a smaller loss of held-out rows after which the work ends; null: no rows are held out. */
  readonly earlyStoppingRound: number | null;
  /** Share of the rows that is held out where `earlyStoppingRound` is given. */
  readonly validationFraction: number;
}

/** Defaults are LightGBM's, and the share that is held out is that of the engines. */
export const trainDefaults: TrainParams = {
  numIterations: 100,
  learningRate: 0.1,
  numLeaves: 31,
  maxDepth: -1,
  minDataInLeaf: 20,
  minSumHessianInLeaf: 1e-3,
  lambdaL1: 0,
  lambdaL2: 0,
  minGainToSplit: 0,
  featureFraction: 1,
  featureFractionByNode: 1,
  baggingFraction: 1,
  baggingFreq: 0,
  baggingSeed: null,
  featureFractionSeed: null,
  maxBin: 255,
  useMissing: true,
  categoricalFeature: [],
  maxCatToOnehot: 4,
  catSmooth: 10,
  catL2: 10,
  maxCatThreshold: 32,
  minDataPerGroup: 100,
  boostFromAverage: true,
  earlyStoppingRound: null,
  validationFraction: 0.1,
  seed: 0,
  numThreads: 0,
};
