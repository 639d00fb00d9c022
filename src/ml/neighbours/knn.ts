import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { algorithm } from '../algorithm.ts';
import type { ClassWeight } from '../class-weight.ts';
import type { FitControl, FittedClassifier, TrainingSet } from '../estimator.ts';
import { oneOf, whole } from '../fields.ts';
import { classWeightField } from '../hyperparameters.ts';
import { arrayOf } from '../io/parts.ts';
import type { Parts } from '../io/parts.ts';
import { csrProblem, selectRows } from '../sparse/csr.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { weighRows } from '../weighted-rows.ts';
import { eachNeighbours, indexRows, unitRows } from './nearest.ts';
import type { Metric, NeighbourIndex } from './nearest.ts';

const name = 'knn';
type Known = Pick<FittedClassifier, 'algorithm' | 'classes' | 'metrics'>;

interface KnnParams {
  readonly neighbours: number;
  readonly metric: Metric;
  readonly weighting: 'uniform' | 'distance';
  readonly classWeight: ClassWeight;
}

interface KnnModel extends Omit<KnnParams, 'classWeight'> {
  readonly index: NeighbourIndex;
  readonly y: Int32Array;
  /** Above 0: what the vote of each training row counts. */
  readonly votes: Float64Array;
}

const metrics = ['cosine', 'euclidean'] as const;
const weightings = ['uniform', 'distance'] as const;

/** The classes of the nearest training rows, as scikit-learn's KNeighborsClassifier; weights of rows and classes weigh votes. */
export const knnAlgorithm = algorithm(
  name,
  {
    n_neighbors: whole({ min: 1, max: 100_000 }, 5),
    metric: oneOf(metrics, 'cosine'),
    weights: oneOf(weightings, 'uniform'),
    class_weight: classWeightField,
  },
  ({ n_neighbors: neighbours, metric, weights: weighting, class_weight: classWeight }) => {
    const params = { neighbours, metric, weighting, classWeight };
    return { algorithm: name, params, fit: (data, control) => Promise.resolve(fit(params, data, control)) };
  },
);

function fit(params: KnnParams, data: TrainingSet, control: FitControl = {}): Result<FittedClassifier> {
  const weighed = weighRows(params.classWeight, data);
  if (!weighed.ok) return weighed;
  control.onProgress?.({ iteration: 1, total: 1, value: 0 });
  if (control.cancelled?.() === true) return err(failure('fit-cancelled', { algorithm: name }));
  const kept = Int32Array.from(data.y.keys()).filter((row) => (weighed.value.weights[row] ?? 0) > 0);
  if (kept.length < params.neighbours) {
    const problem = `${params.neighbours} neighbours (n_neighbors) cannot be found in ${kept.length} rows`;
    return err(failure('training-data-invalid', { problem }));
  }
  const { neighbours, metric, weighting } = params;
  const rows = selectRows(data.x, kept);
  const index = indexRows(metric, metric === 'cosine' ? unitRows(rows) : rows);
  const y = kept.map((row) => data.y[row] ?? 0);
  const votes = Float64Array.from(kept, (row) => weighed.value.weights[row] ?? 0);
  const known = { algorithm: name, classes: data.classes, metrics: {} };
  return ok(knnClassifier(known, { neighbours, metric, weighting, index, y, votes }));
}

const knnClassifier = (known: Known, model: KnnModel): FittedClassifier => ({
  ...known,
  columns: model.index.rows.columns,
  probabilities: (x) => probabilities(model, x, known.classes.length),
  columnScores: () => null,
  toParts: () => {
    const { neighbours, metric, weighting, index, y, votes } = model;
    const { columns, indptr, indices, values } = index.rows;
    return {
      meta: { kind: 'neighbours', columns, neighbours, metric, weighting },
      arrays: { indptr, indices, values, y, votes },
    };
  },
});

/** Shares of the votes. By distance a vote counts 1 / distance; where neighbours lie at 0, they alone vote. */
function probabilities({ index, neighbours, weighting, y, votes }: KnnModel, x: CsrMatrix, classes: number) {
  const out = new Float64Array(x.rows * classes);
  eachNeighbours(index, x, neighbours, (query, rows, distances) => {
    const own = out.subarray(query * classes, (query + 1) * classes);
    const isHit = distances[0] === 0;
    let sum = 0;
    for (let i = 0; i < neighbours; i++) {
      const row = rows[i] ?? 0;
      const distance = distances[i] ?? 0;
      const near = isHit ? Number(distance === 0) : 1 / distance;
      const vote = (votes[row] ?? 0) * (weighting === 'uniform' ? 1 : near);
      own[y[row] ?? 0] = (own[y[row] ?? 0] ?? 0) + vote;
      sum += vote;
    }
    for (let c = 0; c < classes; c++) own[c] = (own[c] ?? 0) / sum;
  });
  return out;
}

/** Reads back what `toParts` gave; a text says what is wrong with it. */
export function neighboursFromParts({ meta, arrays }: Parts, known: Known): FittedClassifier | string {
  const { columns, neighbours } = meta;
  const isCount = (n: unknown): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0;
  const metric = metrics.find((one) => one === meta['metric']);
  const weighting = weightings.find((one) => one === meta['weighting']);
  if (!isCount(columns) || columns > 2 ** 31 || !isCount(neighbours)) return 'its counts are broken';
  if (metric === undefined || weighting === undefined) return 'its metric or weighting is not known';
  const indptr = arrayOf(arrays, 'indptr', 'i32');
  const indices = arrayOf(arrays, 'indices', 'i32');
  const values = arrayOf(arrays, 'values', 'f64');
  const y = arrayOf(arrays, 'y', 'i32');
  const votes = arrayOf(arrays, 'votes', 'f64');
  if (indptr === undefined || indices === undefined || values === undefined) return 'its rows are missing';
  if (y === undefined || y.length !== votes?.length) return 'its labels and votes do not match';
  const rows = { rows: y.length, columns, indptr, indices, values };
  const problem = csrProblem(rows);
  if (problem !== undefined) return problem;
  if (!values.every((value) => Math.abs(value) <= 1e100)) return 'a number of its rows is absurdly large';
  if (!y.every((c) => c >= 0 && c < known.classes.length)) return 'a label number is not one of its classes';
  if (!votes.every((vote) => vote > 0 && vote <= 1e100)) return 'a vote is not above 0 and finite';
  if (neighbours < 1 || neighbours > y.length) return 'it has fewer rows than neighbours';
  return knnClassifier(known, { neighbours, metric, weighting, index: indexRows(metric, rows), y, votes });
}
