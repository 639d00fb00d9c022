import type { Random } from '../../core/random.ts';
import { shuffle } from '../../core/random.ts';
import type { CsrMatrix } from '../sparse/csr.ts';

export interface DualProblem {
  readonly x: CsrMatrix;
  /** +1 or -1 a row. */
  readonly signs: Int8Array;
  /** Cost of each row's loss: C times its weights. Rows of cost 0 are left alone. */
  readonly costs: Float64Array;
  readonly loss: 'hinge' | 'squared_hinge';
  /** Value of one more column that all rows have: its weight is the intercept over this. 0 for none. */
  readonly bias: number;
}

export interface DualSettings {
  /** Ends when the projected gradients of one pass differ by no more. */
  readonly tolerance: number;
  readonly maxIterations: number;
  readonly random: Random;
  /** True ends the work. */
  onPass?(pass: number, violation: number): boolean;
}

/** Weights of the columns, then of the bias column. */
export interface DualSolution {
  readonly weights: Float64Array;
  readonly passes: number;
  /** `stopped` by onPass, or at `maxIterations`. */
  readonly end: 'converged' | 'stopped' | 'exhausted';
}

/**
 * Minimises 1/2 |w|^2 + sum cost_i loss(y_i w.x_i) over its dual, one row's multiplier at a time:
 * Hsieh, Chang, Lin, Keerthi and Sundararajan, "A dual coordinate descent method for large-scale linear SVM" (ICML 2008),
 * algorithm 3 (random order, shrinking), as liblinear does it. Squared hinge has no upper bound but adds 1 / (2 cost) to the diagonal.
 */
export function solveDual(problem: DualProblem, settings: DualSettings): DualSolution {
  const { costs } = problem;
  const rows = problem.x.rows;
  const weights = new Float64Array(problem.x.columns + 1);
  const state: DualState = { problem, weights, multipliers: new Float64Array(rows), ...diagonals(problem) };
  const all = rowsWithCost(costs);
  const order = all.slice();
  let active = order;
  let bounds = noBounds;
  for (let pass = 1; pass <= settings.maxIterations; pass++) {
    shuffle(active, settings.random);
    const { kept, largest, smallest } = sweep(state, active, bounds);
    const violation = kept === 0 ? 0 : largest - smallest;
    if (settings.onPass?.(pass, violation) === true) return { weights, passes: pass, end: 'stopped' };
    if (violation <= settings.tolerance) {
      if (kept === all.length) return { weights, passes: pass, end: 'converged' };
      // The rows set aside may have become wrong meanwhile: all come back, and are looked at without bounds once.
      order.set(all);
      active = order;
      bounds = noBounds;
      continue;
    }
    active = active.subarray(0, kept);
    bounds = { upper: largest > 0 ? largest : Infinity, lower: smallest < 0 ? smallest : -Infinity };
  }
  return { weights, passes: settings.maxIterations, end: 'exhausted' };
}

interface DualState {
  readonly problem: DualProblem;
  /** Of the columns, then of the bias column. */
  readonly weights: Float64Array;
  readonly multipliers: Float64Array;
  readonly diagonal: Float64Array;
  /** What the loss adds to the diagonal. */
  readonly extra: Float64Array;
}

/** Gradients beyond which a row at its bound is set aside: the extremes of the pass before. */
interface Bounds {
  readonly upper: number;
  readonly lower: number;
}

const noBounds: Bounds = { upper: Infinity, lower: -Infinity };

/**
 * One pass over the active rows; those that stay active are moved to the front of `active`. All arrays are locals, because this is
 * where training spends its time.
 */
function sweep(
  state: DualState,
  active: Int32Array,
  { upper, lower }: Bounds,
): { kept: number; largest: number; smallest: number } {
  const { weights, multipliers, diagonal, extra, problem } = state;
  const { signs, costs, bias, x } = problem;
  const { indptr, indices, values } = x;
  const hinge = problem.loss === 'hinge';
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
    const bound = hinge ? (costs[row] ?? 0) : Infinity;
    const gradient = sign * score - 1 + was * (extra[row] ?? 0);
    let projected = gradient;
    if (was === 0) {
      if (gradient > upper) continue;
      if (gradient > 0) projected = 0;
    } else if (was === bound) {
      if (gradient < lower) continue;
      if (gradient < 0) projected = 0;
    }
    // Written at or before the place just read.
    active[kept++] = row;
    if (projected > largest) largest = projected;
    if (projected < smallest) smallest = projected;
    if (Math.abs(projected) <= 1e-12) continue;
    const now = Math.min(Math.max(was - gradient / (diagonal[row] ?? 1), 0), bound);
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

function diagonals({ x, costs, loss, bias }: DualProblem): { diagonal: Float64Array; extra: Float64Array } {
  const diagonal = new Float64Array(x.rows);
  const extra = new Float64Array(x.rows);
  for (let row = 0; row < x.rows; row++) {
    let sum = bias * bias;
    const end = x.indptr[row + 1] ?? 0;
    for (let at = x.indptr[row] ?? 0; at < end; at++) sum += (x.values[at] ?? 0) ** 2;
    const added = loss === 'hinge' ? 0 : 0.5 / (costs[row] ?? 0);
    extra[row] = added;
    // A row of zeros without bias has no say in w; any positive divisor lets its multiplier settle at the bound.
    diagonal[row] = sum + added > 0 ? sum + added : 1e-12;
  }
  return { diagonal, extra };
}

function rowsWithCost(costs: Float64Array): Int32Array {
  const rows = new Int32Array(costs.length);
  let count = 0;
  for (let row = 0; row < costs.length; row++) if ((costs[row] ?? 0) > 0) rows[count++] = row;
  return rows.subarray(0, count);
}
