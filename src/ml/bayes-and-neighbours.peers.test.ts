import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { seededRandom } from '../core/random.ts';
import { trainField } from './estimators.ts';
import type { CsrMatrix } from './sparse/csr.ts';

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined)
  process.stderr.write('MLP_TEST_PYTHON is not set: naive Bayes and kNN are not compared with scikit-learn\n');

/** No row is empty, and none has one entry alone: such are equally near, and scikit-learn does not say which of them it takes. */
function makeRows(rows: number, columns: number, seed: number): number[][] {
  const random = seededRandom(seed);
  return Array.from({ length: rows }, () =>
    Array.from({ length: columns }, (_, column) => (column < 2 || random() < 0.3 ? random() * 3 : 0)),
  );
}

function sparse(dense: readonly number[][], columns: number): CsrMatrix {
  const entries = dense.map((row) => row.flatMap((value, column) => (value === 0 ? [] : [{ column, value }])));
  const indptr = new Int32Array(dense.length + 1);
  entries.forEach((row, at) => (indptr[at + 1] = indptr[at]! + row.length));
  const flat = entries.flat();
  const indices = Int32Array.from(flat, ({ column }) => column);
  return { rows: dense.length, columns, indptr, indices, values: Float64Array.from(flat, ({ value }) => value) };
}

const cases = [
  ['MultinomialNB', { alpha: 0.5 }, { distribution: 'multinomial', alpha: 0.5 }, true],
  ['MultinomialNB', { fit_prior: false }, { distribution: 'multinomial', fit_prior: false }, false],
  ['ComplementNB', {}, { distribution: 'complement' }, true],
  ['ComplementNB', { norm: true, alpha: 0.1 }, { distribution: 'complement', norm: true, alpha: 0.1 }, false],
  ['BernoulliNB', { alpha: 0.3 }, { distribution: 'bernoulli', alpha: 0.3 }, true],
  ['GaussianNB', { var_smoothing: 0.01 }, { distribution: 'gaussian', var_smoothing: 0.01 }, false],
  ['KNeighborsClassifier', { metric: 'cosine', algorithm: 'brute', n_neighbors: 7 }, { n_neighbors: 7 }, false],
  [
    'KNeighborsClassifier',
    { metric: 'euclidean', algorithm: 'brute', weights: 'distance' },
    { metric: 'euclidean', weights: 'distance' },
    false,
  ],
] as const;

it.skipIf(python === undefined).each([2, 4])('naive Bayes and kNN equal scikit-learn, %i classes', async (classes) => {
  const [columns, rows] = [12, 150];
  const [dense, unseen] = [makeRows(rows, columns, classes), makeRows(40, columns, 9)];
  const y = Int32Array.from({ length: rows }, (_, row) => (row + Math.floor(row / 9)) % classes);
  const names = Array.from({ length: classes }, (_, c) => `class ${c}`);
  const rowWeights = Float64Array.from({ length: rows }, (_, row) => 0.5 + (row % 3));
  const models = cases.map(([kind, args, , weighted]) => ({ class: kind, args, weighted }));
  const input = JSON.stringify({ x: dense, y: Array.from(y), unseen, weights: Array.from(rowWeights), models });
  const answers = JSON.parse(
    execFileSync(python ?? '', ['test/peers/estimators_reference.py'], { input, encoding: 'utf8' }),
  ) as number[][];
  for (const [at, [kind, , changes, weighted]] of cases.entries()) {
    const read = trainField({ algorithm: kind === 'KNeighborsClassifier' ? 'knn' : 'naive_bayes', ...changes });
    if (!('value' in read)) throw new Error(read.problem);
    const x = sparse(dense, columns);
    const fitted = await read.value.estimator.fit({ x, y, classes: names, ...(weighted ? { rowWeights } : {}) });
    if (!fitted.ok) throw new Error(fitted.error.reason);
    const ours = fitted.value.probabilities(sparse(unseen, columns));
    const isBayes = kind !== 'KNeighborsClassifier';
    const measure = (p: number): number => (isBayes ? Math.log(p) : p);
    const off = Math.max(...ours.map((p, i) => Math.abs(measure(p) - measure(answers[at]![i]!))));
    expect(off, `${kind} ${JSON.stringify(changes)}`).toBeLessThan(1e-9);
  }
});
