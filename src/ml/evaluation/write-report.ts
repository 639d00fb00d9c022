import { writeWhole } from '../io/files.ts';
import { confusionSvg } from './confusion-svg.ts';
import type { Evaluation } from './evaluate.ts';
import type { TellingTerms } from './telling-terms.ts';

/** Metrics by name, as metrics.json holds them: six decimals, so that a diff shows no noise. */
export function metricsOf(evaluation: Evaluation): Record<string, unknown> {
  const rounded = (value: number): number => Number(value.toFixed(6));
  return {
    accuracy: rounded(evaluation.accuracy),
    macro_f1: rounded(evaluation.macroF1),
    log_loss: rounded(evaluation.logLoss),
    classes: Object.fromEntries(
      evaluation.classes.map((label, c) => {
        const { precision = 0, recall = 0, f1 = 0, support = 0 } = evaluation.byClass[c] ?? {};
        return [label, { precision: rounded(precision), recall: rounded(recall), f1: rounded(f1), support }];
      }),
    ),
  };
}

export const writeMetrics = (file: string, evaluation: Evaluation): Promise<void> =>
  writeWhole(file, json(metricsOf(evaluation)));

/** Confusion matrix as JSON and as a picture, telling terms, and the `most` hardest mistakes. */
export async function writeEvaluation(
  folder: string,
  evaluation: Evaluation,
  extra: { readonly terms: readonly TellingTerms[] | null; readonly mistakes: number },
): Promise<void> {
  const { classes, confusion } = evaluation;
  const rows = classes.map((_, c) => Array.from(confusion.subarray(c * classes.length, (c + 1) * classes.length)));
  await writeWhole(`${folder}/confusion.json`, json({ classes, truth_by_row_prediction_by_column: rows }));
  await writeWhole(`${folder}/confusion.svg`, confusionSvg(classes, confusion));
  await writeWhole(`${folder}/terms.json`, json(extra.terms));
  await writeWhole(`${folder}/mistakes.json`, json(evaluation.mistakes.slice(0, extra.mistakes)));
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
