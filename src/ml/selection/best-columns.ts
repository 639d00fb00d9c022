/**
 * The `count` columns of the highest scores, ascending: those of scikit-learn's `SelectKBest`. Of equal scores at the edge the later columns stay, and NaN
 * is lower than any score.
 */
export function bestColumns(scores: Float64Array, count: number): Int32Array {
  const of = (column: number): number => {
    const score = scores[column] ?? NaN;
    return Number.isNaN(score) ? -Infinity : score;
  };
  const order = Int32Array.from(scores.keys());
  if (count >= order.length) return order;
  order.sort((a, b) => (of(a) === of(b) ? a - b : of(a) - of(b)));
  return order.slice(order.length - count).sort();
}
