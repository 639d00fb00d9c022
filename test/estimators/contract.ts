// What holds of every estimator, whatever it is: the suite that src/ml runs over all of them.
import { expect, it } from 'vitest';
import { failureMessage } from '../../src/core/failure.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { FittedClassifier, TrainingSet } from '../../src/ml/estimator.ts';
import { classifierFromParts } from '../../src/ml/estimators.ts';
import { selectRows } from '../../src/ml/sparse/csr.ts';
import type { CsrMatrix } from '../../src/ml/sparse/csr.ts';
import { estimator, fit, labelsOf, makeData } from './data.ts';

/** What an algorithm by its nature does not do, where the suite must not ask for it. */
export interface Nature {
  /** Columns have no scores: it is not linear in them. */
  readonly unscored?: true;
  /** Share it gets right, where 0.9 is not to be had: normal distributions do not fit columns that are mostly 0. */
  readonly least?: number;
  /** It never looks at a row. */
  readonly blind?: true;
  /** What it answers is drawn for each row. */
  readonly guessing?: true;
  /** Rows are counted whatever they weigh: as neighbours, where two equal ones take two of the k places, or as the fewest that a leaf may hold. */
  readonly placed?: true;
  /** Learns in one pass, so that it can end after its first report only. */
  readonly single?: true;
  /** What is drawn goes by the places of rows: another order gives another model, and so do repeated rows. */
  readonly drawn?: true;
  /** Holds rows out in folds by their order: repeated rows come to lie in other folds, and a class needs as many rows as there are folds. */
  readonly dealt?: true;
  /** NaN stands for a missing value. */
  readonly gaps?: true;
}

/** What must be equal when two models are: scores of columns, or else probabilities. */
const essence = (model: FittedClassifier, x: CsrMatrix): Float64Array => model.columnScores() ?? model.probabilities(x);

/** One estimator by its name and parameters, and what must not be asked of it. */
export type ContractRow = readonly [algorithm: string, changes: JsonObject, nature: Nature];

/** The body of `describe.each(rows)`. */
export function describeContract(algorithm: string, changes: JsonObject, nature: Nature): void {
  const made = estimator({ algorithm, ...changes });
  const three = makeData(240, 3, 1);

  it('learns what can be learned, and gives probabilities that sum to 1', async () => {
    const model = await fit(made, three);
    const unseen = makeData(120, 3, 2);
    const right = labelsOf(model, unseen.x).filter((label, row) => label === unseen.y[row]).length;
    if (nature.blind === undefined) expect(right / 120).toBeGreaterThan(nature.least ?? 0.9);
    const probabilities = model.probabilities(unseen.x);
    for (let row = 0; row < 120; row++) {
      const own = probabilities.subarray(row * 3, row * 3 + 3);
      expect(own.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 12);
      expect(Math.min(...own)).toBeGreaterThanOrEqual(0);
    }
  });

  it.each([2, 3, 5])('works for %i classes, and scores columns for their own class', async (classes) => {
    const data = makeData(classes * 60, classes, 3);
    const model = await fit(made, data);
    const scores = model.columnScores();
    expect(scores === null).toBe(nature.unscored === true);
    if (scores === null) return;
    expect(scores.length).toBe(data.x.columns * classes);
    for (let column = 0; column < classes * 4; column++) {
      const own = Array.from(scores.subarray(column * classes, (column + 1) * classes));
      expect(own.indexOf(Math.max(...own))).toBe(Math.floor(column / 4));
    }
  });

  it('gives the same model for the same seed and rows', async () => {
    const [a, b] = [await fit(made, three), await fit(made, three)];
    expect(a.probabilities(three.x)).toEqual(b.probabilities(three.x));
  });

  it.skipIf(nature.drawn ?? nature.dealt)('scores do not depend on the order of rows', async () => {
    const turned = Int32Array.from({ length: three.x.rows }, (_, i) => three.x.rows - 1 - i);
    const other = { ...three, x: selectRows(three.x, turned), y: Int32Array.from(turned, (row) => three.y[row]!) };
    const [a, b] = [essence(await fit(made, three), three.x), essence(await fit(made, other), three.x)];
    a.forEach((score, at) => {
      expect(score).toBeCloseTo(b[at]!, 4);
    });
  });

  it.skipIf(nature.placed ?? nature.drawn ?? nature.dealt)(
    'a row of weight 2 is the row standing there twice',
    async () => {
      const twice = Int32Array.from({ length: 300 }, (_, i) => i % 240);
      const repeated = { ...three, x: selectRows(three.x, twice), y: Int32Array.from(twice, (row) => three.y[row]!) };
      const weighted = { ...three, rowWeights: Float64Array.from({ length: 240 }, (_, row) => (row < 60 ? 2 : 1)) };
      const [a, b] = [essence(await fit(made, repeated), three.x), essence(await fit(made, weighted), three.x)];
      a.forEach((score, at) => {
        expect(score).toBeCloseTo(b[at]!, 4);
      });
    },
  );

  it('is the same after its parts were taken and put together', async () => {
    const model = await fit(made, three);
    const again = classifierFromParts(model.toParts(), model);
    if (typeof again === 'string') throw new Error(again);
    expect(again.probabilities(three.x)).toEqual(model.probabilities(three.x));
  });

  it('bears empty rows, constant columns and columns that never occur', async () => {
    const x: CsrMatrix = {
      rows: 6,
      columns: 4,
      indptr: Int32Array.of(0, 2, 4, 5, 6, 6, 6),
      indices: Int32Array.of(0, 1, 0, 1, 0, 0),
      values: Float64Array.of(1, 2, 1, 2, 1, 1),
    };
    const model = await fit(made, { x, y: Int32Array.of(0, 0, 1, 1, 0, 1), classes: ['a', 'b'] });
    expect(model.probabilities(x).every(Number.isFinite)).toBe(true);
  });

  it.each(['empty', 'constant'])('gives rows that are all %s one answer', async (kind) => {
    const entries = kind === 'empty' ? 0 : 1;
    const x: CsrMatrix = {
      rows: 12,
      columns: 3,
      indptr: Int32Array.from({ length: 13 }, (_, row) => row * entries),
      indices: new Int32Array(12 * entries).fill(1),
      values: new Float64Array(12 * entries).fill(0.5),
    };
    const y = Int32Array.from({ length: 12 }, (_, row) => row % 2);
    const [first = NaN, second = NaN, ...others] = (await fit(made, { x, y, classes: ['a', 'b'] })).probabilities(x);
    expect(first + second).toBeCloseTo(1, 12);
    if (nature.guessing === undefined) expect(others).toEqual(others.map((_, at) => (at % 2 === 0 ? first : second)));
  });

  it('takes numbers for labels, in any order', async () => {
    const classes = ['10', '-1', '2'];
    const model = await fit(made, { ...three, classes });
    expect(model.classes).toEqual(classes);
    expect(model.probabilities(three.x)).toEqual((await fit(made, three)).probabilities(three.x));
  });

  it('refuses more labels than rows; with a row a label it learns, or says how many it needs', async () => {
    const few = (rows: number, classes: number): TrainingSet => {
      const data = makeData(classes, classes, 7);
      const taken = Int32Array.from({ length: rows }, (_, row) => row);
      return { x: selectRows(data.x, taken), y: data.y.subarray(0, rows), classes: data.classes };
    };
    const fewer = await made.fit(few(4, 6));
    expect(fewer.ok ? 'fitted' : fewer.error.reason).toBe('training-data-invalid');
    const data = few(4, 4);
    const outcome = await made.fit(data);
    if (outcome.ok) expect(outcome.value.probabilities(data.x).every(Number.isFinite)).toBe(true);
    else
      expect(failureMessage(outcome.error)).toMatch(
        /has 1 row, \d are needed|5 neighbours .* cannot be found in 4 rows/,
      );
  });

  it('refuses data that do not fit together, by a failure', async () => {
    const { x, y, classes } = three;
    const wrong: readonly [string, TrainingSet][] = [
      ['labels', { x, y: y.subarray(1), classes }],
      ['label number', { x, y: y.map((c) => c + 1), classes }],
      ['empty class', { x, y, classes: [...classes, 'never'] }],
      ['weights', { ...three, rowWeights: new Float64Array(3) }],
      ['negative weight', { ...three, rowWeights: new Float64Array(x.rows).fill(-1) }],
      ['NaN', { ...three, x: { ...x, values: x.values.map((v, i) => (i === 5 ? NaN : v)) } }],
      ['infinite', { ...three, x: { ...x, values: x.values.map((v, i) => (i === 5 ? Infinity : v)) } }],
      ['column', { ...three, x: { ...x, indices: x.indices.map((v, i) => (i === 5 ? x.columns : v)) } }],
      ['pointers', { ...three, x: { ...x, indptr: x.indptr.map((v, i) => (i === 5 ? 0 : v)) } }],
    ];
    for (const [what, data] of wrong) {
      if (what === 'NaN' && nature.gaps === true) continue;
      const outcome = await made.fit(data);
      expect(outcome.ok ? what : outcome.error.reason, what).toBe('training-data-invalid');
    }
    const single = await made.fit({ x, y: new Int32Array(x.rows), classes: ['only'] });
    expect(single.ok ? '' : single.error.reason).toBe('single-class');
  });

  it('reports progress, and ends when it is told to', async () => {
    let calls = 0;
    const reports = nature.single === true ? 1 : 2;
    const outcome = await made.fit(three, { onProgress: () => calls++, cancelled: () => calls >= reports });
    expect(outcome.ok ? 'fitted' : outcome.error.reason).toBe('fit-cancelled');
    expect(calls).toBe(reports);
  });
}
