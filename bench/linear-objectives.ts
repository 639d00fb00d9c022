import type { CsrMatrix } from '../src/ml/sparse/csr.ts';

/** Rows, labels, and weights [columns, classes] by rows, followed by the intercepts. */
interface Weighed {
  readonly x: CsrMatrix;
  readonly y: Int32Array;
  readonly classes: number;
  readonly weights: Float64Array;
}

/** What LinearSVC minimises with C = 1: of each class against the rest 1/2 |w|^2 with its intercept, and the squares of the hinge losses. */
export function svmObjective(model: Weighed): number {
  let sum = 0;
  for (const weight of model.weights) sum += weight ** 2 / 2;
  eachScores(model, (scores, label) => {
    for (const [k, score] of scores.entries()) sum += Math.max(0, 1 - (k === label ? score : -score)) ** 2;
  });
  return sum;
}

/** What LogisticRegression minimises with C = 1: 1/2 |w|^2 without the intercepts, and the log losses. */
export function logisticObjective(model: Weighed): number {
  let sum = 0;
  for (const weight of model.weights.subarray(0, model.x.columns * model.classes)) sum += weight ** 2 / 2;
  eachScores(model, (scores, label) => {
    const largest = Math.max(...scores);
    const powers = scores.reduce((total, score) => total + Math.exp(score - largest), 0);
    sum += largest + Math.log(powers) - (scores[label] ?? 0);
  });
  return sum;
}

function eachScores({ x, y, classes, weights }: Weighed, visit: (scores: number[], label: number) => void): void {
  for (let row = 0; row < x.rows; row++) {
    const scores = Array.from(weights.subarray(x.columns * classes));
    for (let at = x.indptr[row] ?? 0; at < (x.indptr[row + 1] ?? 0); at++) {
      const from = (x.indices[at] ?? 0) * classes;
      for (let k = 0; k < classes; k++) scores[k]! += (x.values[at] ?? 0) * (weights[from + k] ?? 0);
    }
    visit(scores, y[row] ?? 0);
  }
}
