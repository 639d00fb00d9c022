import { seededRandom } from './random.ts';

/** Rows that any statistic treats alike fall into one cell, so that a resample is a count a cell. */
export interface Resampling {
  /** The cell of each row. */
  readonly cellOfRow: Int32Array;
  readonly cells: number;
  readonly seed: number;
}

const resamples = 1000;

/**
 * The statistics of 1000 bootstrap resamples (Efron and Tibshirani 1993): as many rows as there are, drawn with replacement. Each
 * statistic's values stand together, ascending. `statistics` gets the rows drawn of each cell, in an array that is used again.
 * Rows are not drawn one by one: how many fall into a cell is binomial, given those that the cells before it got.
 */
export function bootstrap(
  { cellOfRow, cells, seed }: Resampling,
  statistics: (counts: Int32Array) => readonly number[],
): Float64Array[] {
  const rowsOf = new Int32Array(cells);
  for (const cell of cellOfRow) rowsOf[cell] = (rowsOf[cell] ?? 0) + 1;
  const random = seededRandom(seed);
  const logFactorials = logFactorialsTo(cellOfRow.length);
  const counts = new Int32Array(cells);
  const values: Float64Array[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    let draws = cellOfRow.length;
    let rows = cellOfRow.length;
    for (let cell = 0; cell < cells; cell++) {
      const own = rowsOf[cell] ?? 0;
      const drawn = own === rows ? draws : binomial(draws, own / rows, { random, logFactorials });
      counts[cell] = drawn;
      draws -= drawn;
      rows -= own;
    }
    for (const [at, value] of statistics(counts).entries()) {
      values[at] ??= new Float64Array(resamples);
      values[at][resample] = value;
    }
  }
  return values.map((list) => list.sort());
}

function logFactorialsTo(most: number): Float64Array {
  const logs = new Float64Array(most + 1);
  for (let n = 2; n <= most; n++) logs[n] = (logs[n - 1] ?? 0) + Math.log(n);
  return logs;
}

/** Hits in n throws that hit with probability p < 1: inversion, outwards from the likeliest number, a few standard deviations at most. */
function binomial(
  n: number,
  p: number,
  { random, logFactorials }: { random: () => number; logFactorials: Float64Array },
): number {
  if (n === 0 || p === 0) return 0;
  const mode = Math.min(n, Math.floor((n + 1) * p));
  const logOf = (k: number): number => logFactorials[k] ?? 0;
  const peak = Math.exp(logOf(n) - logOf(mode) - logOf(n - mode) + mode * Math.log(p) + (n - mode) * Math.log(1 - p));
  const odds = p / (1 - p);
  let rest = random() - peak;
  let [low, high, below, above] = [mode, mode, peak, peak];
  while (rest >= 0 && (low > 0 || high < n)) {
    if (high < n) {
      above *= ((n - high) / ++high) * odds;
      rest -= above;
      if (rest < 0) return high;
    }
    if (low > 0) {
      below *= low / ((n - --low) * odds);
      rest -= below;
      if (rest < 0) return low;
    }
  }
  return mode;
}

/** The middle 95 % of ascending values. */
export const interval95 = (sorted: Float64Array): readonly [number, number] => [
  quantile(sorted, 0.025),
  quantile(sorted, 0.975),
];

/** Linear between order statistics, numpy's default. */
export function quantile(sorted: Float64Array, q: number): number {
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)] ?? NaN;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}
