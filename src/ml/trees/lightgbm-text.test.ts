import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { trainField } from '../estimators.ts';
import { readField } from '../fields.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { nodeFlags, type TreeEnsemble } from './ensemble.ts';
import { treesFromLightgbm } from './lightgbm-model.ts';
import { lightgbmModel } from './lightgbm-text.ts';
import { margins } from './margins.ts';
import { TreeClassifier } from './tree-classifier.ts';
import { TreeShap } from './tree-shap.ts';
import { workspaceOf } from './workspace.ts';

interface Case {
  readonly name: string;
  readonly trees: TreeEnsemble;
  readonly x: CsrMatrix;
}

interface Committed {
  readonly name: string;
  readonly library: string;
  readonly model: string;
  readonly columns: number;
  readonly indptr: number[];
  readonly indices: number[];
  readonly values: (number | null)[];
}

const needTrees = (trees: TreeEnsemble | string): TreeEnsemble => {
  if (typeof trees === 'string') throw new Error(trees);
  return trees;
};

const committed = (JSON.parse(readFileSync('test/peers/trees.json', 'utf8')) as Committed[])
  .filter(({ library }) => library === 'lightgbm')
  .map(({ name, model, columns, indptr, indices, values }): Case => ({
    name: `LightGBM, ${name}`,
    trees: needTrees(treesFromLightgbm(inflateSync(Buffer.from(model, 'base64')).toString())),
    x: {
      ...{ rows: indptr.length - 1, columns },
      indptr: Int32Array.from(indptr),
      indices: Int32Array.from(indices),
      values: Float64Array.from(values, (value) => value ?? NaN),
    },
  }));

/** Counts and real numbers below and above zero, most of them absent. */
function someRows(rows: number, columns: number): CsrMatrix {
  const random = seededRandom(11);
  const indptr = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (random() > 0.3) continue;
      indices.push(column);
      values.push(column % 2 === 0 ? 1 : random() * 4 - 2);
    }
    indptr.push(indices.length);
  }
  const arrays = { indptr: Int32Array.from(indptr), indices: Int32Array.from(indices) };
  return { rows, columns, ...arrays, values: Float64Array.from(values) };
}

/** Trees of our own, whose sums begin at log shares of the classes. */
async function grown(classes: number): Promise<Case> {
  const x = someRows(400, 20);
  const y = Int32Array.from({ length: x.rows }, (_, row) => {
    let sum = 0;
    for (let at = x.indptr[row]!; at < x.indptr[row + 1]!; at++) sum += x.values[at]!;
    return Math.abs(Math.round(sum)) % classes;
  });
  const train = { algorithm: 'boosted_trees', num_iterations: 25, min_data_in_leaf: 5 };
  const field = readField({ train }, 'train', trainField);
  if (!field.ok) throw new Error(field.error.reason);
  const names = Array.from({ length: classes }, (_, c) => `class ${c}`);
  const fitted = await field.value.estimator.fit({ x, y, classes: names });
  if (!fitted.ok || !(fitted.value instanceof TreeClassifier)) throw new Error('no trees');
  return { name: `our own, ${classes} classes`, trees: fitted.value.trees, x };
}

const own = await Promise.all([grown(3), grown(2)]);
const cases: readonly Case[] = [...committed, ...own];

const textOf = (trees: TreeEnsemble): string => {
  const bytes = lightgbmModel(trees);
  if (typeof bytes === 'string') throw new Error(bytes);
  return Buffer.from(bytes).toString();
};

/** How far numbers are apart, as a share of the larger where that is above 1. */
const apart = (ours: ArrayLike<number>, theirs: ArrayLike<number>): number => {
  expect(ours.length).toBe(theirs.length);
  let most = 0;
  for (let at = 0; at < ours.length; at++)
    most = Math.max(most, Math.abs(ours[at]! - theirs[at]!) / Math.max(1, Math.abs(theirs[at]!)));
  return most;
};

describe.each(cases.map((one) => [one.name, one] as const))('%s', (_name, { trees, x }) => {
  it('read back, a written model says the same', () => {
    const again = needTrees(treesFromLightgbm(textOf(trees)));
    expect(again.base.every((begin) => begin === 0)).toBe(true);
    expect(apart(margins(again, x, workspaceOf(again)), margins(trees, x, workspaceOf(trees)))).toBeLessThan(1e-12);
    expect(again.cover.reduce((sum, seen) => sum + seen, 0)).toBe(trees.cover.reduce((sum, seen) => sum + seen, 0));
  });
});

describe('trees that LightGBM does not have are refused, with the reason:', () => {
  const [{ trees }] = own;
  const twice = (array: Int32Array): Int32Array => Int32Array.of(...array, ...array);
  const first = <T extends Int32Array | Uint8Array>(array: T, value: number): T => {
    const changed = array.slice() as T;
    changed[0] = value;
    return changed;
  };
  it.each<[string, Partial<TreeEnsemble>, RegExp]>([
    ['XGBoost', { rules: 'xgboost' }, /missing for its trees/],
    ['missing values among categories', { flags: first(trees.flags, nodeFlags.categorical | 1) }, /missing values/],
    ['classes out of turn', { outputOf: first(trees.outputOf, 2) }, /in turn/],
    ['trees that share nodes', { roots: twice(trees.roots), outputOf: twice(trees.outputOf) }, /share nodes/],
    ['scores divided by something else', { divisor: 2 }, /divided/],
  ])('%s', (_what, change, reason) => {
    expect(lightgbmModel({ ...trees, ...change })).toMatch(reason);
  });
});

it('a model without trees is written as trees of one leaf, which say where the sums begin', () => {
  const none = { ...own[0].trees, roots: new Int32Array(0), outputOf: new Int32Array(0) };
  const again = needTrees(treesFromLightgbm(textOf(none)));
  expect(Array.from(again.leaves)).toEqual(Array.from(none.base));
});

const python = process.env['MLP_TEST_PYTHON'];

describe.skipIf(python === undefined)('the LightGBM at MLP_TEST_PYTHON', () => {
  it('loads what is written, and says the same scores, probabilities and contributions', { timeout: 60_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'mlp-lightgbm-text-'));
    const asked = cases.map(({ trees, x }, number) => {
      const model = join(folder, `${number}.txt`);
      writeFileSync(model, textOf(trees));
      const lists = { indptr: [...x.indptr], indices: [...x.indices], values: [...x.values] };
      return { model, rows: x.rows, columns: x.columns, ...lists };
    });
    writeFileSync(join(folder, 'cases.json'), JSON.stringify(asked));
    const words = ['test/peers/lightgbm_text.py', join(folder, 'cases.json')];
    const output = execFileSync(python ?? '', words, { encoding: 'utf8', maxBuffer: 2 ** 28 });
    rmSync(folder, { recursive: true });
    const answers = JSON.parse(output) as { raw: number[]; probabilities: number[]; contributions: number[] }[];
    expect(answers).toHaveLength(cases.length);
    cases.forEach(({ name, trees, x }, number) => {
      const { raw, probabilities, contributions } = answers[number]!;
      // Raw scores of random forests are not divided by the number of trees.
      const scores = margins(trees, x, workspaceOf(trees)).map((score) => score * trees.divisor);
      expect(apart(scores, raw), name).toBeLessThan(1e-9);
      const classes = Array.from({ length: Math.max(2, trees.outputs) }, (_, c) => `class ${c}`);
      const ours = new TreeClassifier({ algorithm: 'any', classes, metrics: {} }, trees).probabilities(x);
      const second = ours.filter((_, at) => at % 2 === 1);
      expect(apart(trees.outputs === 1 ? second : ours, probabilities), name).toBeLessThan(1e-9);
      // LightGBM takes no zeros for missing values here, and does not divide by the number of trees.
      if (name.includes('zero as missing') || trees.divisor !== 1) return;
      expect(apart(shapOf(trees, x), contributions), name).toBeLessThan(1e-9);
    });
  });
});

/** As pred_contrib has it: by rows and margins each column, then the mean. */
function shapOf(trees: TreeEnsemble, x: CsrMatrix): number[] {
  const shap = TreeShap.of(trees)!;
  return Array.from({ length: Math.min(10, x.rows) }, (_, row) => {
    const { expected, values } = shap.valuesOf(x, row);
    return Array.from(expected, (mean, k) => [
      ...Array.from({ length: trees.columns }, (_, column) => values[column * trees.outputs + k]!),
      mean,
    ]);
  }).flat(2);
}
