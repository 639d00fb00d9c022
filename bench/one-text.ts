// One text through a model of LightGBM: in TypeScript, and by the library called from Node.
import { failureMessage } from '../src/core/failure.ts';
import type { Result } from '../src/core/result.ts';
import { openEngine } from '../src/ml/engines/open-engine.ts';
import { selectRows } from '../src/ml/sparse/csr.ts';
import type { CsrMatrix } from '../src/ml/sparse/csr.ts';
import { readTreeModel } from '../src/ml/trees/foreign-model.ts';
import { median } from './alternate.ts';

function need<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

const createBooster = 'int LGBM_BoosterCreateFromModelfile(const char *file, _Out_ int *iterations, _Out_ void **out)';
const predictRow =
  'int LGBM_BoosterPredictForCSRSingleRow(void *handle, const void *indptr, int indptr_type, const void *indices, const void *data, int data_type, int64_t nindptr, int64_t nelem, int64_t num_col, int predict_type, int start_iteration, int num_iteration, const char *parameter, _Out_ int64_t *out_len, void *out_result)';

/** Median microseconds of either way, row after row in turns, and how far their probabilities are apart. */
export async function oneText(file: string, classes: readonly string[], x: CsrMatrix) {
  const model = need(await readTreeModel(file, classes));
  const engine = need(await openEngine('lightgbm'));
  const out: unknown[] = [null];
  engine.func(createBooster)(file, [null], out);
  const predict = engine.func(predictRow);
  const probabilities = new Float64Array(classes.length);
  const times = { ours: [] as number[], library: [] as number[] };
  let apart = 0;
  for (let row = 0; row < Math.min(x.rows, 2000); row++) {
    const own = selectRows(x, Int32Array.of(row));
    const start = performance.now();
    const found = model.probabilities(own);
    const middle = performance.now();
    const { indptr, indices, values } = own;
    const sizes = [2, values.length, x.columns];
    predict(out[0], indptr, 2, indices, values, 1, ...sizes, 0, 0, -1, 'num_threads=1', [null], probabilities);
    const end = performance.now();
    found.forEach((p, c) => (apart = Math.max(apart, Math.abs(p - (probabilities[c] ?? NaN)))));
    if (row < 200) continue;
    times.ours.push(middle - start);
    times.library.push(end - middle);
  }
  return { ours: median(times.ours) * 1000, library: median(times.library) * 1000, apart };
}
