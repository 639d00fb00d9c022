import type { RowSums } from '../tree-params.ts';
import { largestOf, sumOf, unitFor, type GradientFacts, type Objective, type Start } from './objective.ts';

/** LightGBM's kEpsilon: a class without weight still has this share. */
const leastShare = 1e-15;
/** Odds stay within it and its inverse, so that none becomes infinite, or 0 for good. */
const mostOdds = 1e300;

/** LightGBM's `binary`: the sigmoid of one score, that of class 1, kept as the odds, so that a tree only multiplies them. */
export class BinaryObjective implements Objective {
  readonly outputs = 1;
  readonly #y: Int32Array;
  readonly #weights: Float64Array;
  readonly #unit: number;
  readonly #odds: Float64Array;
  /** Logarithm of the odds of class 1 in all the weight. */
  readonly startScores: Float64Array;

  constructor(y: Int32Array, weights: Float64Array, { fromAverage, scores }: Start) {
    this.#y = y;
    this.#weights = weights;
    this.#unit = unitFor(largestOf(weights));
    const share = sumOf(weights.filter((_, row) => y[row] === 1)) / sumOf(weights);
    const odds = scores === undefined && fromAverage ? oddsOf(share) : 1;
    this.startScores = Float64Array.of(Math.log(odds));
    this.#odds =
      scores === undefined ? new Float64Array(y.length).fill(odds) : scores.map((score) => within(Math.exp(score)));
  }

  /** Gradient and hessian of the weighted log loss by the score: p - y and p (1 - p). */
  gradients(_output: number, out: RowSums): GradientFacts {
    const y = this.#y;
    const weights = this.#weights;
    const allOdds = this.#odds;
    const perUnit = 1 / this.#unit;
    let gradientSum = 0;
    let hessianSum = 0;
    for (let row = 0; row < y.length; row++) {
      const odds = allOdds[row] ?? 1;
      const weight = (weights[row] ?? 0) * perUnit;
      const other = 1 / (1 + odds);
      const probability = odds * other;
      const gradient = y[row] === 1 ? -((other * weight + 0.5) | 0) : (probability * weight + 0.5) | 0;
      const hessian = Math.max(1, (probability * other * weight + 0.5) | 0);
      out[row << 1] = gradient;
      out[(row << 1) + 1] = hessian;
      gradientSum += gradient;
      hessianSum += hessian;
    }
    const units = { gradient: this.#unit, hessian: this.#unit };
    return { units, total: { gradient: gradientSum, hessian: hessianSum, count: y.length } };
  }

  add(_output: number, leafOf: Int32Array, values: Float64Array): void {
    const factors = values.map((value) => Math.exp(value));
    const odds = this.#odds;
    for (let row = 0; row < leafOf.length; row++) {
      odds[row] = within((odds[row] ?? 1) * (factors[leafOf[row] ?? 0] ?? 1));
    }
  }

  settle(): void {
    // Odds are complete as they are.
  }

  loss(): number {
    let loss = 0;
    for (let row = 0; row < this.#y.length; row++) {
      const odds = this.#odds[row] ?? 1;
      loss += (this.#weights[row] ?? 0) * Math.log1p(this.#y[row] === 1 ? 1 / odds : odds);
    }
    return loss / sumOf(this.#weights);
  }
}

function oddsOf(share: number): number {
  const bounded = Math.min(Math.max(share, leastShare), 1 - leastShare);
  return bounded / (1 - bounded);
}

const within = (odds: number): number => Math.min(Math.max(odds, 1 / mostOdds), mostOdds);
