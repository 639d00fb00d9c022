import type { CsrMatrix } from '../sparse/csr.ts';

/** What a pass needs to know of each row, beside its entries. */
export interface RowTerms {
  /** +1 or -1. */
  readonly signs: Int8Array;
  /** Largest multiplier; Infinity for none. */
  readonly limits: Float64Array;
  /** What the loss adds to the diagonal. */
  readonly extra: Float64Array;
  /** Squared length of the row, with the bias column's and what the loss adds. */
  readonly diagonal: Float64Array;
}

/** Gradients beyond which a row at its bound is set aside: the extremes of the pass before. */
export interface Bounds {
  readonly upper: number;
  readonly lower: number;
}

/** How many rows stay active, and the extremes of their projected gradients. */
interface Swept {
  readonly kept: number;
  readonly largest: number;
  readonly smallest: number;
}

/** Makes passes over rows, for one problem after the other. Its arrays are used again by the next. */
export interface Sweeper {
  /** Of the columns, then of the bias column. */
  readonly weights: Float64Array;
  /** Rows in the order in which a pass visits them; written by the caller. */
  readonly order: Int32Array;
  /** All weights and multipliers are 0 again. */
  begin(terms: RowTerms): void;
  /** One pass over the first `active` rows of the order; those that stay active are moved to its front. */
  sweep(active: number, bounds: Bounds): Swept;
}

/** Gradients that are 0 but for rounding move nothing. */
export const leastGradient = 1e-12;

/** The passes in plain loops: for rows that WebAssembly cannot address, and what its kernel is tested against. */
export function plainSweeper(x: CsrMatrix, bias: number): Sweeper {
  const weights = new Float64Array(x.columns + 1);
  const multipliers = new Float64Array(x.rows);
  const order = new Int32Array(x.rows);
  let terms: RowTerms | undefined;
  return {
    weights,
    order,
    begin: (given) => {
      terms = given;
      weights.fill(0);
      multipliers.fill(0);
    },
    sweep: (active, bounds) => {
      if (terms === undefined) throw new Error('a pass needs a problem');
      return sweep({ x, bias, weights, multipliers, ...terms }, order.subarray(0, active), bounds);
    },
  };
}

interface State extends RowTerms {
  readonly x: CsrMatrix;
  readonly bias: number;
  readonly weights: Float64Array;
  readonly multipliers: Float64Array;
}

function sweep(state: State, active: Int32Array, { upper, lower }: Bounds): Swept {
  const { x, bias, weights, multipliers, signs, limits, extra, diagonal } = state;
  const { indptr, indices, values } = x;
  const biasAt = x.columns;
  let kept = 0;
  let largest = -Infinity;
  let smallest = Infinity;
  for (const row of active) {
    const start = indptr[row] ?? 0;
    const end = indptr[row + 1] ?? 0;
    let score = bias * (weights[biasAt] ?? 0);
    for (let at = start; at < end; at++) score += (weights[indices[at] ?? 0] ?? 0) * (values[at] ?? 0);
    const sign = signs[row] ?? 0;
    const was = multipliers[row] ?? 0;
    const limit = limits[row] ?? Infinity;
    const gradient = sign * score - 1 + was * (extra[row] ?? 0);
    let projected = gradient;
    if (was === 0) {
      if (gradient > upper) continue;
      if (gradient > 0) projected = 0;
    } else if (was === limit) {
      if (gradient < lower) continue;
      if (gradient < 0) projected = 0;
    }
    // Written at or before the place just read.
    active[kept++] = row;
    if (projected > largest) largest = projected;
    if (projected < smallest) smallest = projected;
    if (Math.abs(projected) <= leastGradient) continue;
    const now = Math.min(Math.max(was - gradient / (diagonal[row] ?? 1), 0), limit);
    multipliers[row] = now;
    const step = (now - was) * sign;
    for (let at = start; at < end; at++) {
      const column = indices[at] ?? 0;
      weights[column] = (weights[column] ?? 0) + step * (values[at] ?? 0);
    }
    weights[biasAt] = (weights[biasAt] ?? 0) + step * bias;
  }
  return { kept, largest, smallest };
}
