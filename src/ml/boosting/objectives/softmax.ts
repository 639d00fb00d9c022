import type { RowSums } from '../tree-params.ts';
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
  /** The weights by the unit. */
  readonly #scaled: Float64Array;
  /** By class, of each row. */
  readonly probabilities: readonly Float64Array[];
  /** Room for a number a row. */
  readonly #sums: Float64Array;
  /** Logarithm of each class's share of the weight. */
  readonly startScores: Float64Array;

  constructor(y: Int32Array, weights: Float64Array, options: Start & { readonly classes: number }) {
    const { classes, fromAverage, scores } = options;
    this.outputs = classes;
    this.#y = y;
    this.#weights = weights;
    this.#unit = unitFor(largestOf(weights) * Math.max(1, classes / (classes - 1) / 4));
    this.#scaled = weights.map((weight) => weight / this.#unit);
    const isEven = scores !== undefined || !fromAverage;
    const shares = isEven ? new Float64Array(classes).fill(1 / classes) : sharesOf(y, weights, classes);
    this.startScores = shares.map((share) => (isEven ? 0 : Math.log(Math.max(share, 1e-15))));
    this.probabilities = Array.from(shares, (share) => new Float64Array(y.length).fill(share));
    this.#sums = new Float64Array(y.length);
    if (scores !== undefined) enter(this.probabilities, scores);
  }

  /**
   * Gradient and hessian of the weighted log loss by one class's score: p - [y is the class], and K / (K - 1) p (1 - p) as LightGBM has it,
   * each rounded to a multiple of a power of two.
   */
  gradients(ofClass: number, out: RowSums): GradientFacts {
    const y = this.#y;
    const scaled = this.#scaled;
    const probabilities = this.#ofClass(ofClass);
    const factor = this.outputs / (this.outputs - 1);
    // No branch by class, which would be guessed wrong for every third row. Sums are floats: they outgrow 32 bits at once.
    let [gradientSum, hessianSum] = [0.5, 0.5];
    for (let row = 0; row < y.length; row++) {
      const probability = probabilities[row] ?? 0;
      const weight = scaled[row] ?? 0;
      const above = probability - +(y[row] === ofClass);
      // Adding a half and cutting off rounds what is not negative.
      const size = (Math.abs(above) * weight + 0.5) | 0;
      const sign = above < 0 ? -1 : 0;
      const gradient = (size ^ sign) - sign;
      const hessian = Math.max(1, (factor * probability * (1 - probability) * weight + 0.5) | 0);
      out[row << 1] = gradient;
      out[(row << 1) + 1] = hessian;
      gradientSum += gradient;
      hessianSum += hessian;
    }
    const units = { gradient: this.#unit, hessian: this.#unit };
    return { units, total: { gradient: gradientSum - 0.5, hessian: hessianSum - 0.5, count: y.length } };
  }

  /** To be followed by `settle`. */
  add(ofClass: number, leafOf: Int32Array, values: Float64Array): void {
    const factors = values.map((value) => Math.exp(Math.min(value, largestPower)));
    const probabilities = this.#ofClass(ofClass);
    for (let row = 0; row < leafOf.length; row++) {
      probabilities[row] = (probabilities[row] ?? 0) * (factors[leafOf[row] ?? 0] ?? 1);
    }
  }

  /** Makes the probabilities of each row sum to 1 again. */
  settle(): void {
    const sums = this.#sums.fill(0);
    for (const own of this.probabilities) {
      for (let row = 0; row < sums.length; row++) sums[row] = (sums[row] ?? 0) + (own[row] ?? 0);
    }
    for (const own of this.probabilities) {
      for (let row = 0; row < sums.length; row++) {
        own[row] = Math.max((own[row] ?? 0) / (sums[row] ?? 1), smallest);
      }
    }
  }

  loss(): number {
    let loss = 0;
    this.#y.forEach((own, row) => (loss -= (this.#weights[row] ?? 0) * Math.log(this.#ofClass(own)[row] ?? 0)));
    return loss / sumOf(this.#weights);
  }

  #ofClass(number: number): Float64Array {
    const own = this.probabilities[number];
    if (own === undefined) throw new RangeError(`there is no class ${String(number)}`);
    return own;
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
