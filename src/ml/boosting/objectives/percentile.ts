/**
 * The value at the share `alpha` of the way through the sorted values: that of LightGBM 4.7's percentiles of values without weights, which is the
 * usual one (Hyndman and Fan, "Sample quantiles in statistical packages", 1996, definition 7). Weights count rows, so that a value of weight
 * 2 is the value standing there twice; where all are small, the smallest is taken for one row.
 */
export function percentile(values: Float64Array, weights: Float64Array | undefined, alpha: number): number {
  return weights === undefined ? ofSorted(values.slice().sort(), alpha) : ofWeighted(values, weights, alpha);
}

function ofSorted(sorted: Float64Array, alpha: number): number {
  const place = alpha * (sorted.length - 1);
  const at = Math.floor(place);
  const value = sorted[at] ?? 0;
  return value + ((sorted[at + 1] ?? value) - value) * (place - at);
}

/** Behind weights of c, a value of weight w holds from c to c + w - 1, and from there a line leads to the next one at c + w. */
function ofWeighted(values: Float64Array, weights: Float64Array, alpha: number): number {
  const order = Int32Array.from(values.keys())
    .filter((row) => (weights[row] ?? 0) > 0)
    .sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  let total = 0;
  let one = 1;
  for (const row of order) {
    total += weights[row] ?? 0;
    one = Math.min(one, weights[row] ?? 0);
  }
  const place = alpha * (total - one);
  let before = 0;
  for (const [i, row] of order.entries()) {
    const end = before + (weights[row] ?? 0);
    if (place < end || i === order.length - 1) {
      const value = values[row] ?? 0;
      const next = values[order[i + 1] ?? row] ?? 0;
      return value + (next - value) * Math.max(0, (place - (end - one)) / one);
    }
    before = end;
  }
  return 0;
}
