/** Probabilities [rows, classes] by rows, and the class number of each row. */
export interface Judged {
  readonly truth: Int32Array;
  readonly probabilities: Float64Array;
  readonly classes: number;
}

/** Probabilities are taken as no smaller (and no nearer to 1), so that one confident mistake does not make the log loss infinite. */
const leastProbability = Number.EPSILON;

/** -ln of the probability that each row's truth got. */
function surprises({ truth, probabilities, classes }: Judged): Float64Array {
  const most = 1 - leastProbability;
  return Float64Array.from(truth, (c, row) => {
    const probability = probabilities[row * classes + c] ?? 0;
    return -Math.log(Math.min(Math.max(probability, leastProbability), most));
  });
}

const meanOf = (values: Float64Array): number =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean of -ln(probability of the truth), as scikit-learn's log_loss for probabilities that sum to 1. */
export const logLoss = (judged: Judged): number => meanOf(surprises(judged));

/**
 * Mean squared distance between the probabilities and the truth (Brier 1950). For two classes it is halved, so that it is the
 * squared error of one probability: scikit-learn's `scale_by_half='auto'`.
 */
export function brierScore({ truth, probabilities, classes }: Judged): number {
  let sum = 0;
  for (let row = 0; row < truth.length; row++) {
    for (let c = 0; c < classes; c++) {
      const away = (probabilities[row * classes + c] ?? 0) - (c === truth[row] ? 1 : 0);
      sum += away * away;
    }
  }
  const mean = truth.length === 0 ? 0 : sum / truth.length;
  return classes === 2 ? mean / 2 : mean;
}

/** Rows whose probability falls into one part of [0, 1]; parts without rows are left out. */
export interface ReliabilityBin {
  readonly rows: number;
  /** Mean of the probabilities. */
  readonly claimed: number;
  /** Share of the rows for which it came true. */
  readonly observed: number;
}

/** What came true, by what was claimed, over equal parts of [0, 1]; an edge belongs to the part below it, as scikit-learn's calibration_curve. */
export function reliability(claims: Float64Array, came: Uint8Array, bins: number): ReliabilityBin[] {
  const rows = new Int32Array(bins);
  const claimed = new Float64Array(bins);
  const observed = new Int32Array(bins);
  for (let row = 0; row < claims.length; row++) {
    const claim = claims[row] ?? 0;
    let bin = 0;
    while (bin < bins - 1 && claim > (bin + 1) / bins) bin++;
    rows[bin] = (rows[bin] ?? 0) + 1;
    claimed[bin] = (claimed[bin] ?? 0) + claim;
    observed[bin] = (observed[bin] ?? 0) + (came[row] ?? 0);
  }
  return Array.from(rows, (count, bin) => ({
    rows: count,
    claimed: (claimed[bin] ?? 0) / count,
    observed: (observed[bin] ?? 0) / count,
  })).filter((bin) => bin.rows > 0);
}

/** The probability of each row's prediction, and whether it was right: what reliability is asked of for a whole model. */
export function confidences({ truth, probabilities, classes }: Judged): { claims: Float64Array; came: Uint8Array } {
  const claims = new Float64Array(truth.length);
  const came = new Uint8Array(truth.length);
  for (let row = 0; row < truth.length; row++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if ((probabilities[row * classes + c] ?? 0) > (probabilities[row * classes + best] ?? 0)) best = c;
    }
    claims[row] = probabilities[row * classes + best] ?? 0;
    came[row] = best === truth[row] ? 1 : 0;
  }
  return { claims, came };
}

/** Expected calibration error (Naeini et al. 2015; Guo et al. 2017): mean gap between confidence and accuracy, each part weighed by its rows. */
export function calibrationError(judged: Judged, bins = 15): number {
  const { claims, came } = confidences(judged);
  const gaps = reliability(claims, came, bins).map(
    ({ rows, claimed, observed }) => rows * Math.abs(observed - claimed),
  );
  return claims.length === 0 ? 0 : gaps.reduce((sum, gap) => sum + gap, 0) / claims.length;
}
