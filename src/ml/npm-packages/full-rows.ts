import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { described } from '../fields.ts';
import type { TrainingSet } from '../estimator.ts';
import { weighRows } from '../weighted-rows.ts';

/** Rows with all their columns, as packages without sparse matrices want them. */
export interface FullRows {
  readonly rows: number;
  readonly columns: number;
  /** [rows, columns] by rows. */
  readonly values: Float64Array;
  readonly y: Int32Array;
}

/** The packages know no weights. */
export const noClassWeight = described<null>({ enum: ['none', null], default: null }, (given) =>
  given === undefined || given === null || given === 'none'
    ? { value: null }
    : { problem: `must be null: the npm package knows no weights, and ${JSON.stringify(given)} would not count` },
);

/** How often each row is to stand there. A row of weight 2 is the row standing there twice, so that whole weights can be had where there are none. */
export function timesOfRows(data: TrainingSet, name: string): Result<Int32Array> {
  const weighed = weighRows('none', data);
  if (!weighed.ok) return weighed;
  const { weights } = weighed.value;
  if (weights.every((weight) => Number.isInteger(weight))) return ok(Int32Array.from(weights));
  const problem = `${name} knows no weights of rows; whole numbers can be had, by repeating rows`;
  return err(failure('training-data-invalid', { problem }));
}

export const rowsOf = (times: Int32Array): number => times.reduce((sum, own) => sum + own, 0);

/** The rows, each as often as it is to stand there. */
export function fullRows({ x, y }: TrainingSet, times: Int32Array): FullRows {
  const rows = rowsOf(times);
  const values = new Float64Array(rows * x.columns);
  const labels = new Int32Array(rows);
  let row = 0;
  times.forEach((own, from) => {
    const [start, end] = [x.indptr[from] ?? 0, x.indptr[from + 1] ?? 0];
    for (let time = 0; time < own; time++, row++) {
      labels[row] = y[from] ?? 0;
      for (let at = start; at < end; at++) values[row * x.columns + (x.indices[at] ?? 0)] = x.values[at] ?? 0;
    }
  });
  return { rows, columns: x.columns, values, y: labels };
}
