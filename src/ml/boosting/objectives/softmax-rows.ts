import type { RowSums, Sums } from '../tree-params.ts';

/** No probability gets so small that a tree cannot make it large again. */
export const smallest = 1e-300;

export interface LabelledRows {
  /** Class of each row. */
  readonly y: Int32Array;
  /** Weight of each row, by the unit of the gradients. */
  readonly scaled: Float64Array;
  readonly classes: number;
}

/** What is done with every row and class in each iteration. */
export interface SoftmaxRows {
  /** By class, of each row; filled by the caller at first. */
  readonly probabilities: readonly Float64Array[];
  /** See `SoftmaxObjective`. Gives the sums over all rows. */
  gradients(ofClass: number, out: RowSums): Sums;
  /** Multiplies the class's probabilities by the factor of each row's leaf. There are no more leaves than rows. */
  multiply(ofClass: number, leafOf: Int32Array, factors: Float64Array): void;
  /** Makes the probabilities of each row sum to 1 again. */
  settle(): void;
}

/** In plain loops: for rows that WebAssembly cannot address, and what its kernel is tested against. */
export function plainRows(rows: LabelledRows): SoftmaxRows {
  const { y, classes } = rows;
  const probabilities = Array.from({ length: classes }, () => new Float64Array(y.length));
  const sums = new Float64Array(y.length);
  const of = (number: number): Float64Array => {
    const own = probabilities[number];
    if (own === undefined) throw new RangeError(`there is no class ${String(number)}`);
    return own;
  };
  return {
    probabilities,
    gradients: (ofClass, out) => gradients(rows, { ofClass, probabilities: of(ofClass) }, out),
    multiply: (ofClass, leafOf, factors) => {
      multiply(of(ofClass), leafOf, factors);
    },
    settle: () => {
      settle(probabilities, sums.fill(0));
    },
  };
}

function gradients(
  { y, scaled, classes }: LabelledRows,
  { ofClass, probabilities }: { readonly ofClass: number; readonly probabilities: Float64Array },
  out: RowSums,
): Sums {
  const factor = classes / (classes - 1);
  let [gradientSum, hessianSum] = [0, 0];
  for (let row = 0; row < y.length; row++) {
    const probability = probabilities[row] ?? 0;
    const weight = scaled[row] ?? 0;
    const above = probability - +(y[row] === ofClass);
    // Adding a half and cutting off rounds what is not negative.
    const size = (Math.abs(above) * weight + 0.5) | 0;
    const gradient = above < 0 ? -size : size;
    const hessian = Math.max(1, (factor * probability * (1 - probability) * weight + 0.5) | 0);
    out[row << 1] = gradient;
    out[(row << 1) + 1] = hessian;
    gradientSum += gradient;
    hessianSum += hessian;
  }
  return { gradient: gradientSum, hessian: hessianSum };
}

function multiply(probabilities: Float64Array, leafOf: Int32Array, factors: Float64Array): void {
  for (let row = 0; row < leafOf.length; row++) {
    probabilities[row] = (probabilities[row] ?? 0) * (factors[leafOf[row] ?? 0] ?? 1);
  }
}

function settle(probabilities: readonly Float64Array[], sums: Float64Array): void {
  for (const own of probabilities) {
    for (let row = 0; row < sums.length; row++) sums[row] = (sums[row] ?? 0) + (own[row] ?? 0);
  }
  for (const own of probabilities) {
    for (let row = 0; row < sums.length; row++) {
      own[row] = Math.max((own[row] ?? 0) / (sums[row] ?? 1), smallest);
    }
  }
}
