import type { TrainingSet } from '../estimator.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import type { WeightedRows } from '../weighted-rows.ts';

/** Joint log likelihood of each class as a linear function of a row: `weights` [columns, classes] by rows. */
export interface ClassLines {
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
}

export interface DiscreteParams {
  readonly distribution: 'multinomial' | 'complement' | 'bernoulli';
  /** Added to each count (Laplace, Lidstone). */
  readonly alpha: number;
  readonly fitPrior: boolean;
  /** Complement only: weights of each class divided by their sum (Rennie and others 2003, table 4, step 8). */
  readonly norm: boolean;
}

/** 1 where the row has something above 0: what Bernoulli's distribution looks at. */
export const presence = (x: CsrMatrix): CsrMatrix => ({
  ...x,
  values: Float64Array.from(x.values, (value) => (value > 0 ? 1 : 0)),
});

/**
 * Naive Bayes of counts, as scikit-learn's MultinomialNB, ComplementNB (Rennie and others 2003: without the prior) and BernoulliNB,
 * whose rows must have gone through `presence`.
 */
export function fitDiscrete(params: DiscreteParams, data: TrainingSet, rows: WeightedRows): ClassLines {
  const counts = weightedCounts(data, rows.weights);
  const prior = rows.classSums.map((sum) =>
    params.fitPrior ? Math.log(sum / rows.total) : -Math.log(data.classes.length),
  );
  if (params.distribution === 'multinomial') return multinomial(counts, params.alpha, prior);
  if (params.distribution === 'complement') return complement(counts, params, prior.length);
  return bernoulli(counts, params.alpha, prior, rows.classSums);
}

/** Weighted sum of each column in each class: [columns, classes] by rows. */
function weightedCounts({ x, y, classes }: TrainingSet, weights: Float64Array): Float64Array {
  const k = classes.length;
  const counts = new Float64Array(x.columns * k);
  for (let row = 0; row < x.rows; row++) {
    const weight = weights[row] ?? 0;
    const c = y[row] ?? 0;
    const end = x.indptr[row + 1] ?? 0;
    for (let at = x.indptr[row] ?? 0; at < end; at++) {
      const to = (x.indices[at] ?? 0) * k + c;
      counts[to] = (counts[to] ?? 0) + weight * (x.values[at] ?? 0);
    }
  }
  return counts;
}

/** Sums over the columns, one a class. */
function classTotals(values: Float64Array, k: number): Float64Array {
  const totals = new Float64Array(k);
  values.forEach((value, at) => {
    totals[at % k] = (totals[at % k] ?? 0) + value;
  });
  return totals;
}

function multinomial(counts: Float64Array, alpha: number, prior: Float64Array): ClassLines {
  const k = prior.length;
  const smoothed = counts.map((count) => count + alpha);
  const totals = classTotals(smoothed, k);
  return { weights: smoothed.map((count, at) => Math.log(count / (totals[at % k] ?? 1))), intercepts: prior };
}

function complement(counts: Float64Array, { alpha, norm }: DiscreteParams, k: number): ClassLines {
  const others = new Float64Array(counts.length);
  for (let from = 0; from < counts.length; from += k) {
    let all = 0;
    for (let c = 0; c < k; c++) all += counts[from + c] ?? 0;
    for (let c = 0; c < k; c++) others[from + c] = Math.max(0, all - (counts[from + c] ?? 0)) + alpha;
  }
  const totals = classTotals(others, k);
  const logs = others.map((count, at) => Math.log(count / (totals[at % k] ?? 1)));
  const sums = classTotals(logs, k);
  // One column alone has the logarithm 0 everywhere, and a sum of 0 that nothing can be divided by.
  const weights = logs.map((log, at) => (norm ? log / (sums[at % k] === 0 ? 1 : (sums[at % k] ?? 1)) : -log));
  return { weights, intercepts: new Float64Array(k) };
}

function bernoulli(counts: Float64Array, alpha: number, prior: Float64Array, sums: Float64Array): ClassLines {
  const k = prior.length;
  const absent = counts.map((count, at) => {
    const rows = sums[at % k] ?? 1;
    return Math.log((Math.max(0, rows - count) + alpha) / (rows + 2 * alpha));
  });
  const base = classTotals(absent, k);
  const weights = counts.map(
    (count, at) => Math.log((count + alpha) / ((sums[at % k] ?? 1) + 2 * alpha)) - (absent[at] ?? 0),
  );
  return { weights, intercepts: prior.map((log, c) => log + (base[c] ?? 0)) };
}
