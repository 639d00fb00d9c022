import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { CsrMatrix } from '../sparse/csr.ts';
import { absentValue, nextNode, type TreeEnsemble } from './ensemble.ts';
import { gaussLegendre } from './gauss-legendre.ts';
import { treesFromLightgbm } from './lightgbm-model.ts';
import { margins } from './margins.ts';
import { TreeShap } from './tree-shap.ts';
import { workspaceOf } from './workspace.ts';
import { treesFromXgboost } from './xgboost-model.ts';

interface Case {
  readonly name: string;
  readonly library: 'lightgbm' | 'xgboost';
  readonly model: string;
  readonly columns: number;
  readonly indptr: number[];
  readonly indices: number[];
  readonly values: (number | null)[];
  readonly contributions?: number[][][];
}

const committed = JSON.parse(readFileSync('test/peers/trees.json', 'utf8')) as Case[];

function read({ library, model }: Case): TreeEnsemble {
  const bytes = inflateSync(Buffer.from(model, 'base64'));
  const trees = library === 'lightgbm' ? treesFromLightgbm(bytes.toString()) : treesFromXgboost(bytes);
  if (typeof trees === 'string') throw new Error(trees);
  return trees;
}

const rowsOf = ({ columns, indptr, indices, values }: Case): CsrMatrix => ({
  rows: indptr.length - 1,
  columns,
  indptr: Int32Array.from(indptr),
  indices: Int32Array.from(indices),
  values: Float64Array.from(values, (value) => value ?? NaN),
});

const explain = (trees: TreeEnsemble): TreeShap => {
  const shap = TreeShap.of(trees);
  if (shap === undefined) throw new Error('no cover');
  return shap;
};

const dense = (trees: TreeEnsemble, x: CsrMatrix, row: number): Float64Array => {
  const out = new Float64Array(trees.columns).fill(absentValue(trees));
  for (let at = x.indptr[row]!; at < x.indptr[row + 1]!; at++) {
    const value = x.values[at]!;
    out[x.indices[at]!] = trees.rules === 'xgboost' ? Math.fround(value) : value;
  }
  return out;
};

/** The mean of a tree where only some columns are known. */
function meanKnowing(trees: TreeEnsemble, root: number, row: Float64Array, known: ReadonlySet<number>): number {
  const coverOf = (node: number): number =>
    node < 0 ? trees.cover[~node]! : coverOf(trees.left[node]!) + coverOf(trees.right[node]!);
  const of = (node: number): number => {
    if (node < 0) return trees.leaves[~node]!;
    if (known.has(trees.feature[node]!)) return of(nextNode(trees, node, row));
    const [left, right] = [trees.left[node]!, trees.right[node]!];
    return (of(left) * coverOf(left) + of(right) * coverOf(right)) / (coverOf(left) + coverOf(right));
  };
  return of(root);
}

/** Shapley's formula over all subsets of the columns that the tree looks at. */
function byHand(trees: TreeEnsemble, tree: number, row: Float64Array): Map<number, number> {
  const used = new Set<number>();
  const collect = (node: number): void => {
    if (node < 0) return;
    used.add(trees.feature[node]!);
    collect(trees.left[node]!);
    collect(trees.right[node]!);
  };
  collect(trees.roots[tree]!);
  const columns = [...used];
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const values = new Map<number, number>();
  for (const column of columns) {
    const others = columns.filter((other) => other !== column);
    let sum = 0;
    for (let mask = 0; mask < 2 ** others.length; mask++) {
      const subset = new Set(others.filter((_, i) => (mask >> i) & 1));
      const weight = (factorial(subset.size) * factorial(columns.length - subset.size - 1)) / factorial(columns.length);
      const without = meanKnowing(trees, trees.roots[tree]!, row, subset);
      sum += weight * (meanKnowing(trees, trees.roots[tree]!, row, subset.add(column)) - without);
    }
    values.set(column, sum);
  }
  return values;
}

describe.each(committed.map((from) => [from.library, from.name, from] as const))('%s, %s', (_library, _name, from) => {
  const trees = read(from);
  const x = rowsOf(from);

  it('adds up to the margin', () => {
    const shap = explain(trees);
    const all = margins(trees, x, workspaceOf(trees));
    for (let row = 0; row < Math.min(20, x.rows); row++) {
      const { expected, values } = shap.valuesOf(x, row);
      for (let k = 0; k < trees.outputs; k++) {
        let sum = expected[k]!;
        for (let column = 0; column < trees.columns; column++) sum += values[column * trees.outputs + k]!;
        const digits = trees.rules === 'xgboost' ? 4 : 9;
        expect(sum).toBeCloseTo(all[row * trees.outputs + k]!, digits);
      }
    }
  });

  it('is the mean over all orders of columns', () => {
    const small = { ...trees, roots: trees.roots.slice(0, 6), outputOf: new Int32Array(6), outputs: 1, divisor: 1 };
    for (const row of [0, 3, 7]) {
      const { values } = explain({ ...small, base: new Float64Array(1) }).valuesOf(x, row);
      const expected = new Float64Array(trees.columns);
      small.roots.forEach((_, tree) => {
        for (const [column, value] of byHand(small, tree, dense(trees, x, row))) expected[column]! += value;
      });
      expected.forEach((value, column) => {
        expect(values[column]).toBeCloseTo(value, 9);
      });
    }
  });
});

it('columns that mean the same in a deep tree share equally what they add', () => {
  const depth = 60;
  const order = Array.from({ length: depth }, (_, node) => node);
  // One leaf of value 1, behind a split in half on each column; all other leaves are 0.
  const trees: TreeEnsemble = {
    ...{ rules: 'lightgbm', columns: depth, outputs: 1, divisor: 1, sharpness: 1, base: Float64Array.of(0.25) },
    feature: Int32Array.from(order),
    threshold: new Float64Array(depth).fill(0.5),
    left: Int32Array.from(order, (node) => ~node),
    right: Int32Array.from(order, (node) => (node === depth - 1 ? ~depth : node + 1)),
    flags: new Uint8Array(depth),
    gain: new Float32Array(depth),
    leaves: Float64Array.from([...order.map(() => 0), 1]),
    cover: Float32Array.from([...order.map((node) => 2 ** -(node + 1)), 2 ** -depth]),
    ...{ roots: Int32Array.of(0), outputOf: Int32Array.of(0) },
    ...{ categoryEnds: new Int32Array(0), categories: new Int32Array(0) },
  };
  const x = { rows: 1, columns: depth, indptr: Int32Array.of(0, depth), indices: Int32Array.from(order) };
  const { expected, values } = explain(trees).valuesOf({ ...x, values: new Float64Array(depth).fill(1) }, 0);
  expect(expected[0]).toBeCloseTo(0.25 + 2 ** -depth, 12);
  for (const value of values) expect(value).toBeCloseTo((1 - 2 ** -depth) / depth, 12);
});

it('the points of the integrals are exact for all polynomials that they are used for', () => {
  for (const points of [1, 2, 7, 30]) {
    const { at, weight } = gaussLegendre(points);
    for (let power = 0; power < 2 * points; power++) {
      const sum = at.reduce((total, t, q) => total + weight[q]! * t ** power, 0);
      expect(sum, `${points} points, power ${power}`).toBeCloseTo(1 / (power + 1), 13);
    }
  }
});

it('trees that do not say what their leaves saw cannot be explained', () => {
  expect(TreeShap.of({ ...read(committed[0]!), cover: new Float32Array(0) })).toBeUndefined();
});

const python = process.env['MLP_TEST_PYTHON'];

describe.skipIf(python === undefined)('against the libraries at MLP_TEST_PYTHON', () => {
  it('says what pred_contrib says', { timeout: 60_000 }, () => {
    const given = execFileSync(python ?? '', ['test/peers/shap_reference.py', '7', '300', '20'], {
      maxBuffer: 2 ** 29,
      encoding: 'utf8',
    });
    const cases = JSON.parse(given) as Case[];
    expect(cases.length).toBeGreaterThan(10);
    for (const from of cases) {
      const trees = read(from);
      const shap = explain(trees);
      const x = rowsOf(from);
      from.contributions!.forEach((outputs, row) => {
        const { expected, values } = shap.valuesOf(x, row);
        outputs.forEach((columns, k) => {
          columns.forEach((theirs, column) => {
            const ours = column === from.columns ? expected[k]! : values[column * trees.outputs + k]!;
            const what = `${from.library} ${from.name}, row ${row}, column ${column}`;
            expect(Math.abs(ours - theirs), what).toBeLessThan(from.library === 'xgboost' ? 1e-4 : 1e-6);
          });
        });
      });
    }
  });
});
