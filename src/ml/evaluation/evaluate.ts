import { failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { LabelledTexts } from '../data/labelled-texts.ts';
import { classificationScores } from '../metrics/classification.ts';
import type { ClassScores } from '../metrics/classification.ts';
import type { ModelPackage, Prediction } from '../package/types.ts';

/** A text that the model got wrong. */
interface Mistake {
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
  readonly accuracy: number;
  readonly macroF1: number;
  /** Mean of -ln(probability of the truth). */
  readonly logLoss: number;
  readonly classes: readonly string[];
  readonly byClass: readonly ClassScores[];
  /** Entry [truth * classes + prediction] counts rows. */
  readonly confusion: Int32Array;
  /** All of them, the surest first. */
  readonly mistakes: readonly Mistake[];
}

/** Probabilities are taken as no smaller, so that one confident mistake does not make the log loss infinite. */
const leastProbability = 1e-15;

/** Asks the model about every text, as production would: raw text goes in. A label that the model does not know is a failure. */
export function evaluateModel(model: ModelPackage, data: LabelledTexts, source: string): Result<Evaluation> {
  const { classes } = model.info;
  const numberOf = new Map(classes.map((name, number) => [name, number]));
  const stranger = data.labels.findIndex((label) => !numberOf.has(label));
  if (stranger >= 0) {
    const label = data.labels[stranger] ?? '';
    const detail = { file: source, row: stranger + 2, label, known: classes, near: nearestNames(label, classes) };
    return err(failure('label-unknown', detail));
  }
  const predictions = model.predict(data.texts);
  const truth = Int32Array.from(data.labels, (label) => numberOf.get(label) ?? 0);
  const predicted = Int32Array.from(predictions, ({ label }) => numberOf.get(label) ?? 0);
  const scores = classificationScores(truth, predicted, classes.length);
  const ofTruth = predictions.map(({ probabilities }, row) => probabilities[truth[row] ?? 0] ?? 0);
  const surprise = ofTruth.reduce((sum, probability) => sum - Math.log(Math.max(probability, leastProbability)), 0);
  return ok({
    rows: data.texts.length,
    accuracy: scores.accuracy,
    macroF1: scores.macroF1,
    logLoss: surprise / data.texts.length,
    classes,
    byClass: scores.classes,
    confusion: scores.confusion,
    mistakes: findMistakes(data, predictions, ofTruth),
  });
}

function findMistakes(
  data: LabelledTexts,
  predictions: readonly Prediction[],
  ofTruth: readonly number[],
): readonly Mistake[] {
  return predictions
    .map(({ label, probabilities }, row) => ({
      text: data.texts[row] ?? '',
      truth: data.labels[row] ?? '',
      predicted: label,
      probability: Math.max(...probabilities),
      truth_probability: ofTruth[row] ?? 0,
    }))
    .filter(({ truth, predicted }) => truth !== predicted)
    .sort((a, b) => a.truth_probability - b.truth_probability || (a.text < b.text ? -1 : 1));
}
