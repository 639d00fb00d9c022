import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { largestOfRows } from '../estimator.ts';
import { LinearClassifier } from '../linear/linear-classifier.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { permutationImportance } from './permutation-importance.ts';

const random = seededRandom(8);
const rows = 60;
const columns = 6;
const classes = 3;
/** The last column is empty, the one before counts for nothing. */
const dense = Array.from({ length: rows }, () =>
  Array.from({ length: columns }, (_, column) => (column === 5 || random() < 0.5 ? 0 : random() * 2)),
);
const weights = Float64Array.from({ length: columns * classes }, (_, at) =>
  at >= 4 * classes ? 0 : (random() - 0.5) * 3,
);
const model = new LinearClassifier({
  ...{ algorithm: 'any', classes: ['a', 'b', 'c'], columns, weights, intercepts: new Float64Array(classes) },
  ...{ sharpness: 1, metrics: {} },
});

function sparse(given: readonly (readonly number[])[]): CsrMatrix {
  const indptr = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const row of given) {
    row.forEach((value, column) => {
      if (value === 0) return;
      indices.push(column);
      values.push(value);
    });
    indptr.push(indices.length);
  }
  const arrays = { indptr: Int32Array.from(indptr), indices: Int32Array.from(indices) };
  return { rows: given.length, columns, ...arrays, values: Float64Array.from(values) };
}

const labels = (given: readonly (readonly number[])[]): Int32Array =>
  largestOfRows(model.probabilities(sparse(given)), classes);

/** What the model says, with every fifth label changed. */
const y = labels(dense).map((label, row) => (row % 5 === 0 ? (label + 1) % classes : label));
const repeats = 400;
const all = Array.from({ length: columns }, (_, column) => column);
const ours = permutationImportance(model, { x: sparse(dense), y }, { columns: all, repeats, seed: 1 });

/** Each row gets the number of each other with the same chance, so the mean over all pairs is what shuffling comes to. */
function expected(column: number): number {
  const before = labels(dense).filter((label, row) => label === y[row]).length / rows;
  let right = 0;
  for (const donor of dense) {
    const dealt = dense.map((row) => row.with(column, donor[column]!));
    right += labels(dealt).filter((label, row) => label === y[row]).length / rows;
  }
  return before - right / rows;
}

describe('permutation importance', () => {
  it.each(all)('of column %i is the accuracy that goes, in the mean over all ways to deal its numbers', (column) => {
    const spread = ours.deviations[column]! / Math.sqrt(repeats);
    expect(Math.abs(ours.means[column]! - expected(column))).toBeLessThanOrEqual(5 * spread + 1e-12);
  });

  it('is exactly 0 for columns that are empty or count for nothing, and not for the others', () => {
    expect([ours.means[4], ours.means[5], ours.deviations[5]]).toEqual([0, 0, 0]);
    for (const column of [0, 1, 2, 3]) expect(ours.deviations[column]).toBeGreaterThan(0);
    expect(Math.max(...ours.means)).toBeGreaterThan(0.05);
  });

  it('is the same again with the same seed', () => {
    const asked = { columns: [2, 0], repeats: 3, seed: 9 };
    const data = { x: sparse(dense), y };
    expect(permutationImportance(model, data, asked)).toEqual(permutationImportance(model, data, asked));
  });
});

const python = process.env['MLP_TEST_PYTHON'];

it.skipIf(python === undefined)(
  "is scikit-learn's, within what chance makes of as many shuffles",
  { timeout: 60_000 },
  () => {
    const given = { x: dense, y: [...y], repeats, weights: all.map((c) => [...weights.subarray(c * 3, c * 3 + 3)]) };
    const input = JSON.stringify(given);
    const output = execFileSync(python ?? '', ['test/peers/permutation_reference.py'], { input, encoding: 'utf8' });
    const theirs = JSON.parse(output) as { means: number[]; deviations: number[] };
    for (const column of all) {
      const spread = Math.hypot(ours.deviations[column]!, theirs.deviations[column]!) / Math.sqrt(repeats);
      expect(Math.abs(ours.means[column]! - theirs.means[column]!)).toBeLessThanOrEqual(5 * spread + 1e-12);
      expect(Math.abs(ours.deviations[column]! - theirs.deviations[column]!)).toBeLessThan(
        0.2 * theirs.deviations[column]! + 1e-12,
      );
    }
  },
);
