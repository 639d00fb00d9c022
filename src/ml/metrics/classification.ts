/** Entry [truth * classes + prediction] counts rows. */
function confusionMatrix(truth: Int32Array, predicted: Int32Array, classes: number): Int32Array {
  if (truth.length !== predicted.length) throw new Error(`${truth.length} labels meet ${predicted.length} predictions`);
  const counts = new Int32Array(classes * classes);
  for (let row = 0; row < truth.length; row++) {
    const at = (truth[row] ?? 0) * classes + (predicted[row] ?? 0);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Rows of the class. */
  readonly support: number;
}

/** Precision, recall and F1 of each class. A ratio over nothing is 0, as scikit-learn's `zero_division=0`. */
function scoresByClass(confusion: Int32Array, classes: number): ClassScores[] {
  return Array.from({ length: classes }, (_, c) => {
    const hits = confusion[c * classes + c] ?? 0;
    let support = 0;
    let predicted = 0;
    for (let other = 0; other < classes; other++) {
      support += confusion[c * classes + other] ?? 0;
      predicted += confusion[other * classes + c] ?? 0;
    }
    const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
    return {
      precision: ratio(hits, predicted),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, support + predicted),
      support,
    };
  });
}

export interface ClassificationScores {
  readonly accuracy: number;
  /** Mean of the classes' F1. Classes that neither occur nor are predicted do not count. */
  readonly macroF1: number;
  readonly classes: readonly ClassScores[];
  readonly confusion: Int32Array;
}

/** Everything that follows from truth and predictions, given as class numbers. */
export function classificationScores(truth: Int32Array, predicted: Int32Array, classes: number): ClassificationScores {
  const confusion = confusionMatrix(truth, predicted, classes);
  const byClass = scoresByClass(confusion, classes);
  let hits = 0;
  for (let c = 0; c < classes; c++) hits += confusion[c * classes + c] ?? 0;
  const met = byClass.filter((scores, c) => scores.support > 0 || predicted.includes(c));
  return {
    accuracy: truth.length === 0 ? 0 : hits / truth.length,
    macroF1: met.reduce((sum, scores) => sum + scores.f1, 0) / Math.max(met.length, 1),
    classes: byClass,
    confusion,
  };
}

export const accuracyOf = (truth: Int32Array, predicted: Int32Array): number =>
  truth.length === 0 ? 0 : truth.reduce((hits, c, row) => hits + (c === predicted[row] ? 1 : 0), 0) / truth.length;

export const macroF1Of = (truth: Int32Array, predicted: Int32Array, classes: number): number =>
  classificationScores(truth, predicted, classes).macroF1;
