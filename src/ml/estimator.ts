import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import type { JsonObject } from '../core/json.ts';
import type { Result } from '../core/result.ts';
import type { Parts } from './io/parts.ts';
import { csrProblem } from './sparse/csr.ts';
import type { CsrMatrix, ValuesAllowed } from './sparse/csr.ts';

/** Labelled rows: row i of `x` belongs to class `y[i]`, an index into `classes`. */
export interface TrainingSet {
  readonly x: CsrMatrix;
  readonly y: Int32Array;
  /** Distinct names; every one of them occurs in `y`. */
  readonly classes: readonly string[];
  /** One a row, not negative; a weight of 2 is the row standing there twice. */
  readonly rowWeights?: Float64Array;
}

export interface FitProgress {
  readonly iteration: number;
  /** Iterations there will be at most, over all parts where they are counted on. */
  readonly total?: number;
  /** The objective, or what the algorithm's stopping rule looks at. */
  readonly value: number;
  /** What `value` is, for people. */
  readonly measure?: string;
  /** Part of the work this is of, such as a class. */
  readonly part?: string;
}

/** How a caller follows a fit and ends it. */
export interface FitControl {
  onProgress?(progress: FitProgress): void;
  /** Asked between iterations. */
  cancelled?(): boolean;
}

/** Parameters given at construction. Fitting gives a value of another type, so that an unfitted model cannot predict. */
export interface Estimator {
  readonly algorithm: string;
  readonly params: JsonObject;
  /** Asynchronous because some algorithms work in threads. The same parameters, seed and rows give the same model. */
  fit(data: TrainingSet, control?: FitControl): Promise<Result<FittedClassifier>>;
}

/** A model that has learned. */
export interface FittedClassifier {
  readonly algorithm: string;
  readonly classes: readonly string[];
  /** Columns it was fitted on. */
  readonly columns: number;
  /** Known when it was fitted, such as held-out accuracy. */
  readonly metrics: Readonly<Record<string, number>>;
  /** [x.rows, classes] by rows; each row sums to 1, and its largest is the prediction. */
  probabilities(x: CsrMatrix): Float64Array;
  /** Score of each column for each class, [columns, classes] by rows; null where the algorithm has none. */
  columnScores(): Float64Array | null;
  /** All that a model package keeps; `classifierFromParts` is its inverse. */
  toParts(): Parts;
}

/** Reads back a fitted classifier; a text says what is wrong with its parts. `read` is for models inside of it, and missing where they would be nested too deep. */
export type ClassifierReader = (
  parts: Parts,
  known: Pick<FittedClassifier, 'algorithm' | 'classes' | 'metrics'>,
  read?: ClassifierReader,
) => FittedClassifier | string;

/** Checked by every estimator before it works: shapes, label numbers, weights, finite values, rows of each class. */
export function trainingProblem(data: TrainingSet, allowed?: ValuesAllowed): Failure | undefined {
  const invalid = (problem: string): Failure => failure('training-data-invalid', { problem });
  const problem = csrProblem(data.x, allowed);
  if (problem !== undefined) return invalid(problem);
  if (data.y.length !== data.x.rows) return invalid(`${data.y.length} labels for ${data.x.rows} rows`);
  if (data.rowWeights !== undefined && data.rowWeights.length !== data.x.rows) {
    return invalid(`${data.rowWeights.length} weights for ${data.x.rows} rows`);
  }
  if (data.rowWeights?.some((weight) => !(weight >= 0 && Number.isFinite(weight))) === true) {
    return invalid('a row weight is negative or not finite');
  }
  if (data.classes.length < 2) return failure('single-class', { file: 'the training data', labels: data.classes });
  const rowsOf = new Int32Array(data.classes.length);
  for (const label of data.y) {
    if (label < 0 || label >= rowsOf.length) return invalid(`label number ${label} of ${rowsOf.length} classes`);
    rowsOf[label] = (rowsOf[label] ?? 0) + 1;
  }
  const empty = rowsOf.indexOf(0);
  return empty < 0 ? undefined : invalid(`no row has the label "${data.classes[empty] ?? ''}"`);
}

/** Index of the largest number of each row of a [rows, columns] matrix; of equal ones the first. */
export function largestOfRows(values: Float64Array, columns: number): Int32Array {
  const rows = values.length / columns;
  const largest = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    let best = 0;
    for (let c = 1; c < columns; c++) {
      if ((values[row * columns + c] ?? 0) > (values[row * columns + best] ?? 0)) best = c;
    }
    largest[row] = best;
  }
  return largest;
}
