import type { RowSums } from '../row-adder.ts';
import { largestOf, sumOf, unitFor, type GradientFacts, type Objective, type Start } from './objective.ts';

/** No probability gets so small that a tree cannot make it large again. */
const smallest = 1e-300;
/** Powers beyond would make probabilities infinite. */
const largestPower = 300;

/** LightGBM's `multiclass`: the softmax of one score a class, kept as probabilities, so that a tree only multiplies them. */
export class SoftmaxObjective implements Objective {
  readonly outputs: number;
  readonly #y: Int32Array;
  readonly #weights: Float64Array;
  readonly #unit: number;
  /** [rows, classes]. */
  readonly probabilities: Float64Array;
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
    this.probabilities = Float64Array.from({ length: y.length * classes }, (_, at) => shares[at % classes] ?? 0);
    if (scores !== undefined) enter(this.probabilities, scores, classes);
  }

  /**
   * Gradient and hessian of the weighted log loss by one class's score: p - [y is the class], and K / (K - 1) p (1 - p) as LightGBM has it,
   * each rounded to a multiple of a power of two.
   */
  gradients(ofClass: number, out: RowSums): GradientFacts {
    const classes = this.outputs;
    const y = this.#y;
    const weights = this.#weights;
    const probabilities = this.probabilities;
    const factor = classes / (classes - 1);
    const perUnit = 1 / this.#unit;
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
    const units = { gradient: this.#unit, hessian: this.#unit };
    return { units, total: { gradient: gradientSum, hessian: hessianSum, count: y.length } };
  }

  /** To be followed by `settle`. */
  add(ofClass: number, leafOf: Int32Array, values: Float64Array): void {
    const factors = values.map((value) => Math.exp(Math.min(value, largestPower)));
    const classes = this.outputs;
    for (let row = 0; row < leafOf.length; row++) {
      const at = row * classes + ofClass;
      this.probabilities[at] = (this.probabilities[at] ?? 0) * (factors[leafOf[row] ?? 0] ?? 1);
    }
  }

  /** Makes the probabilities of each row sum to 1 again; gives the mean weighted log loss. */
  settle(): number {
    const classes = this.outputs;
    let loss = 0;
    let total = 0;
    for (let row = 0; row < this.#y.length; row++) {
      const base = row * classes;
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += this.probabilities[base + c] ?? 0;
      for (let c = 0; c < classes; c++) {
        this.probabilities[base + c] = Math.max((this.probabilities[base + c] ?? 0) / sum, smallest);
      }
      const weight = this.#weights[row] ?? 0;
      loss -= weight * Math.log(this.probabilities[base + (this.#y[row] ?? 0)] ?? 0);
      total += weight;
    }
    return loss / total;
  }
}

function sharesOf(y: Int32Array, weights: Float64Array, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  for (let row = 0; row < y.length; row++) sums[y[row] ?? 0] = (sums[y[row] ?? 0] ?? 0) + (weights[row] ?? 0);
  const total = sumOf(weights);
  return sums.map((sum) => sum / total);
}

function enter(probabilities: Float64Array, scores: Float64Array, classes: number): void {
  for (let base = 0; base < scores.length; base += classes) {
    const own = scores.subarray(base, base + classes);
    const largest = own.reduce((most, score) => Math.max(most, score), -Infinity);
    const powers = own.map((score) => Math.exp(score - largest));
    const total = sumOf(powers);
    probabilities.set(
      powers.map((power) => Math.max(power / total, smallest)),
      base,
    );
  }
}
