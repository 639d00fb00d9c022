/** Rows on which exactly one of two models was right. */
export interface Discordant {
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

export interface McNemar extends Discordant {
  /** Probability of so uneven a split, or a more uneven one, if both were equally good: two-sided binomial test. */
  readonly exact: number;
  /** The same by the chi-square approximation with Edwards' continuity correction (1948); good from about 25 discordant rows on. */
  readonly approximate: number;
}

/**
 * McNemar's test (1947) of two models on the same rows. Rows on which both were right or both wrong say nothing about which is better,
 * so only the others count; where there are none, both probabilities are 1.
 */
export function mcnemar({ onlyFirst, onlySecond }: Discordant): McNemar {
  const rows = onlyFirst + onlySecond;
  const corrected = Math.abs(onlyFirst - onlySecond) - 1;
  return {
    onlyFirst,
    onlySecond,
    exact: rows === 0 ? 1 : Math.min(1, 2 * halfBinomialTail(Math.min(onlyFirst, onlySecond), rows)),
    approximate: rows === 0 ? 1 : chiSquareTail((corrected * corrected) / rows),
  };
}

/** Counts the rows on which only one of two predictions is the truth. */
export function discordantRows(truth: Int32Array, first: Int32Array, second: Int32Array): Discordant {
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let row = 0; row < truth.length; row++) {
    const isFirst = first[row] === truth[row];
    const isSecond = second[row] === truth[row];
    if (isFirst && !isSecond) onlyFirst++;
    else if (isSecond && !isFirst) onlySecond++;
  }
  return { onlyFirst, onlySecond };
}

/** P(X <= k) of n throws of a fair coin, where k is at most n / 2: from the largest term downwards, each from the one above. */
function halfBinomialTail(k: number, n: number): number {
  let logTerm = -n * Math.LN2;
  for (let i = 1; i <= k; i++) logTerm += Math.log((n - k + i) / i);
  let share = 1;
  let sum = 1;
  for (let j = k; j > 0 && share > 0; j--) {
    share *= j / (n - j + 1);
    sum += share;
  }
  return Math.exp(logTerm) * sum;
}

/** P(X >= x) of the chi-square distribution with one degree of freedom: erfc(sqrt(x / 2)). */
const chiSquareTail = (x: number): number => erfc(Math.sqrt(x / 2));

/** The complementary error function of z >= 0 to about 14 digits: its series near 0, its continued fraction beyond (Abramowitz and Stegun 7.1.6, 7.1.14). */
function erfc(z: number): number {
  const peak = Math.exp(-z * z) / Math.sqrt(Math.PI);
  if (z < 2.5) {
    let term = z;
    let sum = z;
    for (let n = 1; Math.abs(term) > sum * 1e-17; n++) {
      term *= (2 * z * z) / (2 * n + 1);
      sum += term;
    }
    return 1 - 2 * peak * sum;
  }
  let fraction = z;
  for (let n = 80; n > 0; n--) fraction = z + n / 2 / fraction;
  return peak / fraction;
}
