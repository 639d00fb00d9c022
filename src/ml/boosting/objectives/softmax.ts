import type { RowSums } from '../tree-params.ts';
import { largestOf, sumOf, unitFor, type GradientFacts, type Objective, type Start } from './objective.ts';
import { kernelRows } from './softmax-kernel.ts';
import { plainRows, smallest, type SoftmaxRows } from './softmax-rows.ts';

/** Powers beyond would make probabilities infinite. */
const largestPower = 300;

/** LightGBM's `multiclass`: the softmax of one score a class, kept as probabilities, so that a tree only multiplies them. */
export class SoftmaxObjective implements Objective {
  readonly outputs: number;
  readonly #y: Int32Array;
  readonly #weights: Float64Array;
  readonly #unit: number;
  readonly #rows: SoftmaxRows;
  /** By class, of each row. */
  readonly probabilities: readonly Float64Array[];
  /** Logarithm of each class's share of the weight. */
  readonly startScores: Float64Array;

  constructor(y: Int32Array, weights: Float64Array, options: Start & { readonly classes: number }) {
    const { classes, fromAverage, scores } = options;
    this.outputs = classes;
    this.#y = y;
    this.#weights = weights;
    this.#unit = unitFor(largestOf(weights) * Math.max(1, classes / (classes - 1) / 4));
    const isEven = scores !== undefined || !fromAverage;
    const shares = isEven ? new Float64Array(classes).fill(1 / classes) : sharesOf(y, weights, classes);
    this.startScores = shares.map((share) => (isEven ? 0 : Math.log(Math.max(share, 1e-15))));
    const rows = { y, scaled: weights.map((weight) => weight / this.#unit), classes };
    this.#rows = kernelRows(rows) ?? plainRows(rows);
    this.probabilities = this.#rows.probabilities;
    this.probabilities.forEach((own, c) => own.fill(shares[c] ?? 0));
    if (scores !== undefined) enter(this.probabilities, scores);
  }

  /**
   * Gradient and hessian of the weighted log loss by one class's score: p - [y is the class], and K / (K - 1) p (1 - p) as LightGBM has it,
   * each rounded to a multiple of a power of two.
   */
  gradients(ofClass: number, out: RowSums): GradientFacts {
    const units = { gradient: this.#unit, hessian: this.#unit };
    return { units, total: { ...this.#rows.gradients(ofClass, out), count: this.#y.length } };
  }

  /** To be followed by `settle`. */
  add(ofClass: number, leafOf: Int32Array, values: Float64Array): void {
    const factors = values.map((value) => Math.exp(Math.min(value, largestPower)));
    this.#rows.multiply(ofClass, leafOf, factors);
  }

  settle(): void {
    this.#rows.settle();
  }

  loss(): number {
    let loss = 0;
    this.#y.forEach((own, row) => (loss -= (this.#weights[row] ?? 0) * Math.log(this.probabilities[own]?.[row] ?? 0)));
    return loss / sumOf(this.#weights);
  }
}

function sharesOf(y: Int32Array, weights: Float64Array, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  for (let row = 0; row < y.length; row++) sums[y[row] ?? 0] = (sums[y[row] ?? 0] ?? 0) + (weights[row] ?? 0);
  const total = sumOf(weights);
  return sums.map((sum) => sum / total);
}

function enter(probabilities: readonly Float64Array[], scores: Float64Array): void {
  const classes = probabilities.length;
  for (let row = 0; row * classes < scores.length; row++) {
    const own = scores.subarray(row * classes, (row + 1) * classes);
    const largest = own.reduce((most, score) => Math.max(most, score), -Infinity);
    const powers = own.map((score) => Math.exp(score - largest));
    const total = sumOf(powers);
    probabilities.forEach((ofClass, c) => (ofClass[row] = Math.max((powers[c] ?? 0) / total, smallest)));
  }
}
