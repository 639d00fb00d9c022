import { bootstrap, interval95 } from '../core/bootstrap.ts';

/** Metrics that can be computed from predicted labels alone. */
export type LabelMetric = 'accuracy' | 'macro_f1';

export const isLabelMetric = (metric: string): metric is LabelMetric => metric === 'accuracy' || metric === 'macro_f1';

/** Two models' answers to the same rows; every value is a place in one list of labels. */
export interface PairedAnswers {
  readonly truth: readonly number[];
  readonly candidate: readonly number[];
  readonly production: readonly number[];
}

export interface PairedGain {
  readonly candidate: number;
  readonly production: number;
  /** candidate - production. */
  readonly gain: number;
  /** 95 % percentile interval of the gain. */
  readonly interval: readonly [number, number];
}

/** Rows that agree in truth and both answers are one cell: a resample is then a count a cell, whatever the metric. */
interface Cells {
  readonly ofRow: Int32Array;
  readonly truth: readonly number[];
  readonly candidate: readonly number[];
  readonly production: readonly number[];
}

/**
 * How much the candidate wins over production on the same rows, with the paired percentile bootstrap (Efron and Tibshirani
 * 1993, chapter 13): rows are drawn with replacement, both models keep their answers to a drawn row. The three lists have one
 * length above 0.
 */
export function pairedGain(answers: PairedAnswers, metric: LabelMetric, seed: number): PairedGain {
  const cells = cellsOf(answers);
  const score = metric === 'accuracy' ? accuracyOf : macroF1Of;
  const counts = new Int32Array(cells.truth.length);
  for (const cell of cells.ofRow) counts[cell] = (counts[cell] ?? 0) + 1;
  const candidate = score(counts, cells.truth, cells.candidate);
  const production = score(counts, cells.truth, cells.production);

  const resampling = { cellOfRow: cells.ofRow, cells: counts.length, seed };
  const [gains = new Float64Array()] = bootstrap(resampling, (drawn) => [
    score(drawn, cells.truth, cells.candidate) - score(drawn, cells.truth, cells.production),
  ]);
  return {
    candidate,
    production,
    gain: candidate - production,
    interval: interval95(gains),
  };
}

function cellsOf({ truth, candidate, production }: PairedAnswers): Cells {
  const cellByKey = new Map<string, number>();
  const cells = { truth: [] as number[], candidate: [] as number[], production: [] as number[] };
  const ofRow = Int32Array.from(truth, (label, row) => {
    const asked = candidate[row] ?? -1;
    const before = production[row] ?? -1;
    const key = `${label} ${asked} ${before}`;
    let cell = cellByKey.get(key);
    if (cell === undefined) {
      cell = cellByKey.size;
      cellByKey.set(key, cell);
      cells.truth.push(label);
      cells.candidate.push(asked);
      cells.production.push(before);
    }
    return cell;
  });
  return { ofRow, ...cells };
}

type Score = (counts: Int32Array, truth: readonly number[], answer: readonly number[]) => number;

const accuracyOf: Score = (counts, truth, answer) => {
  let right = 0;
  let all = 0;
  counts.forEach((count, cell) => {
    all += count;
    if (truth[cell] === answer[cell]) right += count;
  });
  return right / all;
};

/** Mean of F1 over the labels that occur as truth or answer, as scikit-learn's f1_score(average="macro") has it. */
const macroF1Of: Score = (counts, truth, answer) => {
  const hits = new Map<number, number>();
  const occurrences = new Map<number, number>();
  const add = (map: Map<number, number>, label: number, count: number): void => {
    map.set(label, (map.get(label) ?? 0) + count);
  };
  counts.forEach((count, cell) => {
    if (count === 0) return;
    const label = truth[cell] ?? -1;
    const said = answer[cell] ?? -1;
    add(occurrences, label, count);
    add(occurrences, said, count);
    if (label === said) add(hits, label, count);
  });
  let sum = 0;
  // 2 TP / (2 TP + FP + FN): the denominator is how often the label is truth plus how often it is the answer.
  for (const [label, count] of occurrences) sum += (2 * (hits.get(label) ?? 0)) / count;
  return sum / occurrences.size;
};
