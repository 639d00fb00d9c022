import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { seededRandom } from '../../core/random.ts';
import type { FittedClassifier } from '../estimator.ts';
import { trainField } from '../estimators.ts';
import { readField } from '../fields.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { explainerOf } from './contributions.ts';

const random = seededRandom(4);
const columns = 9;
const dense = Array.from({ length: 200 }, () => Array.from({ length: columns }, () => (random() < 0.5 ? 0 : random())));
const x: CsrMatrix = {
  rows: dense.length,
  columns,
  indptr: Int32Array.from([
    0,
    ...dense.map(
      (_, row) =>
        dense
          .slice(0, row + 1)
          .flat()
          .filter(Boolean).length,
    ),
  ]),
  indices: Int32Array.from(dense.flatMap((row) => row.flatMap((value, column) => (value === 0 ? [] : [column])))),
  values: Float64Array.from(dense.flat().filter(Boolean)),
};

async function fit(params: JsonObject, classes: number): Promise<FittedClassifier> {
  const field = readField({ train: params }, 'train', trainField);
  if (!field.ok) throw new Error(field.error.reason);
  const y = Int32Array.from(dense, (row) => Math.min(classes - 1, Math.floor((row[0]! + row[1]!) * classes * 0.7)));
  const names = Array.from({ length: classes }, (_, c) => `class ${c}`);
  const fitted = await field.value.estimator.fit({ x, y, classes: names });
  if (!fitted.ok) throw new Error(fitted.error.reason);
  return fitted.value;
}

const kinds: readonly JsonObject[] = [
  { algorithm: 'linear_svm' },
  { algorithm: 'logistic_regression', c: 50 },
  { algorithm: 'logistic_regression', c: 50, multi_class: 'one_vs_rest' },
  { algorithm: 'naive_bayes' },
  { algorithm: 'boosted_trees', num_iterations: 15, min_data_in_leaf: 5 },
];

describe.each(kinds)('%j', (params) => {
  it.each([2, 3])('contributions add up to the log odds of %i classes', async (classes) => {
    const model = await fit(params, classes);
    const explain = explainerOf(model);
    if (typeof explain === 'string') throw new Error(explain);
    const probabilities = model.probabilities(x);
    for (const row of [0, 5, 17]) {
      const { base, columns: added } = explain(x, row);
      const own = Array.from(probabilities.subarray(row * classes, (row + 1) * classes));
      const scores = own.map((_, c) => {
        let sum = base[c]!;
        for (let column = 0; column < columns; column++) sum += added[column * classes + c]!;
        return sum;
      });
      if (params['multi_class'] === 'one_vs_rest' && classes > 2) {
        const chances = scores.map((score) => 1 / (1 + Math.exp(-score)));
        const total = chances.reduce((sum, chance) => sum + chance, 0);
        chances.forEach((chance, c) => {
          expect(chance / total).toBeCloseTo(own[c]!, 9);
        });
        continue;
      }
      const logs = own.map(Math.log);
      const mean = logs.reduce((sum, log) => sum + log, 0) / classes;
      scores.forEach((score, c) => {
        expect(score).toBeCloseTo(classes === 2 ? logs[c]! - logs[1 - c]! : logs[c]! - mean, 6);
      });
    }
  });
});

it('other models say that they cannot be explained', async () => {
  expect(explainerOf(await fit({ algorithm: 'knn' }, 2))).toMatch(/^knn is neither/);
});
