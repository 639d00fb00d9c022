import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { Split } from './split.ts';

export interface TimeSplitOptions {
  readonly splits: number;
  /** Rows of each test part; rows / (splits + 1) where it is not given. */
  readonly testRows?: number;
  /** Rows left out between a training part and its test part. 0 where it is not given. */
  readonly gap?: number;
  /** At most the last so many rows train; all of them where it is not given. */
  readonly mostTrainRows?: number;
}

/**
 * Splits of rows in order of time: each trains on what was before and is tested on what came next, the test parts one behind the other up
 * to the last row. Those of scikit-learn's TimeSeriesSplit.
 */
export function timeSplits(rows: number, options: TimeSplitOptions): Result<Split[]> {
  const { splits, gap = 0, mostTrainRows = rows } = options;
  const testRows = options.testRows ?? Math.floor(rows / (splits + 1));
  if (testRows < 1 || rows - gap - testRows * splits <= 0) {
    const problem = `${rows} rows are too few for ${splits} splits in time with ${testRows} test rows and a gap of ${gap}`;
    return err(failure('training-data-invalid', { problem }));
  }
  return ok(
    Array.from({ length: splits }, (_, at) => {
      const start = rows - (splits - at) * testRows;
      const end = start - gap;
      return { train: range(Math.max(0, end - mostTrainRows), end), test: range(start, start + testRows) };
    }),
  );
}

const range = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);
