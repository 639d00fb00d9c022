import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { largestOfRows } from '../estimator.ts';
import { classifierFromParts } from '../estimators.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import type { TreeEnsemble } from './ensemble.ts';
import { treesFromLightgbm } from './lightgbm-model.ts';
import { treeClassifier, type TreeClassifier } from './tree-classifier.ts';
import { treesFromXgboost } from './xgboost-model.ts';

/** What test/peers/tree_models.py gives: a model of the library, rows, and what the library predicts for them. */
interface Case {
  readonly name: string;
  readonly library: 'lightgbm' | 'xgboost';
  /** Base64 of deflated bytes. */
  readonly model: string;
  readonly columns: number;
  readonly indptr: number[];
  readonly indices: number[];
  readonly values: (number | null)[];
  readonly classes: number;
  readonly probabilities: number[];
}

const committed = JSON.parse(readFileSync('test/peers/trees.json', 'utf8')) as Case[];

const rowsOf = ({ columns, indptr, indices, values }: Case): CsrMatrix => ({
  rows: indptr.length - 1,
  columns,
  indptr: Int32Array.from(indptr),
  indices: Int32Array.from(indices),
  values: Float64Array.from(values, (value) => value ?? NaN),
});

const bytesOf = ({ model }: Case): Buffer => inflateSync(Buffer.from(model, 'base64'));

const read = (from: Case): TreeEnsemble => {
  const trees =
    from.library === 'lightgbm' ? treesFromLightgbm(bytesOf(from).toString()) : treesFromXgboost(bytesOf(from));
  if (typeof trees === 'string') throw new Error(trees);
  return trees;
};

const known = (classes: number): { algorithm: string; classes: string[]; metrics: Record<string, number> } => ({
  algorithm: 'any',
  classes: Array.from({ length: classes }, (_, c) => `class ${c}`),
  metrics: {},
});

const classifierOf = (from: Case): TreeClassifier => {
  const classifier = treeClassifier(known(from.classes), read(from));
  if (typeof classifier === 'string') throw new Error(classifier);
  return classifier;
};

function expectSamePredictions(from: Case): void {
  const ours = classifierOf(from).probabilities(rowsOf(from));
  expect(ours.length).toBe(from.probabilities.length);
  if (from.name === 'softmax') {
    const theirs = largestOfRows(Float64Array.from(from.probabilities), from.classes);
    expect(largestOfRows(ours, from.classes)).toEqual(theirs);
    return;
  }
  const most = ours.reduce((far, p, at) => Math.max(far, Math.abs(p - from.probabilities[at]!)), 0);
  expect(most).toBeLessThan(1e-6);
}

describe('against the committed models (test/peers/trees.json)', () => {
  it.each(committed.map((from) => [from.library, from.name, from] as const))(
    '%s, %s: predicts what the library predicts',
    (_library, _name, from) => {
      expectSamePredictions(from);
    },
  );

  it.each(committed.map((from) => [from.library, from.name, from] as const))(
    '%s, %s: is the same after its parts were taken and put together',
    (_library, _name, from) => {
      const classifier = classifierOf(from);
      const again = classifierFromParts(classifier.toParts(), known(from.classes));
      if (typeof again === 'string') throw new Error(again);
      expect(again.probabilities(rowsOf(from))).toEqual(classifier.probabilities(rowsOf(from)));
    },
  );

  it('an entry that holds zero is missing for neither library, and an absent one only for XGBoost', () => {
    const zeros: CsrMatrix = {
      rows: 1,
      columns: 12,
      indptr: Int32Array.of(0, 12),
      indices: Int32Array.from({ length: 12 }, (_, c) => c),
      values: new Float64Array(12),
    };
    const nothing = { ...zeros, indptr: Int32Array.of(0, 0), indices: new Int32Array(0), values: new Float64Array(0) };
    const [lightgbm, xgboost] = [classifierOf(committed[0]!), classifierOf(committed[12]!)];
    expect(lightgbm.probabilities(zeros)).toEqual(lightgbm.probabilities(nothing));
    expect(xgboost.probabilities(zeros)).not.toEqual(xgboost.probabilities(nothing));
  });

  it('an infinite threshold of LightGBM parts the missing values from all others', () => {
    const from = committed.find(({ library, name }) => library === 'lightgbm' && name === 'NaN')!;
    const withRootAt = (limit: string): Float64Array => {
      const text = bytesOf(from)
        .toString()
        .replaceAll(/^threshold=\S+/gm, `threshold=${limit}`);
      const trees = treesFromLightgbm(text);
      if (typeof trees === 'string') throw new Error(trees);
      const classifier = treeClassifier(known(from.classes), trees);
      if (typeof classifier === 'string') throw new Error(classifier);
      return classifier.probabilities(rowsOf(from));
    };
    expect(withRootAt('inf')).toEqual(withRootAt('1e300'));
    expect(withRootAt('inf')).not.toEqual(withRootAt('0'));
  });

  it('importance counts the splits of a column, and adds up their gains', () => {
    const classifier = classifierOf(committed[0]!);
    const text = bytesOf(committed[0]!).toString();
    const counted = new Float64Array(12);
    for (const [, name, count] of text.matchAll(/^Column_(\d+)=(\d+)$/gm)) counted[Number(name)] = Number(count);
    expect(classifier.importance('split')).toEqual(counted);
    expect(classifier.importance('gain').every((gain, c) => gain > 0 === counted[c]! > 0)).toBe(true);
  });
});

describe('models that are refused, with what is wrong', () => {
  const text = bytesOf(committed[0]!).toString();
  const json = bytesOf(committed[12]!).toString();
  const refused = (outcome: unknown): string => (typeof outcome === 'string' ? outcome : 'read');

  it.each([
    ['linear trees', (t: string) => t.replaceAll('is_linear=0', 'is_linear=1'), /linear_tree/],
    ['another objective', (t: string) => t.replace('objective=multiclass', 'objective=lambdarank'), /lambdarank/],
    ['a tree that lacks a list', (t: string) => t.replace(/^left_child=.*\n/m, ''), /tree 0: its lists/],
    [
      'a tree that is a circle',
      (t: string) => t.replace(/^left_child=.*$/m, (l) => l.replace(/=\S+/, '=0')),
      /two ways/,
    ],
    ['no model at all', () => 'hello', /does not begin/],
  ])('LightGBM: %s', (_what, change, problem) => {
    expect(refused(treesFromLightgbm(change(text)))).toMatch(problem);
  });

  it.each([
    ['another objective', (t: string) => t.replace('multi:softprob', 'rank:ndcg'), /rank:ndcg/],
    ['a linear booster', (t: string) => t.replace('"trees"', '"weights"'), /trees/],
    ['a child that is not there', (t: string) => t.replace('"left_children":[1', '"left_children":[77'), /no node 77/],
    ['half a file', (t: string) => t.slice(0, t.length / 2), /neither JSON nor UBJSON/],
  ])('XGBoost: %s', (_what, change, problem) => {
    expect(refused(treesFromXgboost(Buffer.from(change(json))))).toMatch(problem);
  });
});

describe('hostile parts', () => {
  it('are refused, or predict finite probabilities, whatever number is changed', () => {
    const random = seededRandom(5);
    const whole = (below: number): number => Math.floor(random() * below);
    const odd = [-1, 0, 1, 7, 1e9, -(2 ** 31), NaN, Infinity, -1e300];
    let refused = 0;
    for (let round = 0; round < 4000; round++) {
      const from = committed[whole(committed.length)]!;
      const parts = classifierOf(from).toParts();
      const names = Object.keys(parts.arrays);
      const name = names[whole(names.length)]!;
      const array = parts.arrays[name]!.slice();
      array[whole(array.length)] = odd[whole(odd.length)]!;
      const cut = random() < 0.1 ? array.slice(0, -1) : array;
      const again = classifierFromParts(
        { meta: parts.meta, arrays: { ...parts.arrays, [name]: cut } },
        known(from.classes),
      );
      if (typeof again === 'string') refused++;
      else expect(again.probabilities(rowsOf(from)).every(Number.isFinite)).toBe(true);
    }
    expect(refused).toBeGreaterThan(1000);
  });
});

const python = process.env['MLP_TEST_PYTHON'];

describe.skipIf(python === undefined)('against the libraries at MLP_TEST_PYTHON, with larger models', () => {
  it('predicts what they predict', { timeout: 60_000 }, () => {
    const seed = Math.floor(Math.random() * 1000);
    const given = execFileSync(python ?? '', ['test/peers/tree_models.py', String(seed), '300', '20'], {
      maxBuffer: 2 ** 29,
      encoding: 'utf8',
    });
    for (const from of JSON.parse(given) as Case[]) expectSamePredictions(from);
  });
});
