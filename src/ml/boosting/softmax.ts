import type { RowSums } from './histogram.ts';
import type { LeafSums, Units } from './tree-params.ts';

/** Bits of the largest gradient or hessian: sums over 2^22 rows stay below 2^53. */
const quantisedBits = 30;

/** Softmax of one score a class, kept as probabilities, so that a tree only multiplies them. */
export class SoftmaxObjective {
  readonly #classes: number;
  readonly #y: Int32Array;
  readonly #weights: Float64Array;
  /** [rows, classes]. */
  readonly probabilities: Float64Array;
  /** Logarithm of each class's share of the weight: what is predicted before the first tree. */
  readonly startScores: Float64Array;

  constructor(y: Int32Array, weights: Float64Array, classes: number) {
    this.#classes = classes;
    this.#y = y;
    this.#weights = weights;
    const shares = new Float64Array(classes);
    let total = 0;
    for (let row = 0; row < y.length; row++) {
      shares[y[row] ?? 0] = (shares[y[row] ?? 0] ?? 0) + (weights[row] ?? 0);
      total += weights[row] ?? 0;
    }
    this.startScores = shares.map((share) => Math.log(Math.max(share / total, 1e-15)));
    this.probabilities = new Float64Array(y.length * classes);
    for (let at = 0; at < this.probabilities.length; at++) {
      this.probabilities[at] = (shares[at % classes] ?? 0) / total;
    }
  }

  /**
   * Gradient and hessian of the weighted log loss by one class's score: p - [y is the class], and K / (K - 1) p (1 - p) as LightGBM has it,
   * each rounded to a multiple of a power of two.
   */
  gradients(ofClass: number, out: RowSums): { readonly units: Units; readonly total: LeafSums } {
    const classes = this.#classes;
    const y = this.#y;
    const weights = this.#weights;
    const probabilities = this.probabilities;
    const factor = classes / (classes - 1);
    const heaviest = this.#weights.reduce((most, weight) => Math.max(most, weight), 0);
    const unit = 2 ** (Math.ceil(Math.log2(heaviest * Math.max(1, factor / 4))) - quantisedBits);
    const perUnit = 1 / unit;
    let gradientSum = 0;
    let hessianSum = 0;
    for (let row = 0; row < y.length; row++) {
      const probability = probabilities[row * classes + ofClass] ?? 0;
      const weight = (weights[row] ?? 0) * perUnit;
      // Adding a half and cutting off rounds what is not negative.
      const hessian = Math.max(1, (factor * probability * (1 - probability) * weight + 0.5) | 0);
      const gradient =
        y[row] === ofClass ? -(((1 - probability) * weight + 0.5) | 0) : (probability * weight + 0.5) | 0;
      out[row << 1] = gradient;
      out[(row << 1) + 1] = hessian;
      gradientSum += gradient;
      hessianSum += hessian;
    }
    const units = { gradient: unit, hessian: unit };
    return { units, total: { gradient: gradientSum, hessian: hessianSum, count: this.#y.length } };
  }

  /** Adds a tree's values, by leaf, to one class's scores. To be followed by `settle`. */
  add(ofClass: number, leafOf: Int32Array, values: Float64Array): void {
    const factors = values.map((value) => Math.exp(value));
    const classes = this.#classes;
    for (let row = 0; row < leafOf.length; row++) {
      const at = row * classes + ofClass;
      this.probabilities[at] = (this.probabilities[at] ?? 0) * (factors[leafOf[row] ?? 0] ?? 1);
    }
  }

  /** Makes the probabilities of each row sum to 1 again; gives the mean weighted log loss. */
  settle(): number {
    const classes = this.#classes;
    let loss = 0;
    let total = 0;
    for (let row = 0; row < this.#y.length; row++) {
      const base = row * classes;
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += this.probabilities[base + c] ?? 0;
      for (let c = 0; c < classes; c++) this.probabilities[base + c] = (this.probabilities[base + c] ?? 0) / sum;
      const weight = this.#weights[row] ?? 0;
      loss -= weight * Math.log(Math.max(this.probabilities[base + (this.#y[row] ?? 0)] ?? 0, 1e-300));
      total += weight;
    }
    return loss / total;
  }
}
