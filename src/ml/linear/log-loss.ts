import type { CsrMatrix } from '../sparse/csr.ts';
import type { Objective } from './lbfgs.ts';
import { outputsOf } from './linear-classifier.ts';

/** Rows whose labels a linear model is to make likely. */
export interface LogLossProblem {
  readonly x: CsrMatrix;
  readonly y: Int32Array;
  readonly classes: number;
  readonly rowWeights: Float64Array;
}

/**
 * Weighted mean log loss of the softmax plus penalty |w|^2 / 2, of weights [columns, outputs] by rows, followed by the intercepts, which the penalty spares.
 * Scores, loss and gradient of a row come in one visit, while its entries are at hand; `total` is the sum of the weights of rows.
 */
export function logLoss(problem: LogLossProblem, total: number, penalty: number): Objective {
  const outputs = outputsOf(problem.classes);
  const size = problem.x.columns * outputs;
  const { rowWeights } = problem;
  const shares = rowWeights.map((weight) => weight / total);
  const visit = outputs === 1 ? visitRowsOfTwo : outputs === 3 ? visitRowsOfThree : visitRows;
  return (at, gradient) => {
    gradient.fill(0);
    const loss = visit({ ...problem, rowWeights: shares }, at, gradient);
    let square = 0;
    for (let i = 0; i < size; i++) {
      const weight = at[i] ?? 0;
      square += weight * weight;
      gradient[i] = (gradient[i] ?? 0) + penalty * weight;
    }
    return loss + (penalty * square) / 2;
  };
}

/**
 * About the second derivative by each number at 0, where every class has its share of the rows: p (1 - p) sum share x^2 + penalty. Words differ in frequency by
 * thousands, and so do these; steps divided by them need a quarter of the iterations. All outputs of a column get the mean over the classes: so the outputs'
 * steps go on to sum to 0, and with them the intercepts, which the loss alone leaves open.
 */
export function curvatures(
  { x, y, classes, rowWeights }: LogLossProblem,
  total: number,
  penalty: number,
): Float64Array {
  const outputs = outputsOf(classes);
  const squares = new Float64Array(x.columns + 1);
  const classShares = new Float64Array(classes);
  for (let row = 0; row < x.rows; row++) {
    const share = (rowWeights[row] ?? 0) / total;
    const label = y[row] ?? 0;
    classShares[label] = (classShares[label] ?? 0) + share;
    squares[x.columns] = (squares[x.columns] ?? 0) + share;
    const end = x.indptr[row + 1] ?? 0;
    for (let at = x.indptr[row] ?? 0; at < end; at++) {
      const column = x.indices[at] ?? 0;
      squares[column] = (squares[column] ?? 0) + share * (x.values[at] ?? 0) ** 2;
    }
  }
  const variance = classShares.reduce((sum, p) => sum + p * (1 - p), 0) / classes;
  const out = new Float64Array((x.columns + 1) * outputs);
  for (let column = 0; column <= x.columns; column++) {
    const curvature = variance * (squares[column] ?? 0) + (column < x.columns ? penalty : 0);
    // Without penalty a column of zeros has none.
    out.fill(curvature > 0 ? curvature : 1, column * outputs, (column + 1) * outputs);
  }
  return out;
}

/** For any number of outputs. Gives the loss, and adds its gradient; `rowWeights` sum to 1. */
function visitRows(
  { x, y, classes, rowWeights }: LogLossProblem,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  const { indptr, indices, values } = x;
  const outputs = outputsOf(classes);
  const size = x.columns * outputs;
  const scores = new Float64Array(outputs);
  let loss = 0;
  for (let row = 0; row < x.rows; row++) {
    const start = indptr[row] ?? 0;
    const end = indptr[row + 1] ?? 0;
    for (let k = 0; k < outputs; k++) scores[k] = weights[size + k] ?? 0;
    for (let at = start; at < end; at++) {
      const value = values[at] ?? 0;
      const from = (indices[at] ?? 0) * outputs;
      for (let k = 0; k < outputs; k++) scores[k] = (scores[k] ?? 0) + value * (weights[from + k] ?? 0);
    }
    const share = rowWeights[row] ?? 0;
    loss += share * lossOf(scores, y[row] ?? 0);
    for (let k = 0; k < outputs; k++) {
      const residual = share * (scores[k] ?? 0);
      scores[k] = residual;
      gradient[size + k] = (gradient[size + k] ?? 0) + residual;
    }
    for (let at = start; at < end; at++) {
      const value = values[at] ?? 0;
      const to = (indices[at] ?? 0) * outputs;
      for (let k = 0; k < outputs; k++) gradient[to + k] = (gradient[to + k] ?? 0) + value * (scores[k] ?? 0);
    }
  }
  return loss;
}

/** Log loss of one row; its scores become probability minus target. */
function lossOf(scores: Float64Array, target: number): number {
  let largest = -Infinity;
  for (const score of scores) largest = Math.max(largest, score);
  const own = scores[target] ?? 0;
  let sum = 0;
  for (let k = 0; k < scores.length; k++) {
    const power = Math.exp((scores[k] ?? 0) - largest);
    scores[k] = power;
    sum += power;
  }
  for (let k = 0; k < scores.length; k++) scores[k] = (scores[k] ?? 0) / sum - (k === target ? 1 : 0);
  return largest + Math.log(sum) - own;
}

/** Two classes: one score, of the second against the first's 0. */
function visitRowsOfTwo({ x, y, rowWeights }: LogLossProblem, weights: Float64Array, gradient: Float64Array): number {
  const { indptr, indices, values, columns } = x;
  const intercept = weights[columns] ?? 0;
  let ofIntercept = 0;
  let loss = 0;
  for (let row = 0; row < x.rows; row++) {
    const start = indptr[row] ?? 0;
    const end = indptr[row + 1] ?? 0;
    let score = intercept;
    for (let at = start; at < end; at++) score += (values[at] ?? 0) * (weights[indices[at] ?? 0] ?? 0);
    const share = rowWeights[row] ?? 0;
    const target = y[row] ?? 0;
    const power = Math.exp(-Math.abs(score));
    loss += share * (Math.max(score, 0) + Math.log1p(power) - target * score);
    const residual = share * ((score > 0 ? 1 : power) / (1 + power) - target);
    ofIntercept += residual;
    for (let at = start; at < end; at++) {
      const column = indices[at] ?? 0;
      gradient[column] = (gradient[column] ?? 0) + (values[at] ?? 0) * residual;
    }
  }
  gradient[columns] = (gradient[columns] ?? 0) + ofIntercept;
  return loss;
}

/** As `visitRows` for three outputs, with numbers of their own in place of its inner loops: a third of the time. */
function visitRowsOfThree({ x, y, rowWeights }: LogLossProblem, weights: Float64Array, gradient: Float64Array): number {
  const { indptr, indices, values } = x;
  const size = x.columns * 3;
  let loss = 0;
  for (let row = 0; row < x.rows; row++) {
    const start = indptr[row] ?? 0;
    const end = indptr[row + 1] ?? 0;
    let a = weights[size] ?? 0;
    let b = weights[size + 1] ?? 0;
    let c = weights[size + 2] ?? 0;
    for (let at = start; at < end; at++) {
      const value = values[at] ?? 0;
      const from = (indices[at] ?? 0) * 3;
      a += value * (weights[from] ?? 0);
      b += value * (weights[from + 1] ?? 0);
      c += value * (weights[from + 2] ?? 0);
    }
    const share = rowWeights[row] ?? 0;
    const target = y[row] ?? 0;
    const largest = Math.max(a, b, c);
    const own = target === 0 ? a : target === 1 ? b : c;
    a = Math.exp(a - largest);
    b = Math.exp(b - largest);
    c = Math.exp(c - largest);
    const sum = a + b + c;
    loss += share * (largest + Math.log(sum) - own);
    a = share * (a / sum - (target === 0 ? 1 : 0));
    b = share * (b / sum - (target === 1 ? 1 : 0));
    c = share * (c / sum - (target === 2 ? 1 : 0));
    gradient[size] = (gradient[size] ?? 0) + a;
    gradient[size + 1] = (gradient[size + 1] ?? 0) + b;
    gradient[size + 2] = (gradient[size + 2] ?? 0) + c;
    for (let at = start; at < end; at++) {
      const value = values[at] ?? 0;
      const to = (indices[at] ?? 0) * 3;
      gradient[to] = (gradient[to] ?? 0) + value * a;
      gradient[to + 1] = (gradient[to + 1] ?? 0) + value * b;
      gradient[to + 2] = (gradient[to + 2] ?? 0) + value * c;
    }
  }
  return loss;
}
