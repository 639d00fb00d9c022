import { failure } from '../../core/failure.ts';
import { err, ok } from '../../core/result.ts';
import { seededRandom } from '../../core/random.ts';
import { algorithm } from '../algorithm.ts';
import { weighRows } from '../weighted-rows.ts';
import type { FittedClassifier } from '../estimator.ts';
import { largestOfRows } from '../estimator.ts';
import { oneOf } from '../fields.ts';
import { classWeightField, seedField } from '../hyperparameters.ts';
import { arrayOf } from '../io/parts.ts';
import type { Parts } from '../io/parts.ts';

const name = 'dummy';
const strategies = ['prior', 'most_frequent', 'stratified', 'uniform'] as const;
type Strategy = (typeof strategies)[number];
type Known = Pick<FittedClassifier, 'algorithm' | 'classes' | 'metrics'>;

interface DummyModel {
  readonly strategy: Strategy;
  readonly seed: number;
  readonly columns: number;
  /** Share of each class; they sum to 1. */
  readonly shares: Float64Array;
}

/** What any model must beat: it never looks at a row. As scikit-learn's DummyClassifier. */
export const dummyAlgorithm = algorithm(
  name,
  { strategy: oneOf(strategies, 'prior'), class_weight: classWeightField, seed: seedField },
  ({ strategy, class_weight: classWeight, seed }) => ({
    algorithm: name,
    params: { strategy, classWeight, seed },
    fit: (data, control = {}) => {
      const rows = weighRows(classWeight, data);
      if (!rows.ok) return Promise.resolve(rows);
      control.onProgress?.({ iteration: 1, total: 1, value: 0 });
      if (control.cancelled?.() === true) return Promise.resolve(err(failure('fit-cancelled', { algorithm: name })));
      const shares = rows.value.classSums.map((sum) => sum / rows.value.total);
      const known = { algorithm: name, classes: data.classes, metrics: {} };
      return Promise.resolve(ok(dummyClassifier(known, { strategy, seed, columns: data.x.columns, shares })));
    },
  }),
);

const dummyClassifier = (known: Known, model: DummyModel): FittedClassifier => ({
  ...known,
  columns: model.columns,
  probabilities: ({ rows }) => probabilities(model, rows),
  columnScores: () => null,
  toParts: () => {
    const { strategy, seed, columns, shares } = model;
    return { meta: { kind: 'dummy', strategy, seed, columns }, arrays: { shares } };
  },
});

/** `stratified` draws the class of each row, from the seed anew at each call, so that the same rows get the same answer. */
function probabilities({ strategy, seed, shares }: DummyModel, rows: number): Float64Array {
  const k = shares.length;
  const out = new Float64Array(rows * k);
  const random = seededRandom(seed);
  const [most = 0] = largestOfRows(shares, k);
  for (let row = 0; row < rows; row++) {
    const own = out.subarray(row * k, (row + 1) * k);
    if (strategy === 'prior') own.set(shares);
    else if (strategy === 'uniform') own.fill(1 / k);
    else own[strategy === 'most_frequent' ? most : drawn(shares, random())] = 1;
  }
  return out;
}

function drawn(shares: Float64Array, at: number): number {
  let left = at;
  const found = shares.findIndex((share) => (left -= share) < 0);
  return found < 0 ? shares.length - 1 : found;
}

/** Reads back what `toParts` gave; a text says what is wrong with it. */
export function dummyFromParts(parts: Parts, known: Known): FittedClassifier | string {
  const { seed, columns } = parts.meta;
  const shares = arrayOf(parts.arrays, 'shares', 'f64');
  const strategy = strategies.find((one) => one === parts.meta['strategy']);
  const isCount = (n: unknown): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0;
  if (strategy === undefined || !isCount(seed) || !isCount(columns)) return 'its strategy is broken';
  if (shares?.length !== known.classes.length) return 'its shares do not fit its classes';
  const sum = shares.reduce((total, share) => total + share, 0);
  if (!shares.every((share) => share >= 0) || !(Math.abs(sum - 1) < 1e-9)) return 'its shares do not sum to 1';
  return dummyClassifier(known, { strategy, seed, columns, shares });
}
