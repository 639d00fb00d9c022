import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import { seededRandom } from '../../core/random.ts';
import type { FittedClassifier } from '../estimator.ts';
import { largestOfRows } from '../estimator.ts';
import { classifierFromParts, trainField } from '../estimators.ts';
import { readField } from '../fields.ts';
import { LinearClassifier } from '../linear/linear-classifier.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { applyIsotonic, fitIsotonic } from './isotonic.ts';
import { applySigmoid, fitSigmoid } from './platt.ts';

const columns = 12;

function makeRows(rows: number, seed: number): { x: number[][]; y: Int32Array } {
  const random = seededRandom(seed);
  const y = Int32Array.from({ length: rows }, () => Math.floor(random() * 3));
  const x = Array.from(y, (label) =>
    Array.from({ length: columns }, (_, column) =>
      random() < 0.5 ? 0 : Math.max(0, random() + (column % 3 === label ? 0.5 : 0)),
    ),
  );
  return { x, y };
}

function sparse(dense: readonly (readonly number[])[]): CsrMatrix {
  const entries = dense.map((row) => row.flatMap((value, column) => (value === 0 ? [] : [{ column, value }])));
  const indptr = new Int32Array(dense.length + 1);
  entries.forEach((row, at) => (indptr[at + 1] = indptr[at]! + row.length));
  const flat = entries.flat();
  const indices = Int32Array.from(flat, ({ column }) => column);
  return { rows: dense.length, columns, indptr, indices, values: Float64Array.from(flat, ({ value }) => value) };
}

const train = makeRows(300, 1);
const unseen = makeRows(100, 2);
const random = seededRandom(3);
const weights = Float64Array.from(train.y, () => 0.5 + random() * 2);

async function fit(params: JsonObject, weighted = false, two = false): Promise<FittedClassifier> {
  const field = readField({ train: params }, 'train', trainField);
  if (!field.ok) throw new Error(JSON.stringify(field.error.detail));
  const y = two ? train.y.map((c) => Number(c === 1)) : train.y;
  const classes = two ? ['rest', 'one'] : ['a', 'b', 'c'];
  const rowWeights = weighted ? { rowWeights: weights } : {};
  const fitted = await field.value.estimator.fit({ x: sparse(train.x), y, classes, ...rowWeights });
  if (!fitted.ok) throw new Error(JSON.stringify(fitted.error));
  return fitted.value;
}

const tight = { algorithm: 'logistic_regression', tolerance: 1e-9, max_iterations: 20_000 };
const bayes = { algorithm: 'naive_bayes' };
const complement = { algorithm: 'naive_bayes', distribution: 'complement' };

describe('logistic regression with L1', () => {
  it.each([0.3, 1])('at the solution, no step goes down: l1_ratio %f', async (ratio) => {
    const c = 0.05;
    const model = await fit({ ...tight, c, l1_ratio: ratio }, true);
    if (!(model instanceof LinearClassifier)) throw new Error('not linear');
    const { weights: w, intercepts } = model.model;
    const probabilities = model.probabilities(sparse(train.x));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const penalty = 1 / (c * total);
    let zeros = 0;
    for (let k = 0; k < 3; k++) {
      let slopeOfIntercept = 0;
      train.y.forEach((label, row) => {
        slopeOfIntercept += (weights[row]! / total) * (probabilities[row * 3 + k]! - Number(label === k));
      });
      expect(Math.abs(slopeOfIntercept)).toBeLessThan(1e-7);
      for (let column = 0; column < columns; column++) {
        const weight = w[column * 3 + k]!;
        let slope = penalty * (1 - ratio) * weight;
        train.y.forEach((label, row) => {
          const residual = probabilities[row * 3 + k]! - Number(label === k);
          slope += (weights[row]! / total) * residual * train.x[row]![column]!;
        });
        if (weight === 0) zeros++;
        if (weight === 0) expect(Math.abs(slope)).toBeLessThanOrEqual(penalty * ratio + 1e-7);
        else expect(Math.abs(slope + penalty * ratio * Math.sign(weight))).toBeLessThan(1e-7);
      }
    }
    expect(intercepts.every(Number.isFinite)).toBe(true);
    if (ratio === 1) expect(zeros).toBeGreaterThan(3);
  });
});

describe('curves', () => {
  const scored = {
    scores: Float64Array.from(train.x, (row) => row[1]! - row[0]!),
    isOwn: Uint8Array.from(train.y, (c) => Number(c === 1)),
    weights,
  };

  it('isotonic: rises, keeps the weighted mean, and no pool would be better parted', () => {
    const steps = fitIsotonic(scored);
    steps.chance.forEach((chance, at) => {
      if (at === 0) return;
      expect(chance).toBeGreaterThanOrEqual(steps.chance[at - 1]!);
      expect(steps.at[at]!).toBeGreaterThan(steps.at[at - 1]!);
    });
    let said = 0;
    let true_ = 0;
    scored.scores.forEach((score, row) => {
      said += weights[row]! * applyIsotonic(steps, score);
      true_ += weights[row]! * scored.isOwn[row]!;
    });
    expect(said).toBeCloseTo(true_, 8);
    expect(applyIsotonic(steps, -1e9)).toBe(steps.chance[0]);
    expect(applyIsotonic(steps, 1e9)).toBe(steps.chance.at(-1));
  });

  it('sigmoid: no step away goes down, whatever the size of the scores', () => {
    for (const size of [1, 1e6, 1e-6]) {
      const own = { ...scored, scores: scored.scores.map((score) => score * size) };
      const found = fitSigmoid(own);
      const again = fitSigmoid(scored);
      expect(applySigmoid(found, 0.3 * size)).toBeCloseTo(applySigmoid(again, 0.3), 6);
    }
    const one = { scores: Float64Array.of(1, 1), isOwn: Uint8Array.of(1, 0), weights: Float64Array.of(1, 1) };
    expect(applySigmoid(fitSigmoid(one), 1)).toBeCloseTo(0.5, 6);
  });
});

it('members that cannot be read, or are nested without end, are refused', async () => {
  const model = await fit({ algorithm: 'voting', estimators: [bayes, complement] });
  const { meta, arrays } = model.toParts();
  expect(classifierFromParts({ meta: { ...meta, members: [] }, arrays }, model)).toBe('it has no members');
  expect(classifierFromParts({ meta, arrays: {} }, model)).toMatch(/^member 0: /);
  let nested = { meta, arrays };
  for (let depth = 0; depth < 6; depth++) {
    const inner = Object.entries(nested.arrays).map(([name, array]) => [`0.${name}`, array] as const);
    nested = {
      meta: { kind: 'voting', voting: 'soft', members: [{ algorithm: 'voting', metrics: {}, meta: nested.meta }] },
      arrays: { ...Object.fromEntries(inner), shares: Float64Array.of(1) },
    };
  }
  expect(classifierFromParts(nested, model)).toMatch(/nested too deep/);
});

it.each([
  [{ algorithm: 'voting', estimators: [bayes], weights: [1, 2] }, /2 numbers for 1/],
  [{ algorithm: 'stacking', estimators: [{ algorithm: 'naive_baies' }] }, /naive_bayes/],
  [{ algorithm: 'stacking', estimators: [] }, /1 to 100/],
  [{ algorithm: 'calibrated', estimator: { algorithm: 'naive_bayes', c: 1 } }, /no parameter of naive_bayes/],
])('%j is refused', async (params, problem) => {
  await expect(fit(params)).rejects.toThrow(problem);
});

const python = process.env['MLP_TEST_PYTHON'];
if (python === undefined)
  process.stderr.write('MLP_TEST_PYTHON is not set: ensembles and calibration are not compared with scikit-learn\n');

const make = (name: string, args: object = {}): object => ({ class: name, args });
const theirLogistic = make('LogisticRegression', { tol: 1e-10, max_iter: 20_000 });
const named = (...models: readonly object[]): unknown[] => models.map((model, at) => [`m${at}`, model]);

interface Comparison {
  readonly ours: JsonObject;
  readonly theirs: object;
  readonly weighted?: true;
  readonly two?: true;
  readonly labelsOnly?: true;
}

const saga = (args: object): object =>
  make('LogisticRegression', { solver: 'saga', tol: 1e-9, max_iter: 200_000, ...args });
const members = [tight, bayes];
const theirMembers = named(theirLogistic, make('MultinomialNB'));
const comparisons: readonly Comparison[] = [
  { ours: { ...tight, l1_ratio: 0.5, c: 0.3 }, theirs: saga({ l1_ratio: 0.5, C: 0.3 }), weighted: true },
  { ours: { ...tight, l1_ratio: 1, c: 0.2 }, theirs: saga({ l1_ratio: 1, C: 0.2 }) },
  { ours: { ...tight, l1_ratio: 1, c: 0.2 }, theirs: saga({ l1_ratio: 1, C: 0.2 }), two: true },
  { ours: { ...tight, multi_class: 'one_vs_rest' }, theirs: make('OneVsRestClassifier', { estimator: theirLogistic }) },
  {
    ours: { algorithm: 'voting', estimators: members, weights: [2, 1] },
    theirs: make('VotingClassifier', { estimators: theirMembers, voting: 'soft', weights: [2, 1] }),
  },
  {
    ours: { algorithm: 'voting', estimators: [...members, complement], voting: 'hard' },
    theirs: make('VotingClassifier', {
      estimators: [...theirMembers, ['c', make('ComplementNB')]],
      voting: 'hard',
    }),
    labelsOnly: true,
  },
  ...([{}, { two: true }] as const).flatMap((two): Comparison[] => [
    {
      ours: { algorithm: 'stacking', estimators: members, final_estimator: tight },
      theirs: make('StackingClassifier', { estimators: theirMembers, final_estimator: theirLogistic }),
      ...two,
    },
    {
      ours: { algorithm: 'stacking', estimators: members, final_estimator: tight, folds: 3, passthrough: true },
      theirs: make('StackingClassifier', {
        ...{ estimators: theirMembers, final_estimator: theirLogistic, cv: 3, passthrough: true },
      }),
      ...two,
    },
    ...(['sigmoid', 'isotonic'] as const).flatMap((method): Comparison[] => [
      {
        ours: { algorithm: 'calibrated', estimator: bayes, method },
        theirs: make('CalibratedClassifierCV', { estimator: make('MultinomialNB'), method, cv: 5, ensemble: true }),
        weighted: true,
        ...two,
      },
      {
        ours: { algorithm: 'calibrated', estimator: tight, method, folds: 3 },
        theirs: make('CalibratedClassifierCV', { estimator: theirLogistic, method, cv: 3, ensemble: true }),
        ...two,
      },
    ]),
  ]),
];

describe.skipIf(python === undefined)('against scikit-learn at MLP_TEST_PYTHON', () => {
  const ask = (two: boolean): { labels: number[]; values: number[] }[] => {
    const models = comparisons
      .filter((one) => (one.two === true) === two)
      .map(({ theirs, weighted }) => ({ model: theirs, weighted: weighted === true }));
    const y = two ? train.y.map((c) => Number(c === 1)) : train.y;
    const input = JSON.stringify({ x: train.x, y: [...y], unseen: unseen.x, weights: [...weights], models });
    return JSON.parse(
      execFileSync(python ?? '', ['test/peers/ensembles_reference.py'], { input, encoding: 'utf8' }),
    ) as { labels: number[]; values: number[] }[];
  };

  it.each([false, true])('the same labels and probabilities; two classes: %s', { timeout: 120_000 }, async (two) => {
    const answers = ask(two);
    const own = comparisons.filter((one) => (one.two === true) === two);
    for (const [at, { ours, weighted, labelsOnly }] of own.entries()) {
      const model = await fit(ours, weighted === true, two);
      const probabilities = model.probabilities(sparse(unseen.x));
      const { labels, values } = answers[at]!;
      const what = JSON.stringify(ours);
      if (labelsOnly === true) {
        expect([...largestOfRows(probabilities, model.classes.length)], what).toEqual(labels);
        continue;
      }
      const apart = probabilities.reduce((far, p, i) => Math.max(far, Math.abs(p - values[i]!)), 0);
      expect(apart, what).toBeLessThan(1e-4);
    }
  });
});
