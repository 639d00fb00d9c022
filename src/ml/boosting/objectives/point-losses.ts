import type { GradientSizes } from '../tree-params.ts';
import { percentile } from './percentile.ts';

export type RegressionObjectiveName = 'regression' | 'regression_l1' | 'quantile' | 'poisson';

/** A loss of one score and one number that it is to tell. Gradient and hessian are LightGBM's (src/objective/regression_objective.hpp). */
export interface PointLoss {
  readonly name: RegressionObjectiveName;
  loss(score: number, y: number): number;
  gradient(score: number, y: number): number;
  /** Not the second derivative everywhere: where that is 0 or too small to step by, what LightGBM takes in its place. */
  hessian(score: number, y: number): number;
  /** The score of least loss, if all rows are to have one; without weights all weigh 1. */
  best(y: Float64Array, weights: Float64Array | undefined): number;
  /** All gradients are whole multiples of it: in such units sums of rows are exact, and equal gains are found to be equal. */
  readonly gradientStep?: number;
  readonly gradientSizes?: GradientSizes;
  /** Leaves hold this percentile of what is left to tell, in the place of the step that the gradients say. */
  readonly percentile?: number;
  /** What a score predicts. */
  predict(score: number): number;
}

export interface PointLossOptions {
  /** Of `quantile`: the share of rows to lie below what is predicted. */
  readonly alpha: number;
  /** Of `poisson`: the hessian is taken at a score larger by it, which bounds the steps. */
  readonly poissonMaxDeltaStep: number;
}

export function pointLoss(name: RegressionObjectiveName, options: PointLossOptions): PointLoss {
  switch (name) {
    case 'regression':
      return squared;
    case 'regression_l1':
      return absolute;
    case 'quantile':
      return pinball(options.alpha);
    case 'poisson':
      return poisson(options.poissonMaxDeltaStep);
  }
}

const asIs = (score: number): number => score;

function mean(y: Float64Array, weights: Float64Array | undefined): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < y.length; row++) {
    const weight = weights?.[row] ?? 1;
    sum += weight * (y[row] ?? 0);
    total += weight;
  }
  return sum / total;
}

/** Gradient and hessian are those of half the square, the loss that is told is the mean square. */
const squared: PointLoss = {
  name: 'regression',
  loss: (score, y) => (score - y) ** 2,
  gradient: (score, y) => score - y,
  hessian: () => 1,
  best: mean,
  predict: asIs,
};

const absolute: PointLoss = {
  name: 'regression_l1',
  loss: (score, y) => Math.abs(score - y),
  gradient: (score, y) => Math.sign(score - y),
  gradientStep: 1,
  gradientSizes: { above: 1, below: -1, above32: 1, below32: -1 },
  hessian: () => 1,
  best: (y, weights) => percentile(y, weights, 0.5),
  percentile: 0.5,
  predict: asIs,
};

/** Larger ones would leave too few bits for weights. */
const largestDenominator = 1000;

/** Of a number that is the fraction of two small whole ones; else 1. */
function denominatorOf(number: number): number {
  for (let under = 1; under <= largestDenominator; under++) {
    if (Math.round(number * under) / under === number) return under;
  }
  return 1;
}

/** LightGBM's start is a float32, as are its numbers to tell: no further from one of these, it is that one. */
function nearestIn(y: Float64Array, start: number): number {
  const inFloats = Math.fround(start);
  let nearest: number | undefined;
  for (const value of y) {
    if (Math.fround(value) !== inFloats) continue;
    if (nearest === undefined || Math.abs(value - start) < Math.abs(nearest - start)) nearest = value;
  }
  return nearest ?? start;
}

const pinball = (alpha: number): PointLoss => ({
  name: 'quantile',
  loss: (score, y) => (score >= y ? (1 - alpha) * (score - y) : alpha * (y - score)),
  gradient: (score, y) => (score >= y ? 1 - alpha : -alpha),
  gradientStep: 1 / denominatorOf(alpha),
  gradientSizes: {
    above: 1 - alpha,
    below: -alpha,
    above32: Math.fround(1 - Math.fround(alpha)),
    below32: -Math.fround(alpha),
  },
  hessian: () => 1,
  best: (y, weights) => nearestIn(y, percentile(y, weights, Math.fround(alpha))),
  percentile: Math.fround(alpha),
  predict: asIs,
});

/** Beyond it there are no numbers. */
const largestPower = 700;
const power = (score: number): number => Math.exp(Math.min(score, largestPower));

/** The score is the logarithm of the mean. */
const poisson = (maxDeltaStep: number): PointLoss => ({
  name: 'poisson',
  loss: (score, y) => power(score) - y * score,
  gradient: (score, y) => power(score) - y,
  hessian: (score) => power(score + maxDeltaStep),
  best: (y, weights) => Math.log(mean(y, weights)),
  predict: power,
});
