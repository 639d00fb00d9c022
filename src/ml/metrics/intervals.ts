import { bootstrap, interval95 } from '../../core/bootstrap.ts';
import { scoresOfConfusion } from './classification.ts';

/** Middle 95 % of a score over bootstrap resamples of the rows it was measured on: how far it would move with other rows. */
export interface ScoreIntervals {
  readonly accuracy: readonly [number, number];
  readonly macroF1: readonly [number, number];
}

/** Percentile intervals from truth and predictions, given as class numbers; the same seed gives the same. */
export function scoreIntervals(
  answers: { readonly truth: Int32Array; readonly predicted: Int32Array; readonly classes: number },
  seed: number,
): ScoreIntervals {
  const { truth, predicted, classes } = answers;
  const cellOfRow = Int32Array.from(truth, (own, row) => own * classes + (predicted[row] ?? 0));
  const [accuracy = new Float64Array(), macroF1 = new Float64Array()] = bootstrap(
    { cellOfRow, cells: classes * classes, seed },
    (drawn) => {
      const scores = scoresOfConfusion(drawn, classes);
      return [scores.accuracy, scores.macroF1];
    },
  );
  return { accuracy: interval95(accuracy), macroF1: interval95(macroF1) };
}
