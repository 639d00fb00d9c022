import type { Evaluation } from './evaluate.ts';

/** Six decimals, so that a diff shows no noise; what is not defined for the rows at hand is left out. */
const rounded = (value: number): number => Number(value.toFixed(6));

const defined = (values: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => Number.isFinite(value))
      .map(([name, value]) => [name, rounded(value)]),
  );

/** Metrics by name, as metrics.json holds them: three to be read in one look, and the others below `scores`. */
export function metricsOf({ classes, scores }: Evaluation): Record<string, unknown> {
  const { labels } = scores;
  return {
    ...defined({ accuracy: labels.accuracy, macro_f1: labels.macroF1, log_loss: scores.logLoss }),
    scores: defined({
      weighted_f1: labels.weighted.f1,
      roc_auc: scores.oneVsRest.macro,
      average_precision: scores.averagePrecision.macro,
      matthews: scores.matthews,
      cohen_kappa: scores.kappa,
      brier: scores.brier,
      calibration_error: scores.calibrationError,
    }),
    classes: Object.fromEntries(
      classes.map((label, c) => {
        const { precision = 0, recall = 0, f1 = 0, support = 0 } = labels.classes[c] ?? {};
        return [label, { precision: rounded(precision), recall: rounded(recall), f1: rounded(f1), support }];
      }),
    ),
  };
}

/** Every score there is, for evaluation.json. */
export function allScores({ rows, classes, scores }: Evaluation): Record<string, unknown> {
  const { labels, intervals, oneVsRest, oneVsOne, averagePrecision } = scores;
  const range = ([low, high]: readonly [number, number]): number[] => [rounded(low), rounded(high)];
  const means = ({ macro, weighted }: { macro: number; weighted: number }): Record<string, number> =>
    defined({ macro, weighted });
  return {
    rows,
    accuracy: rounded(labels.accuracy),
    intervals_95: { accuracy: range(intervals.accuracy), macro_f1: range(intervals.macroF1) },
    macro: defined({ ...labels.macro }),
    micro: defined({ ...labels.micro }),
    weighted: defined({ ...labels.weighted }),
    roc_auc_one_vs_rest: means(oneVsRest),
    roc_auc_one_vs_one: means(oneVsOne),
    average_precision: means(averagePrecision),
    ...defined({
      matthews: scores.matthews,
      cohen_kappa: scores.kappa,
      log_loss: scores.logLoss,
      brier: scores.brier,
      calibration_error: scores.calibrationError,
    }),
    classes: Object.fromEntries(
      classes.map((label, c) => {
        const ranked = { roc_auc: oneVsRest.each[c] ?? NaN, average_precision: averagePrecision.each[c] ?? NaN };
        return [label, defined({ ...labels.classes[c], ...ranked })];
      }),
    ),
  };
}
