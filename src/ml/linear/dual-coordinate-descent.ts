import type { Random } from '../../core/random.ts';
import { shuffle } from '../../core/random.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { kernelSweeper } from './sweep-kernel.ts';
import { plainSweeper } from './sweep.ts';
import type { Bounds, RowTerms, Sweeper } from './sweep.ts';

/** Rows that problems are about, in the memory that one after the other is solved in. */
export interface DualRows {
  /** Of each row, with the bias column. */
  readonly squaredLengths: Float64Array;
  readonly sweeper: Sweeper;
}

/** `bias` is the value of one more column that all rows have: its weight is the intercept over this. 0 for none. */
export function dualRows(x: CsrMatrix, bias: number): DualRows {
  const squaredLengths = new Float64Array(x.rows);
  for (let row = 0; row < x.rows; row++) {
    let sum = bias * bias;
    const end = x.indptr[row + 1] ?? 0;
    for (let at = x.indptr[row] ?? 0; at < end; at++) sum += (x.values[at] ?? 0) ** 2;
    squaredLengths[row] = sum;
  }
  return { squaredLengths, sweeper: kernelSweeper(x, bias) ?? plainSweeper(x, bias) };
}

export interface DualProblem {
  /** +1 or -1 a row. */
  readonly signs: Int8Array;
  /** Cost of each row's loss: C times its weights. Rows of cost 0 are left alone. */
  readonly costs: Float64Array;
  readonly loss: 'hinge' | 'squared_hinge';
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
export function solveDual(rows: DualRows, problem: DualProblem, settings: DualSettings): DualSolution {
  const { sweeper } = rows;
  const { order } = sweeper;
  const all = rowsWithCost(problem.costs);
  sweeper.begin(termsOf(rows, problem));
  order.set(all);
  let active = all.length;
  let bounds = noBounds;
  const ended = (pass: number, end: DualSolution['end']): DualSolution => {
    return { weights: sweeper.weights.slice(), passes: pass, end };
  };
  for (let pass = 1; pass <= settings.maxIterations; pass++) {
    shuffle(order.subarray(0, active), settings.random);
    const { kept, largest, smallest } = sweeper.sweep(active, bounds);
    const violation = kept === 0 ? 0 : largest - smallest;
    if (settings.onPass?.(pass, violation) === true) return ended(pass, 'stopped');
    if (violation <= settings.tolerance) {
      if (kept === all.length) return ended(pass, 'converged');
      // The rows set aside may have become wrong meanwhile: all come back, and are looked at without bounds once.
      order.set(all);
      active = all.length;
      bounds = noBounds;
      continue;
    }
    active = kept;
    bounds = { upper: largest > 0 ? largest : Infinity, lower: smallest < 0 ? smallest : -Infinity };
  }
  return ended(settings.maxIterations, 'exhausted');
}

const noBounds: Bounds = { upper: Infinity, lower: -Infinity };

function termsOf({ squaredLengths }: DualRows, { signs, costs, loss }: DualProblem): RowTerms {
  const diagonal = new Float64Array(costs.length);
  const extra = new Float64Array(costs.length);
  for (let row = 0; row < costs.length; row++) {
    const added = loss === 'hinge' ? 0 : 0.5 / (costs[row] ?? 0);
    const sum = (squaredLengths[row] ?? 0) + added;
    extra[row] = added;
    // A row of zeros without bias has no say in w; any positive divisor lets its multiplier settle at the bound.
    diagonal[row] = sum > 0 ? sum : 1e-12;
  }
  const limits = loss === 'hinge' ? costs : new Float64Array(costs.length).fill(Infinity);
  return { signs, limits, extra, diagonal };
}

function rowsWithCost(costs: Float64Array): Int32Array {
  const rows = new Int32Array(costs.length);
  let count = 0;
  for (let row = 0; row < costs.length; row++) if ((costs[row] ?? 0) > 0) rows[count++] = row;
  return rows.subarray(0, count);
}
