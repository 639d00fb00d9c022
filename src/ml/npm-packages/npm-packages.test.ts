import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { failureMessage, failureNext } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { seededRandom } from '../../core/random.ts';
import {
  largestOfRows,
  type Estimator,
  type FitProgress,
  type FittedClassifier,
  type TrainingSet,
} from '../estimator.ts';
import { classifierFromParts, trainField } from '../estimators.ts';
import { readField } from '../fields.ts';
import { packageFinder } from './find-package.ts';
import { mlLogisticRegression } from './ml-logistic-regression.ts';
import { mlXgboost } from './ml-xgboost.ts';

const require = createRequire(import.meta.url);

/** Full rows of four numbers, as of flowers: each class lies around a place of its own. */
function flowers(rows: number, classes: number, seed: number): { data: TrainingSet; table: number[][] } {
  const random = seededRandom(seed);
  const y = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const table = Array.from(y, (c) =>
    Array.from({ length: 4 }, (_, column) => (column % classes === c ? 2 : 0) + random() + random() - 1.5),
  );
  const x = {
    rows,
    columns: 4,
    indptr: Int32Array.from({ length: rows + 1 }, (_, row) => row * 4),
    indices: Int32Array.from({ length: rows * 4 }, (_, at) => at % 4),
    values: Float64Array.from(table.flat()),
  };
  return { data: { x, y, classes: Array.from({ length: classes }, (_, c) => `kind ${c}`) }, table };
}

const made = (params: JsonObject): Estimator => {
  const read = readField({ train: params }, 'train', trainField);
  if (!read.ok) throw new Error(failureMessage(read.error));
  return read.value.estimator;
};

async function fit(estimator: Estimator, data: TrainingSet): Promise<FittedClassifier> {
  const fitted = await estimator.fit(data);
  if (!fitted.ok) throw new Error(failureMessage(fitted.error));
  return fitted.value;
}

const farthest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Math.max(...Array.from(a, (value, at) => Math.abs(value - (b[at] ?? NaN))));

const algorithms: readonly JsonObject[] = [
  { algorithm: 'ml_xgboost' },
  { algorithm: 'ml_logistic_regression', num_steps: 2000, learning_rate: 0.01 },
];

describe.each(algorithms)('$algorithm', (params) => {
  it.each([2, 3, 4])('tells %i classes of small full rows apart', async (classes) => {
    const model = await fit(made(params), flowers(150, classes, 1).data);
    const unseen = flowers(90, classes, 2).data;
    const labels = largestOfRows(model.probabilities(unseen.x), classes);
    expect(labels.filter((label, row) => label === unseen.y[row]).length).toBeGreaterThan(80);
  });

  it('predicts the same after it was stored, without the package', async () => {
    const { data } = flowers(60, 3, 3);
    const model = await fit(made(params), data);
    const again = classifierFromParts(model.toParts(), model);
    expect(typeof again === 'string' ? again : again.probabilities(data.x)).toEqual(model.probabilities(data.x));
  });

  it('refuses weights that are no repetitions, and weights of classes before any work', async () => {
    const { data } = flowers(30, 3, 4);
    const outcome = await made(params).fit({ ...data, rowWeights: new Float64Array(30).fill(0.5) });
    expect(outcome.ok ? '' : outcome.error.reason).toBe('training-data-invalid');
    expect(() => made({ ...params, class_weight: 'balanced' })).toThrow(
      'parameter train.class_weight must be null: the npm package knows no weights, and "balanced" would not count',
    );
  });
});

interface Booster {
  train(rows: number[][], y: number[]): void;
  predict(rows: number[][]): (number | number[])[];
  free(): void;
}
type BoosterClass = new (options: JsonObject) => Booster;

describe('ml-xgboost itself', () => {
  const options = { iterations: 60, eta: 0.3, max_depth: 4, gamma: 0.1, colsample_bytree: 0.75, seed: 7 };

  it.each([
    [2, { objective: 'binary:logistic' }],
    [3, { objective: 'multi:softprob', num_class: 3 }],
  ])('%i classes: gives the probabilities that we read out of its model', async (classes, objective) => {
    const { data, table } = flowers(200, classes, 5);
    // A column of counts, so that absent entries stand for zeros in many splits.
    table.forEach((row, at) => (row[3] = at % 3));
    const [indptr, indices, values]: [number[], number[], number[]] = [[0], [], []];
    for (const row of table) {
      row.forEach((value, column) => {
        if (value === 0) return;
        values.push(value);
        indices.push(column);
      });
      indptr.push(indices.length);
    }
    const csr = {
      indptr: Int32Array.from(indptr),
      indices: Int32Array.from(indices),
      values: Float64Array.from(values),
    };
    const x = { rows: 200, columns: 4, ...csr };
    const ours = (await fit(made({ algorithm: 'ml_xgboost', ...options }), { ...data, x })).probabilities(x);

    Reflect.deleteProperty(Reflect.get(globalThis, 'WebAssembly') as object, 'instantiateStreaming');
    const Booster = (await require('ml-xgboost')) as BoosterClass;
    const booster = new Booster({ ...options, ...objective });
    booster.train(table, Array.from(data.y));
    const theirs = booster.predict(table).flatMap((said) => (typeof said === 'number' ? [1 - said, said] : said));
    booster.free();
    expect(farthest(ours, theirs)).toBeLessThan(1e-6);
    expect(ours.length).toBe(theirs.length);
  });

  it('is asked for as many numbers as its stack holds, and for no more', async () => {
    const full = (rows: number): TrainingSet => {
      const columns = 3999;
      const y = Int32Array.from({ length: rows }, (_, row) => row % 2);
      const x = {
        rows,
        columns,
        indptr: Int32Array.from({ length: rows + 1 }, (_, row) => row),
        indices: new Int32Array(rows),
        values: Float64Array.from(y),
      };
      return { x, y, classes: ['a', 'b'] };
    };
    const estimator = made({ algorithm: 'ml_xgboost', iterations: 2 });
    expect((await fit(estimator, full(300))).metrics).toEqual({ trees: 2 });
    const outcome = await estimator.fit(full(301));
    if (outcome.ok) throw new Error('fitted');
    expect(failureMessage(outcome.error)).toBe(
      'the training data are too much for ml_xgboost: 301 rows x 3999 columns, while ml-xgboost holds 1200000 numbers with the labels',
    );
    expect(failureNext(outcome.error)).toContain('xgboost');
  });

  it('takes -1 for a missing value, which we do not', async () => {
    const y = Int32Array.from({ length: 40 }, (_, row) => row % 2);
    const x = {
      rows: 40,
      columns: 1,
      indptr: Int32Array.from({ length: 41 }, (_, row) => row),
      indices: new Int32Array(40),
      values: Float64Array.from(y, (c) => (c === 0 ? -1 : -3)),
    };
    const model = await fit(made({ algorithm: 'ml_xgboost', subsample: 1 }), { x, y, classes: ['a', 'b'] });
    expect(Array.from(largestOfRows(model.probabilities(x), 2))).toEqual(Array.from(y));
    // Above -1 as below: a split at a number between the two, not at what is missing.
    const above = { ...x, values: new Float64Array(40).fill(5) };
    expect(new Set(largestOfRows(model.probabilities(above), 2))).toEqual(new Set([0]));
  });

  it.each([2, 3])('%i classes: tells each iteration by what XGBoost says of its trees', async (classes) => {
    const told: FitProgress[] = [];
    const { data } = flowers(60, classes, 13);
    await made({ algorithm: 'ml_xgboost', iterations: 5 }).fit(data, { onProgress: (progress) => told.push(progress) });
    expect(told.map(({ iteration, total }) => [iteration, total])).toEqual([1, 2, 3, 4, 5].map((n) => [n, 5]));
    expect(told[0]!.value).toBeGreaterThan(0);
  });

  it('prints nothing, and hangs nothing into this process', async () => {
    const before = process.listenerCount('uncaughtException');
    const writes = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    await fit(mlXgboost({ iterations: 1 }), flowers(30, 2, 6).data);
    expect(writes.flatMap(({ mock }) => mock.calls)).toEqual([]);
    vi.restoreAllMocks();
    expect(process.listenerCount('uncaughtException')).toBe(before);
  });
});

interface Matrices {
  Matrix: { new (rows: number[][]): object; columnVector(values: number[]): object };
}
interface Regression {
  train(x: object, y: object): void;
  predict(x: object): number[];
}

describe('ml-logistic-regression itself', () => {
  it.each([2, 3])('%i classes: answers the labels that we do', async (classes) => {
    const { data, table } = flowers(120, classes, 8);
    const steps = { numSteps: 800, learningRate: 0.002 };
    const model = await fit(mlLogisticRegression(steps), data);
    const Regression = require('ml-logistic-regression') as new (options: object) => Regression;
    const { Matrix } = createRequire(require.resolve('ml-logistic-regression'))('ml-matrix') as Matrices;
    const theirs = new Regression(steps);
    theirs.train(new Matrix(table), Matrix.columnVector(Array.from(data.y)));
    const unseen = flowers(300, classes, 9);
    expect(Array.from(largestOfRows(model.probabilities(unseen.data.x), classes))).toEqual(
      theirs.predict(new Matrix(unseen.table)),
    );
  });

  it('is not begun where it would take minutes', async () => {
    const { data } = flowers(9000, 3, 10);
    const outcome = await made({ algorithm: 'ml_logistic_regression' }).fit(data);
    if (outcome.ok) throw new Error('fitted');
    expect(failureMessage(outcome.error)).toBe(
      'the training data are too much for ml_logistic_regression: 9000 rows x 4 columns, 50000 steps and 3 labels would take about 3 minutes',
    );
    expect(failureNext(outcome.error)).toContain('logistic_regression');
  });

  it('says so where its steps are too wide', async () => {
    const { data } = flowers(60, 2, 11);
    const wild = { ...data, x: { ...data.x, values: data.x.values.map((value) => value * 1e200) } };
    const outcome = await mlLogisticRegression({ numSteps: 5, learningRate: 1e6 }).fit(wild);
    expect(outcome.ok ? '' : outcome.error.reason).toBe('npm-package-failed');
  });
});

describe('where a package is not installed', () => {
  const empty = mkdtempSync(join(tmpdir(), 'mlp-no-packages-'));
  afterAll(() => {
    rmSync(empty, { recursive: true });
  });

  it.each([
    ['ml-xgboost', (find) => mlXgboost({}, find)],
    ['ml-logistic-regression', (find) => mlLogisticRegression({ numSteps: 1, learningRate: 1 }, find)],
  ] as const satisfies readonly (readonly [string, (find: ReturnType<typeof packageFinder>) => Estimator])[])(
    '%s: the failure says how to install it',
    async (name, make) => {
      const outcome = await make(packageFinder([pathToFileURL(join(empty, 'package.json')).href])).fit(
        flowers(30, 2, 12).data,
      );
      if (outcome.ok) throw new Error('fitted');
      expect(outcome.error.reason).toBe('npm-package-missing');
      expect(failureNext(outcome.error)).toContain(`npm install ${name}; or`);
    },
  );
});
