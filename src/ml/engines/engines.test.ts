import { execFileSync } from 'node:child_process';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { seededRandom } from '../../core/random.ts';
import { stratifiedSplit } from '../data/split.ts';
import type { Estimator, TrainingSet } from '../estimator.ts';
import { classifierFromParts, trainField } from '../estimators.ts';
import { readField } from '../fields.ts';
import { TreeClassifier } from '../trees/tree-classifier.ts';

const made = (params: JsonObject): Estimator => {
  const read = readField({ train: params }, 'train', trainField);
  if (!read.ok) throw new Error(failureMessage(read.error));
  return read.value.estimator;
};

function makeData(rows: number, classes: number): TrainingSet {
  const random = seededRandom(9);
  const columns = 30;
  const indptr = [0];
  const indices: number[] = [];
  const values: number[] = [];
  const y = Int32Array.from({ length: rows }, (_, row) => row % classes);
  for (let row = 0; row < rows; row++) {
    // Descending, so that it shows whether rows are sorted for the library.
    for (let column = columns - 1; column >= 0; column--) {
      if (random() > (column % classes === y[row] ? 0.5 : 0.25)) continue;
      indices.push(column);
      values.push(Math.round(random() * 1000) / 1000 - 0.2);
    }
    indptr.push(indices.length);
  }
  const csr = { indptr: Int32Array.from(indptr), indices: Int32Array.from(indices), values: Float64Array.from(values) };
  const rowWeights = Float64Array.from({ length: rows }, (_, row) => 1 + (row % 4) / 4);
  const names = Array.from({ length: classes }, (_, c) => `class ${c}`);
  return { x: { rows, columns, ...csr }, y, classes: names, rowWeights };
}

const three = makeData(400, 3);
const two: TrainingSet = { ...three, y: three.y.map((c) => Math.min(c, 1)), classes: ['no', 'yes'] };
const held = (data: TrainingSet): number[] => {
  const split = stratifiedSplit(data.y, data.classes, { testSize: 0.25, seed: 7 });
  return split.ok ? Array.from(split.value.test) : [];
};

/** Parameters of each case: ours, which are the library's. */
const cases = {
  'lightgbm defaults': { algorithm: 'lightgbm', seed: 42 },
  'lightgbm binary': { algorithm: 'lightgbm', seed: 1, num_leaves: 5, learning_rate: 0.3 },
  'lightgbm sampling': {
    algorithm: 'lightgbm',
    ...{ seed: 3, bagging_fraction: 0.6, bagging_freq: 1, feature_fraction: 0.5, lambda_l1: 0.1, lambda_l2: 0.1 },
    ...{ max_depth: 4, min_data_in_leaf: 3, min_sum_hessian_in_leaf: 0.01, min_gain_to_split: 0.01, max_bin: 63 },
  },
  'lightgbm random forest': { algorithm: 'lightgbm', seed: 4, boosting: 'rf', bagging_fraction: 0.5, bagging_freq: 1 },
  'lightgbm dart': { algorithm: 'lightgbm', seed: 5, boosting: 'dart', drop_rate: 0.3 },
  'lightgbm early stopping': { algorithm: 'lightgbm', seed: 7, learning_rate: 0.4, early_stopping_round: 5 },
  'xgboost defaults': { algorithm: 'xgboost', seed: 42 },
  'xgboost binary': { algorithm: 'xgboost', seed: 1, max_depth: 3, learning_rate: 0.1, base_score: 0.4 },
  'xgboost sampling': {
    algorithm: 'xgboost',
    ...{ seed: 3, subsample: 0.6, colsample_bytree: 0.5, lambda: 2, alpha: 0.2, gamma: 0.1, min_child_weight: 2 },
  },
  'xgboost exact': { algorithm: 'xgboost', seed: 2, tree_method: 'exact', max_depth: 4 },
  'xgboost dart': { algorithm: 'xgboost', seed: 5, booster: 'dart', rate_drop: 0.3 },
  'xgboost early stopping': { algorithm: 'xgboost', seed: 7, learning_rate: 0.6, early_stopping_rounds: 5 },
} as const;

const names = Object.keys(cases) as (keyof typeof cases)[];
const iterations = 30;
const python = process.env['MLP_TEST_PYTHON'];

interface Answer {
  readonly libraries: Record<'lightgbm' | 'xgboost', string>;
  readonly probabilities: Record<string, number[]>;
  readonly importance: Record<string, number[]>;
}

function askPython(): Answer {
  const asked = names.map((name) => {
    const { algorithm, ...own } = cases[name] as Record<string, unknown> & { algorithm: string };
    const { early_stopping_round, early_stopping_rounds = early_stopping_round, ...params } = own;
    const classes = name.endsWith('binary') ? 2 : 3;
    const fixed = algorithm === 'lightgbm' ? { deterministic: true, force_row_wise: true } : {};
    const stopping = early_stopping_rounds === undefined ? {} : { patience: early_stopping_rounds, held: held(three) };
    return [name, { library: algorithm, params: { ...fixed, ...params }, iterations, classes, ...stopping }];
  });
  const { rows, columns, indptr, indices, values } = three.x;
  const x = { rows, columns, indptr: [...indptr], indices: [...indices], values: [...values] };
  const question = {
    x,
    y: [...three.y],
    weights: [...(three.rowWeights ?? [])],
    cases: Object.fromEntries(asked) as JsonObject,
  };
  const input = JSON.stringify(question);
  const options = { input, encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  return JSON.parse(execFileSync(python ?? '', ['test/peers/engine_reference.py'], options)) as Answer;
}

describe.skipIf(python === undefined)(
  'training by the libraries, against their Python packages at MLP_TEST_PYTHON',
  () => {
    let answer: Answer;
    beforeAll(() => {
      answer = askPython();
    }, 60_000);
    beforeEach(() => {
      vi.stubEnv('MLP_LIGHTGBM_LIB', answer.libraries.lightgbm);
      vi.stubEnv('MLP_XGBOOST_LIB', answer.libraries.xgboost);
    });
    afterEach(() => {
      vi.unstubAllEnvs();
    });

    it.each(names)('%s: the same parameters give the same predictions and importances', async (name) => {
      const data = name.endsWith('binary') ? two : three;
      const own = { n_estimators: iterations, num_threads: 1, validation_fraction: 0.25, ...cases[name] };
      const fitted = await made(own).fit(data);
      if (!fitted.ok) throw new Error(failureMessage(fitted.error));
      const ours = fitted.value.probabilities(data.x);
      const theirs = answer.probabilities[name]!;
      const most = ours.reduce((far, p, at) => Math.max(far, Math.abs(p - theirs[at]!)), 0);
      expect(ours.length).toBe(theirs.length);
      expect(most).toBeLessThan(cases[name].algorithm === 'lightgbm' ? 1e-12 : 1e-6);
      if (!(fitted.value instanceof TreeClassifier) || name.endsWith('stopping')) return;
      const gain = fitted.value.importance('gain');
      answer.importance[name]!.forEach((value, column) => {
        expect(Math.abs(gain[column]! - value)).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(value)));
      });
    });

    describe.each(['lightgbm', 'xgboost'])('%s', (algorithm) => {
      const estimator = made({ algorithm, n_estimators: 20, n_jobs: 1 });

      it('weighs classes as it weighs rows', async () => {
        const byClass = made({ algorithm, n_estimators: 20, n_jobs: 1, class_weight: { 'class 1': 3 } });
        const rowWeights = three.rowWeights!.map((weight, row) => (three.y[row] === 1 ? 3 * weight : weight));
        const [a, b] = [await byClass.fit(three), await estimator.fit({ ...three, rowWeights })];
        if (!a.ok || !b.ok) throw new Error('not fitted');
        expect(a.value.probabilities(three.x)).toEqual(b.value.probabilities(three.x));
      });

      it('says how far it is, and ends when it is told to', async () => {
        let calls = 0;
        const outcome = await estimator.fit(three, { onProgress: () => calls++, cancelled: () => calls >= 3 });
        expect(outcome.ok ? 'fitted' : outcome.error.reason).toBe('fit-cancelled');
        expect(calls).toBe(3);
      });

      it('lowers its loss, and is the same after its parts were taken and put together', async () => {
        const losses: number[] = [];
        const fitted = await estimator.fit(three, { onProgress: ({ value }) => losses.push(value) });
        if (!fitted.ok) throw new Error(failureMessage(fitted.error));
        expect(losses).toHaveLength(20);
        expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.8);
        const again = classifierFromParts(fitted.value.toParts(), fitted.value);
        if (typeof again === 'string') throw new Error(again);
        expect(again.probabilities(three.x)).toEqual(fitted.value.probabilities(three.x));
      });

      it('bears empty rows, constant columns and columns that never occur', async () => {
        const csr = {
          indptr: Int32Array.of(0, 1, 2, 2, 2),
          indices: Int32Array.of(0, 0),
          values: Float64Array.of(1, 1),
        };
        const x = { rows: 4, columns: 3, ...csr };
        const fitted = await estimator.fit({ x, y: Int32Array.of(0, 1, 0, 1), classes: ['a', 'b'] });
        expect(fitted.ok && fitted.value.probabilities(x).every(Number.isFinite)).toBe(true);
      });

      it('bears a matrix without any entry', async () => {
        const csr = { indptr: new Int32Array(5), indices: new Int32Array(0), values: new Float64Array(0) };
        const x = { rows: 4, columns: 3, ...csr };
        const fitted = await estimator.fit({ x, y: Int32Array.of(0, 1, 0, 1), classes: ['a', 'b'] });
        expect(fitted.ok ? '' : failureMessage(fitted.error)).toBe('');
      });

      it('refuses data that do not fit together', async () => {
        const outcome = await estimator.fit({ ...three, y: three.y.subarray(1) });
        expect(outcome.ok ? '' : outcome.error.reason).toBe('training-data-invalid');
      });
    });

    it('gives the words of the library when it refuses', async () => {
      const params = { algorithm: 'lightgbm', boosting: 'rf' };
      const outcome = await made(params).fit(three);
      expect(outcome.ok ? '' : failureMessage(outcome.error)).toMatch(/^lightgbm cannot train: .*bagging/);
    });
  },
);
