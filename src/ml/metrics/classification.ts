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

/** Three ways of being right, of one class or of several together. */
interface Scores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

interface ClassScores extends Scores {
  /** Rows of the class. */
  readonly support: number;
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Precision, recall and F1 of each class. A ratio over nothing is 0, as scikit-learn's `zero_division=0`. */
function scoresByClass(confusion: Int32Array, classes: number): (ClassScores & { readonly predicted: number })[] {
  return Array.from({ length: classes }, (_, c) => {
    const hits = confusion[c * classes + c] ?? 0;
    let support = 0;
    let predicted = 0;
    for (let other = 0; other < classes; other++) {
      support += confusion[c * classes + other] ?? 0;
      predicted += confusion[other * classes + c] ?? 0;
    }
    return {
      precision: ratio(hits, predicted),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, support + predicted),
      support,
      predicted,
    };
  });
}

export interface ClassificationScores {
  readonly accuracy: number;
  /** Mean of the classes' F1. Classes that neither occur nor are predicted do not count. */
  readonly macroF1: number;
  readonly classes: readonly ClassScores[];
  readonly confusion: Int32Array;
  /** Plain mean over the classes that occur or are predicted. */
  readonly macro: Scores;
  /** Over all rows together; where each row has one label, all three are the accuracy. */
  readonly micro: Scores;
  /** Mean over the classes, each counted as often as it has rows. */
  readonly weighted: Scores;
}

/** Everything that follows from truth and predictions, given as class numbers. */
export const classificationScores = (truth: Int32Array, predicted: Int32Array, classes: number): ClassificationScores =>
  scoresOfConfusion(confusionMatrix(truth, predicted, classes), classes);

/** As `classificationScores`, from the counts alone. */
export function scoresOfConfusion(confusion: Int32Array, classes: number): ClassificationScores {
  const byClass = scoresByClass(confusion, classes);
  let hits = 0;
  for (let c = 0; c < classes; c++) hits += confusion[c * classes + c] ?? 0;
  const accuracy = ratio(
    hits,
    confusion.reduce((sum, count) => sum + count, 0),
  );
  const met = byClass.filter(({ support, predicted }) => support + predicted > 0);
  const macro = mean(met, () => 1);
  return {
    accuracy,
    macroF1: macro.f1,
    classes: byClass.map(({ precision, recall, f1, support }) => ({ precision, recall, f1, support })),
    confusion,
    macro,
    micro: { precision: accuracy, recall: accuracy, f1: accuracy },
    weighted: mean(byClass, ({ support }) => support),
  };
}

function mean(classes: readonly ClassScores[], weightOf: (scores: ClassScores) => number): Scores {
  const total = classes.reduce((sum, scores) => sum + weightOf(scores), 0);
  const of = (pick: (scores: ClassScores) => number): number =>
    ratio(
      classes.reduce((sum, scores) => sum + weightOf(scores) * pick(scores), 0),
      total,
    );
  return { precision: of((s) => s.precision), recall: of((s) => s.recall), f1: of((s) => s.f1) };
}

export const accuracyOf = (truth: Int32Array, predicted: Int32Array): number =>
  truth.length === 0 ? 0 : truth.reduce((hits, c, row) => hits + (c === predicted[row] ? 1 : 0), 0) / truth.length;

export const macroF1Of = (truth: Int32Array, predicted: Int32Array, classes: number): number =>
  classificationScores(truth, predicted, classes).macroF1;
