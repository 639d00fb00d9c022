import type { Scored } from './platt.ts';

/** A rising line through points; scores outside of them have the chance of the nearest. */
export interface Steps {
  readonly at: Float64Array;
  readonly chance: Float64Array;
}

/**
 * The rising function nearest to the labels, by pool adjacent violators (Ayer et al. 1955; Zadrozny and Elkan 2002 for probabilities). Rows of equal
 * scores count as one, and between the points it is a line, as in scikit-learn's IsotonicRegression.
 */
export function fitIsotonic({ scores, isOwn, weights }: Scored): Steps {
  const order = Int32Array.from(scores.keys()).filter((row) => (weights[row] ?? 0) > 0);
  order.sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b);
  // Pools: first and last score, sum of weights, weighted mean.
  const first: number[] = [];
  const last: number[] = [];
  const weight: number[] = [];
  const mean: number[] = [];
  const merge = (): void => {
    const [w2 = 0, m2 = 0, end = 0] = [weight.pop(), mean.pop(), last.pop()];
    first.pop();
    const at = weight.length - 1;
    const w1 = weight[at] ?? 0;
    mean[at] = ((mean[at] ?? 0) * w1 + m2 * w2) / (w1 + w2);
    weight[at] = w1 + w2;
    last[at] = end;
  };
  let at = 0;
  while (at < order.length) {
    const score = scores[order[at] ?? 0] ?? 0;
    let [sum, own] = [0, 0];
    for (; at < order.length && scores[order[at] ?? 0] === score; at++) {
      const row = order[at] ?? 0;
      sum += weights[row] ?? 0;
      own += (weights[row] ?? 0) * (isOwn[row] ?? 0);
    }
    first.push(score);
    last.push(score);
    weight.push(sum);
    mean.push(own / sum);
    while (mean.length > 1 && (mean.at(-2) ?? 0) >= (mean.at(-1) ?? 0)) merge();
  }
  const points = first.flatMap((start, pool) => {
    const end = last[pool] ?? start;
    return end > start ? [start, end].map((x) => [x, mean[pool] ?? 0] as const) : [[start, mean[pool] ?? 0] as const];
  });
  return { at: Float64Array.from(points, ([x]) => x), chance: Float64Array.from(points, ([, p]) => p) };
}

export function applyIsotonic({ at, chance }: Steps, score: number): number {
  let low = 0;
  let high = at.length - 1;
  if (!(score > (at[0] ?? 0))) return chance[0] ?? 0;
  if (score >= (at[high] ?? 0)) return chance[high] ?? 0;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((at[middle] ?? 0) <= score) low = middle;
    else high = middle;
  }
  const [x1, x2, p1, p2] = [at[low] ?? 0, at[high] ?? 0, chance[low] ?? 0, chance[high] ?? 0];
  return p1 + ((p2 - p1) * (score - x1)) / (x2 - x1);
}
