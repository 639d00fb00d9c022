/**
 * The value that `alpha` of the weight lies below. Rows are counted, so that one of weight 2 is the row standing there twice: a value of
 * weight w, behind weights of c, holds from c to c + w - 1, and from there a line leads to the next one at c + w. With weights of 1 it is
 * the percentile of LightGBM's regression objectives (PercentileFun in its src/objective/regression_objective.hpp, version 4).
 */
export function percentile(values: Float64Array, weights: Float64Array | undefined, alpha: number): number {
  return weights === undefined ? ofSorted(values.slice().sort(), alpha) : ofWeighted(values, weights, alpha);
}

function ofSorted(sorted: Float64Array, alpha: number): number {
  const place = alpha * sorted.length;
  const at = Math.floor(place);
  const last = sorted.length - 1;
  if (at >= last) return sorted[last] ?? 0;
  const value = sorted[at] ?? 0;
  return value + ((sorted[at + 1] ?? 0) - value) * (place - at);
}

function ofWeighted(values: Float64Array, weights: Float64Array, alpha: number): number {
  const order = Int32Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const place = alpha * weights.reduce((sum, weight) => sum + weight, 0);
  let before = 0;
  for (let i = 0; i + 1 < order.length; i++) {
    const row = order[i] ?? 0;
    const end = before + (weights[row] ?? 0);
    if (place < end) {
      const value = values[row] ?? 0;
      const slope = Math.min(1, weights[row] ?? 0);
      const share = Math.max(0, place - (end - slope)) / slope;
      return value + ((values[order[i + 1] ?? 0] ?? 0) - value) * share;
    }
    before = end;
  }
  return values[order.at(-1) ?? 0] ?? 0;
}
