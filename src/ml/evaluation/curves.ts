import { confidences, reliability } from '../metrics/probability.ts';
import type { ReliabilityBin } from '../metrics/probability.ts';
import { precisionRecallCurve, rocCurve } from '../metrics/ranking.ts';
import type { Curve, Ranking } from '../metrics/ranking.ts';
import type { Evaluation } from './evaluate.ts';

/** What a page and plots show of probabilities. */
export interface EvaluationCurves {
  /** By class; undefined for those without rows of both kinds. */
  readonly roc: readonly (Curve | undefined)[];
  readonly precisionRecall: readonly (Curve | undefined)[];
  /** Of the probability of each row's prediction. */
  readonly reliability: readonly ReliabilityBin[];
}

/** Parts of [0, 1] in which claims are compared with what came true. */
const bins = 15;

export function curvesOf({ judged, scores }: Evaluation): EvaluationCurves {
  const { claims, came } = confidences(judged);
  const both = (ranking: Ranking): boolean =>
    (ranking.truePositives.at(-1) ?? 0) > 0 && (ranking.falsePositives.at(-1) ?? 0) > 0;
  return {
    roc: scores.rankings.map((ranking) => (both(ranking) ? rocCurve(ranking) : undefined)),
    precisionRecall: scores.rankings.map((ranking) => (both(ranking) ? precisionRecallCurve(ranking) : undefined)),
    reliability: reliability(claims, came, bins),
  };
}

/** Curves of all classes over one grid of x, so that they stand in one table: `x`, a column a class, and their mean. */
export interface CurveTable {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const steps = 100;

/** Share found (true positives) over share of false alarms, the highest reached so far. */
export const rocTable = (curves: EvaluationCurves['roc'], classes: readonly string[]): CurveTable =>
  table('false_positive_rate', classes, curves, ({ x, y }) => {
    let best = 0;
    let i = 0;
    return Array.from({ length: steps + 1 }, (_, step) => {
      for (; i < x.length && (x[i] ?? 0) <= step / steps; i++) best = Math.max(best, y[i] ?? 0);
      return best;
    });
  });

/** Precision over recall: the highest that is had at this recall or a higher one. */
export const precisionRecallTable = (
  curves: EvaluationCurves['precisionRecall'],
  classes: readonly string[],
): CurveTable =>
  table('recall', classes, curves, ({ x, y }) => {
    let best = 0;
    let i = x.length - 1;
    const fromTheEnd = Array.from({ length: steps + 1 }, (_, step) => {
      for (; i >= 0 && (x[i] ?? 0) >= (steps - step) / steps; i--) best = Math.max(best, y[i] ?? 0);
      return best;
    });
    return fromTheEnd.reverse();
  });

/** `heights` gives a curve's at each step of the grid. */
function table(
  xName: string,
  classes: readonly string[],
  curves: readonly (Curve | undefined)[],
  heights: (curve: Curve) => readonly number[],
): CurveTable {
  const names = classes.map((label) => (label === xName || label === 'mean' ? `class ${label}` : label));
  const columns = curves.map((curve) => (curve === undefined ? undefined : heights(curve)));
  const rows = Array.from({ length: steps + 1 }, (_, step) => {
    const values = columns.map((column) => column?.[step]);
    const known = values.filter((value) => value !== undefined);
    const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
    return [(step / steps).toFixed(2), ...[...values, mean].map((value) => value?.toFixed(6) ?? '')];
  });
  return { fields: [xName, ...names, 'mean'], rows };
}

export const reliabilityTable = (points: readonly ReliabilityBin[]): CurveTable => ({
  fields: ['confidence', 'accuracy', 'rows'],
  rows: points.map(({ claimed, observed, rows }) => [claimed.toFixed(6), observed.toFixed(6), String(rows)]),
});
