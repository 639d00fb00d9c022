import { cohenKappa, matthewsCorrelation } from '../metrics/agreement.ts';
import { classificationScores } from '../metrics/classification.ts';
import type { ClassificationScores } from '../metrics/classification.ts';
import { scoreIntervals } from '../metrics/intervals.ts';
import type { ScoreIntervals } from '../metrics/intervals.ts';
import {
  averagePrecisionByClass,
  rankEachClass,
  rocAucOneVsOne,
  rocAucOneVsRest,
} from '../metrics/multiclass-ranking.ts';
import type { Averaged } from '../metrics/multiclass-ranking.ts';
import { brierScore, calibrationError, logLoss } from '../metrics/probability.ts';
import type { Judged } from '../metrics/probability.ts';
import type { Ranking } from '../metrics/ranking.ts';

/** Every score of one model on one set of rows. */
export interface EvaluationScores {
  readonly labels: ClassificationScores;
  readonly intervals: ScoreIntervals;
  readonly matthews: number;
  readonly kappa: number;
  readonly logLoss: number;
  readonly brier: number;
  readonly calibrationError: number;
  readonly oneVsRest: Averaged;
  readonly oneVsOne: Averaged;
  readonly averagePrecision: Averaged;
  /** Rows ranked by the probability of each class: what curves are drawn from. */
  readonly rankings: readonly Ranking[];
}

/** More pairs of classes than these are not compared one by one: the mean over classes says the same in less time. */
const mostClassesInPairs = 100;
const notMeasured: Averaged = { each: new Float64Array(), macro: NaN, weighted: NaN };

/** `predicted` are the classes of the largest probabilities. The seed fixes the intervals. */
export function scoreModel(judged: Judged, predicted: Int32Array, seed: number): EvaluationScores {
  const { truth, classes } = judged;
  const labels = classificationScores(truth, predicted, classes);
  const rankings = rankEachClass(judged);
  return {
    labels,
    intervals: scoreIntervals({ truth, predicted, classes }, seed),
    matthews: matthewsCorrelation(labels.confusion, classes),
    kappa: cohenKappa(labels.confusion, classes),
    logLoss: logLoss(judged),
    brier: brierScore(judged),
    calibrationError: calibrationError(judged),
    oneVsRest: rocAucOneVsRest(rankings),
    oneVsOne: classes > mostClassesInPairs ? notMeasured : rocAucOneVsOne(judged),
    averagePrecision: averagePrecisionByClass(rankings),
    rankings,
  };
}
