import { bootstrap, interval95 } from '../../core/bootstrap.ts';
import { scoresOfConfusion } from './classification.ts';
import type { ClassificationScores } from './classification.ts';
import { discordantRows, mcnemar } from './mcnemar.ts';
import type { McNemar } from './mcnemar.ts';

/** The classes of rows, and what two models said of them: class numbers, one a row. */
export interface PairedPredictions {
  readonly truth: Int32Array;
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly classes: number;
}

interface Gain {
  readonly first: number;
  readonly second: number;
  /** second - first. */
  readonly gain: number;
  /** Middle 95 % of the gain over bootstrap resamples of the rows. */
  readonly interval: readonly [number, number];
}

export interface ModelComparison {
  readonly rows: number;
  readonly accuracy: Gain;
  readonly macroF1: Gain;
  readonly mcnemar: McNemar;
}

/**
 * Is the second model really better than the first? Both answered the same rows; a resample draws rows, and both keep their answers to a
 * drawn row (paired percentile bootstrap, Efron and Tibshirani 1993, chapter 13). The same seed gives the same intervals.
 */
export function compareModels(answers: PairedPredictions, seed: number): ModelComparison {
  const { truth, first, second, classes } = answers;
  const cells = cellsOf(answers);
  const counts = new Int32Array(cells.keys.length);
  for (const cell of cells.ofRow) counts[cell] = (counts[cell] ?? 0) + 1;
  const [a, b] = bothScores(counts, cells.keys, classes);
  const resampling = { cellOfRow: cells.ofRow, cells: counts.length, seed };
  const [accuracies = new Float64Array(), f1s = new Float64Array()] = bootstrap(resampling, (drawn) => {
    const [one, other] = bothScores(drawn, cells.keys, classes);
    return [other.accuracy - one.accuracy, other.macroF1 - one.macroF1];
  });
  return {
    rows: truth.length,
    accuracy: gainOf(a.accuracy, b.accuracy, accuracies),
    macroF1: gainOf(a.macroF1, b.macroF1, f1s),
    mcnemar: mcnemar(discordantRows(truth, first, second)),
  };
}

const gainOf = (first: number, second: number, gains: Float64Array): Gain => ({
  first,
  second,
  gain: second - first,
  interval: interval95(gains),
});

/** Rows alike in truth and both answers are one cell; its key is (truth * classes + first) * classes + second. */
function cellsOf({ truth, first, second, classes }: PairedPredictions): { ofRow: Int32Array; keys: Float64Array } {
  const cellOf = new Map<number, number>();
  const ofRow = Int32Array.from(truth, (own, row) => {
    const key = (own * classes + (first[row] ?? 0)) * classes + (second[row] ?? 0);
    const cell = cellOf.get(key) ?? cellOf.size;
    cellOf.set(key, cell);
    return cell;
  });
  return { ofRow, keys: Float64Array.from(cellOf.keys()) };
}

type Both = readonly [ClassificationScores, ClassificationScores];

function bothScores(counts: Int32Array, keys: Float64Array, classes: number): Both {
  const one = new Int32Array(classes * classes);
  const other = new Int32Array(classes * classes);
  counts.forEach((count, cell) => {
    const key = keys[cell] ?? 0;
    const first = Math.floor(key / classes) % classes;
    const base = Math.floor(key / (classes * classes)) * classes;
    one[base + first] = (one[base + first] ?? 0) + count;
    other[base + (key % classes)] = (other[base + (key % classes)] ?? 0) + count;
  });
  return [scoresOfConfusion(one, classes), scoresOfConfusion(other, classes)];
}
