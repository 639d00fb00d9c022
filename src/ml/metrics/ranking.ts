/** One point of a curve a distinct score, from the highest down: how many of either kind score at least that. Scores are finite. */
export interface Ranking {
  /** Descending. */
  readonly thresholds: Float64Array;
  readonly truePositives: Int32Array;
  readonly falsePositives: Int32Array;
}

/**
 * Ranks rows by score; ties fall together in one point. `positive` has 1 where the row belongs to the class. Either kind is sorted by itself, which typed
 * arrays do many times faster than rows by a comparison, and then both are walked from the top.
 */
export function rankByScore(positive: Uint8Array, scores: Float64Array): Ranking {
  const own = scores.filter((_, row) => positive[row] === 1).sort();
  const other = scores.filter((_, row) => positive[row] !== 1).sort();
  const thresholds = new Float64Array(scores.length);
  const truePositives = new Int32Array(scores.length);
  const falsePositives = new Int32Array(scores.length);
  let points = 0;
  let hits = 0;
  let misses = 0;
  while (hits < own.length || misses < other.length) {
    const score = Math.max(own[own.length - 1 - hits] ?? -Infinity, other[other.length - 1 - misses] ?? -Infinity);
    while (hits < own.length && own[own.length - 1 - hits] === score) hits++;
    while (misses < other.length && other[other.length - 1 - misses] === score) misses++;
    thresholds[points] = score;
    truePositives[points] = hits;
    falsePositives[points++] = misses;
  }
  return {
    thresholds: thresholds.subarray(0, points),
    truePositives: truePositives.subarray(0, points),
    falsePositives: falsePositives.subarray(0, points),
  };
}

/** Points (x, y) of equal length, to be joined in order. */
export interface Curve {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Share of positives found over share of negatives taken for positives, from (0, 0) to (1, 1). Needs rows of both kinds. */
export function rocCurve({ truePositives, falsePositives }: Ranking): Curve {
  const positives = truePositives.at(-1) ?? 0;
  const negatives = falsePositives.at(-1) ?? 0;
  const x = new Float64Array(truePositives.length + 1);
  const y = new Float64Array(truePositives.length + 1);
  for (let i = 0; i < truePositives.length; i++) {
    x[i + 1] = (falsePositives[i] ?? 0) / negatives;
    y[i + 1] = (truePositives[i] ?? 0) / positives;
  }
  return { x, y };
}

/** Precision over recall, from the highest threshold down; begins at recall 0 with precision 1. Needs positives. */
export function precisionRecallCurve({ truePositives, falsePositives }: Ranking): Curve {
  const positives = truePositives.at(-1) ?? 0;
  const x = new Float64Array(truePositives.length + 1);
  const y = new Float64Array(truePositives.length + 1);
  y[0] = 1;
  for (let i = 0; i < truePositives.length; i++) {
    const hits = truePositives[i] ?? 0;
    x[i + 1] = hits / positives;
    y[i + 1] = hits / (hits + (falsePositives[i] ?? 0));
  }
  return { x, y };
}

/** Area under the ROC curve by trapezoids; NaN without rows of both kinds. */
export function areaUnderRoc(ranking: Ranking): number {
  const positives = ranking.truePositives.at(-1) ?? 0;
  const negatives = ranking.falsePositives.at(-1) ?? 0;
  let doubled = 0;
  let hitsBefore = 0;
  let missesBefore = 0;
  for (let i = 0; i < ranking.thresholds.length; i++) {
    const hits = ranking.truePositives[i] ?? 0;
    const misses = ranking.falsePositives[i] ?? 0;
    doubled += (misses - missesBefore) * (hits + hitsBefore);
    hitsBefore = hits;
    missesBefore = misses;
  }
  return doubled / (2 * positives * negatives);
}

/** Mean of the precisions, each weighed by the recall it adds (no interpolation), as scikit-learn's average_precision_score; NaN without positives. */
export function averagePrecision({ truePositives, falsePositives }: Ranking): number {
  const positives = truePositives.at(-1) ?? 0;
  let sum = 0;
  let before = 0;
  for (let i = 0; i < truePositives.length; i++) {
    const hits = truePositives[i] ?? 0;
    sum += ((hits - before) * hits) / (hits + (falsePositives[i] ?? 0));
    before = hits;
  }
  return sum / positives;
}
