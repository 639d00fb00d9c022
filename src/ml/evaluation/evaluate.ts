import { failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { joinRows, noColumns } from '../columns/column.ts';
import type { ModelInput } from '../columns/column.ts';
import type { LabelledTexts } from '../data/labelled-texts.ts';
import type { Judged } from '../metrics/probability.ts';
import type { ModelPackage, Prediction } from '../package/types.ts';
import { scoreModel } from './scores.ts';
import type { EvaluationScores } from './scores.ts';

/** A text that the model got wrong. */
export interface Mistake {
  readonly text: string;
  readonly truth: string;
  readonly predicted: string;
  /** That the model gave to its prediction, and to the truth. */
  readonly probability: number;
  readonly truth_probability: number;
}

/** What is found when a model is asked about labelled texts. */
export interface Evaluation {
  readonly rows: number;
  readonly classes: readonly string[];
  /** The truth as class numbers, and the probabilities given. */
  readonly judged: Judged;
  readonly predicted: Int32Array;
  readonly scores: EvaluationScores;
  /** All of them, the surest first. */
  readonly mistakes: readonly Mistake[];
}

/** What a model is asked about labelled texts: their rows, without the labels. */
export const inputsOf = ({ texts, columns = noColumns }: LabelledTexts): readonly ModelInput[] =>
  joinRows(texts, columns);

/** Asks the model about every text and its row's other columns, as production would: raw text goes in. A label that the model does not know is a failure. */
export function evaluateModel(
  model: ModelPackage,
  data: LabelledTexts,
  { source, seed }: { readonly source: string; readonly seed: number },
): Result<Evaluation> {
  const { classes } = model.info;
  const numberOf = new Map(classes.map((name, number) => [name, number]));
  const stranger = data.labels.findIndex((label) => !numberOf.has(label));
  if (stranger >= 0) {
    const label = data.labels[stranger] ?? '';
    const detail = { file: source, row: stranger + 2, label, known: classes, near: nearestNames(label, classes) };
    return err(failure('label-unknown', detail));
  }
  const predictions = model.predict(inputsOf(data));
  const judged = {
    truth: Int32Array.from(data.labels, (label) => numberOf.get(label) ?? 0),
    probabilities: flatten(predictions, classes.length),
    classes: classes.length,
  };
  const predicted = Int32Array.from(predictions, ({ label }) => numberOf.get(label) ?? 0);
  return ok({
    rows: data.texts.length,
    classes,
    judged,
    predicted,
    scores: scoreModel(judged, predicted, seed),
    mistakes: findMistakes(data, predictions, judged),
  });
}

function flatten(predictions: readonly Prediction[], classes: number): Float64Array {
  const flat = new Float64Array(predictions.length * classes);
  for (const [row, { probabilities }] of predictions.entries()) flat.set(probabilities, row * classes);
  return flat;
}

function findMistakes(data: LabelledTexts, predictions: readonly Prediction[], judged: Judged): readonly Mistake[] {
  return predictions
    .map(({ label, probabilities }, row) => ({
      text: data.texts[row] ?? '',
      truth: data.labels[row] ?? '',
      predicted: label,
      probability: Math.max(...probabilities),
      truth_probability: probabilities[judged.truth[row] ?? 0] ?? 0,
    }))
    .filter(({ truth, predicted }) => truth !== predicted)
    .sort((a, b) => a.truth_probability - b.truth_probability || (a.text < b.text ? -1 : 1));
}
