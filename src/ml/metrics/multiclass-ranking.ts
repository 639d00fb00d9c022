import type { Judged } from './probability.ts';
import { areaUnderRoc, averagePrecision, rankByScore } from './ranking.ts';
import type { Ranking } from './ranking.ts';

/** The rows ranked by their probability of each class: one class against the rest. */
export const rankEachClass = (judged: Judged): Ranking[] =>
  Array.from({ length: judged.classes }, (_, c) => rankByScore(isClass(judged, c), probabilityOf(judged, c)));

const isClass = ({ truth }: Judged, c: number): Uint8Array => Uint8Array.from(truth, (own) => (own === c ? 1 : 0));

const probabilityOf = ({ truth, probabilities, classes }: Judged, c: number): Float64Array =>
  Float64Array.from(truth, (_, row) => probabilities[row * classes + c] ?? 0);

/** One number for several classes. Those for which nothing can be said (no rows of both kinds) are left out of it. */
export interface Averaged {
  /** NaN where nothing can be said. */
  readonly each: Float64Array;
  /** Plain mean. */
  readonly macro: number;
  /** Each counted as often as it has rows. */
  readonly weighted: number;
}

/** Area under the ROC curve of each class against the rest (scikit-learn's `multi_class='ovr'`). */
export const rocAucOneVsRest = (rankings: readonly Ranking[]): Averaged => average(rankings, areaUnderRoc);

/** Average precision of each class against the rest. */
export const averagePrecisionByClass = (rankings: readonly Ranking[]): Averaged => average(rankings, averagePrecision);

function average(rankings: readonly Ranking[], of: (ranking: Ranking) => number): Averaged {
  const each = Float64Array.from(rankings, of);
  const rows = rankings.map(({ truePositives }) => truePositives.at(-1) ?? 0);
  return { each, macro: meanOf(each, () => 1), weighted: meanOf(each, (c) => rows[c] ?? 0) };
}

function meanOf(values: Float64Array, weightOf: (at: number) => number): number {
  let sum = 0;
  let total = 0;
  values.forEach((value, at) => {
    if (Number.isNaN(value)) return;
    sum += weightOf(at) * value;
    total += weightOf(at);
  });
  return sum / total;
}

/**
 * Area under the ROC curve of each pair of classes on the rows of those two, taken both ways round (Hand and Till 2001;
 * scikit-learn's `multi_class='ovo'`). `weighted` counts a pair as often as it has rows.
 */
export function rocAucOneVsOne(judged: Judged): Averaged {
  const { truth, classes } = judged;
  const members = Array.from({ length: classes }, (_, c) => rowsOf(truth, c));
  const each: number[] = [];
  const rows: number[] = [];
  for (let a = 0; a < classes; a++) {
    for (let b = a + 1; b < classes; b++) {
      const both = [members[a] ?? new Int32Array(), members[b] ?? new Int32Array()] as const;
      each.push((pairArea(judged, a, both) + pairArea(judged, b, [both[1], both[0]])) / 2);
      rows.push(both[0].length + both[1].length);
    }
  }
  const values = Float64Array.from(each);
  return { each: values, macro: meanOf(values, () => 1), weighted: meanOf(values, (at) => rows[at] ?? 0) };
}

function rowsOf(truth: Int32Array, c: number): Int32Array {
  const rows: number[] = [];
  truth.forEach((own, row) => {
    if (own === c) rows.push(row);
  });
  return Int32Array.from(rows);
}

/** The rows of class `c` against those of another, ranked by the probability of `c`. */
function pairArea(judged: Judged, c: number, [own, other]: readonly [Int32Array, Int32Array]): number {
  const scores = new Float64Array(own.length + other.length);
  const positive = new Uint8Array(scores.length).fill(1, 0, own.length);
  own.forEach((row, at) => (scores[at] = judged.probabilities[row * judged.classes + c] ?? 0));
  other.forEach((row, at) => (scores[own.length + at] = judged.probabilities[row * judged.classes + c] ?? 0));
  return areaUnderRoc(rankByScore(positive, scores));
}
