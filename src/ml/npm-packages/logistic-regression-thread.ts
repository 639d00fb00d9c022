import type { FullRows } from './full-rows.ts';
import type { ThreadBody } from './own-thread.ts';

export interface LogisticTask extends FullRows {
  /** The file that the package begins with. */
  readonly path: string;
  readonly classes: readonly string[];
  readonly numSteps: number;
  readonly learningRate: number;
}

/** Of ml-matrix, what is used here. */
interface Matrix {
  mmul(other: Matrix): Matrix;
  transpose(): Matrix;
  to1DArray(): number[];
}
interface MatrixClass {
  readonly Matrix: {
    from1DArray(rows: number, columns: number, values: ArrayLike<number>): Matrix;
    columnVector(values: ArrayLike<number>): Matrix;
  };
}
type Regression = new (options: { numSteps: number; learningRate: number }) => {
  readonly classifiers: readonly { readonly weights: Matrix }[];
  train(x: Matrix, y: Matrix): void;
};

/** Trains by ml-logistic-regression; gives the weights of each class's model, [classes, columns] by rows. */
export const trainLogisticRegression: ThreadBody<LogisticTask, Float64Array> = (task, { require, tell }) => {
  const { rows, columns, values, y, path, classes, numSteps, learningRate } = task;
  const { createRequire } = process.getBuiltinModule('node:module');
  const LogisticRegression = require(path) as Regression;
  const { Matrix } = createRequire(path)('ml-matrix') as MatrixClass;
  const x = Matrix.from1DArray(rows, columns, values);
  // Each step multiplies its errors by the transposed rows: the one place where they can be counted, and need not be transposed anew.
  const turned = x.transpose();
  const multiply = turned.mmul.bind(turned);
  const total = numSteps * classes.length;
  const every = Math.max(1, Math.floor(numSteps / 20));
  let step = 0;
  turned.mmul = (errors) => {
    step++;
    if (step % every === 0 || step === total) {
      const part = classes[Math.floor((step - 1) / numSteps)] ?? '';
      const value = errors.to1DArray().reduce((sum, error) => sum + Math.abs(error), 0) / rows;
      tell({ iteration: step, total, value, measure: 'mean error', part });
    }
    return multiply(errors);
  };
  x.transpose = () => turned;
  const model = new LogisticRegression({ numSteps, learningRate });
  model.train(x, Matrix.columnVector(Array.from(y)));
  return Float64Array.from(model.classifiers.flatMap(({ weights }) => weights.to1DArray()));
};
