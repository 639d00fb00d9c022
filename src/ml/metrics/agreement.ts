/** Sums of a confusion matrix: rows of each class, predictions of each class, and all. */
function margins(
  confusion: Int32Array,
  classes: number,
): { truth: Float64Array; predicted: Float64Array; all: number } {
  const truth = new Float64Array(classes);
  const predicted = new Float64Array(classes);
  let all = 0;
  for (let at = 0; at < confusion.length; at++) {
    const count = confusion[at] ?? 0;
    const row = Math.floor(at / classes);
    const column = at % classes;
    truth[row] = (truth[row] ?? 0) + count;
    predicted[column] = (predicted[column] ?? 0) + count;
    all += count;
  }
  return { truth, predicted, all };
}

/**
 * Matthews correlation coefficient for any number of classes (Gorodkin 2004), from a [truth, prediction] confusion matrix: 1 is
 * perfect, 0 no better than chance. 0 where truth or predictions know one class alone, as scikit-learn has it.
 */
export function matthewsCorrelation(confusion: Int32Array, classes: number): number {
  const { truth, predicted, all } = margins(confusion, classes);
  let hits = 0;
  let together = 0;
  let truthSquares = 0;
  let predictedSquares = 0;
  for (let c = 0; c < classes; c++) {
    const t = truth[c] ?? 0;
    const p = predicted[c] ?? 0;
    hits += confusion[c * classes + c] ?? 0;
    together += t * p;
    truthSquares += t * t;
    predictedSquares += p * p;
  }
  const product = (all * all - predictedSquares) * (all * all - truthSquares);
  return product === 0 ? 0 : (hits * all - together) / Math.sqrt(product);
}

/** How far two classes are apart: all equally, or by the distance of their numbers where the order of classes means something. */
export type KappaWeights = 'none' | 'linear' | 'quadratic';

const apart: Readonly<Record<KappaWeights, (a: number, b: number) => number>> = {
  none: (a, b) => (a === b ? 0 : 1),
  linear: (a, b) => Math.abs(a - b),
  quadratic: (a, b) => (a - b) ** 2,
};

/**
 * Cohen's kappa (1960; weighted 1968) of a [truth, prediction] confusion matrix: 1 - disagreement / disagreement by chance. 0 where
 * chance alone cannot disagree, because both know one class and the same.
 */
export function cohenKappa(confusion: Int32Array, classes: number, weights: KappaWeights = 'none'): number {
  const { truth, predicted, all } = margins(confusion, classes);
  const distance = apart[weights];
  let observed = 0;
  let expected = 0;
  for (let t = 0; t < classes; t++) {
    for (let p = 0; p < classes; p++) {
      const weight = distance(t, p);
      observed += weight * (confusion[t * classes + p] ?? 0);
      expected += (weight * (truth[t] ?? 0) * (predicted[p] ?? 0)) / all;
    }
  }
  return expected > 0 ? 1 - observed / expected : 0;
}
