import type { FittedClassifier } from '../estimator.ts';
import { allSane, arrayOf } from '../io/parts.ts';
import type { Parts } from '../io/parts.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { multiplyInto } from '../sparse/multiply.ts';

/**
 * Scores x w + intercept, made probabilities by a softmax. With two classes there is one column of weights, the second class's,
 * and the first class scores 0.
 */
export interface LinearModel {
  readonly algorithm: string;
  readonly classes: readonly string[];
  readonly columns: number;
  /** [columns, outputs] by rows, where outputs is 1 for two classes, else their number. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  /** Scores are multiplied by it before the softmax: 1 where they are log odds already, else found by calibration. */
  readonly sharpness: number;
  /** `one_vs_rest`: each score is the log odds of its class against all others, and the chances of all are scaled to sum to 1. */
  readonly link?: Link;
  readonly metrics: Readonly<Record<string, number>>;
}

const links = ['softmax', 'one_vs_rest'] as const;
type Link = (typeof links)[number];

export const outputsOf = (classes: number): number => (classes === 2 ? 1 : classes);

export class LinearClassifier implements FittedClassifier {
  readonly model: LinearModel;

  constructor(model: LinearModel) {
    this.model = model;
  }

  get algorithm(): string {
    return this.model.algorithm;
  }

  get classes(): readonly string[] {
    return this.model.classes;
  }

  get columns(): number {
    return this.model.columns;
  }

  get metrics(): Readonly<Record<string, number>> {
    return this.model.metrics;
  }

  /** [x.rows, outputs] by rows: what scikit-learn calls the decision function. */
  scores(x: CsrMatrix): Float64Array {
    const outputs = this.model.intercepts.length;
    const out = new Float64Array(x.rows * outputs);
    const weights = { rows: this.model.columns, columns: outputs, values: this.model.weights };
    multiplyInto({ x, w: weights, offset: this.model.intercepts }, out);
    return out;
  }

  probabilities(x: CsrMatrix): Float64Array {
    const scores = this.scores(x);
    if (this.model.link === 'one_vs_rest') scores.forEach((score, at) => (scores[at] = logChance(score)));
    return softmaxOfScores(scores, this.classes.length, this.model.sharpness);
  }

  columnScores(): Float64Array {
    const { weights, classes } = this.model;
    if (classes.length !== 2) return weights.slice();
    const both = new Float64Array(weights.length * 2);
    weights.forEach((weight, column) => {
      both[column * 2] = -weight;
      both[column * 2 + 1] = weight;
    });
    return both;
  }

  toParts(): Parts {
    const { sharpness, columns, weights, intercepts, link = 'softmax' } = this.model;
    return { meta: { kind: 'linear', columns, sharpness, link }, arrays: { weights, intercepts } };
  }
}

/** Reads back what `toParts` gave; a text says what is wrong with it. */
export function linearFromParts(
  parts: Parts,
  known: Pick<LinearModel, 'algorithm' | 'classes' | 'metrics'>,
): LinearClassifier | string {
  // Models that were stored before there was a choice have a softmax.
  const { columns, sharpness, link: given = 'softmax' } = parts.meta;
  const link = links.find((one) => one === given);
  const weights = arrayOf(parts.arrays, 'weights', 'f64');
  const intercepts = arrayOf(parts.arrays, 'intercepts', 'f64');
  if (weights === undefined || intercepts === undefined) return 'its weights are missing';
  if (typeof columns !== 'number' || !Number.isSafeInteger(columns) || columns < 0)
    return 'its number of columns is broken';
  if (typeof sharpness !== 'number' || !(sharpness > 0 && sharpness <= 1e6)) return 'its sharpness is broken';
  const outputs = outputsOf(known.classes.length);
  if (link === undefined || (link === 'one_vs_rest' && outputs === 1)) return 'what its scores mean is not known';
  if (intercepts.length !== outputs || weights.length !== columns * outputs)
    return 'its weights do not fit its columns';
  if (!allSane(intercepts) || !allSane(weights)) return 'a weight is not finite, or absurdly large';
  const { algorithm, classes, metrics } = known;
  return new LinearClassifier({ algorithm, classes, metrics, columns, weights, intercepts, sharpness, link });
}

/** log(1 / (1 + e^-score)), also for scores far below 0. */
const logChance = (score: number): number => Math.min(score, 0) - Math.log1p(Math.exp(-Math.abs(score)));

/** Probabilities [rows, classes] of scores [rows, outputs]; the largest score is taken off first, so that nothing overflows. */
export function softmaxOfScores(scores: Float64Array, classes: number, sharpness: number): Float64Array {
  const outputs = outputsOf(classes);
  const rows = scores.length / outputs;
  const out = new Float64Array(rows * classes);
  const first = classes - outputs;
  for (let row = 0; row < rows; row++) {
    const base = row * classes;
    for (let c = 0; c < outputs; c++) out[base + first + c] = (scores[row * outputs + c] ?? 0) * sharpness;
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, out[base + c] ?? 0);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const power = Math.exp((out[base + c] ?? 0) - largest);
      out[base + c] = power;
      sum += power;
    }
    for (let c = 0; c < classes; c++) out[base + c] = (out[base + c] ?? 0) / sum;
  }
  return out;
}
