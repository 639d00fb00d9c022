import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { absentValue, nextNode, nodeFlags, type TreeEnsemble } from './ensemble.ts';
import { flattenTrees, type StoredTree } from './flatten.ts';
import { margins } from './margins.ts';
import { workspaceOf } from './workspace.ts';

const random = seededRandom(21);
const whole = (below: number): number => Math.floor(random() * below);
const real = (): number => random() * 6 - 3;
const { nanLeft, zeroMissing, zeroLeft, categorical } = nodeFlags;

/** A tree of any shape whose nodes look at any columns, in any of the ways there are. */
function anyTree(columns: number, output: number, isXgboost: boolean): StoredTree {
  const leaves = 1 + whole(24);
  const nodes = leaves - 1;
  const left = new Int32Array(nodes).fill(-1);
  const right = new Int32Array(nodes).fill(-1);
  // Node n takes the place of a leaf that a node before it still has.
  const open: [Int32Array, number][] = [];
  for (let node = 0; node < nodes; node++) {
    if (node > 0) {
      const [[side, parent]] = open.splice(whole(open.length), 1) as [[Int32Array, number]];
      side[parent] = node;
    }
    open.push([left, node], [right, node]);
  }
  open.forEach(([side, parent], leaf) => (side[parent] = ~leaf));
  const kinds = isXgboost ? [0, nanLeft] : [0, nanLeft, zeroMissing, zeroMissing | nanLeft | zeroLeft, categorical];
  const flags = Uint8Array.from({ length: nodes }, () => kinds[whole(kinds.length)]!);
  return {
    ...{ output, left, right, flags, root: nodes === 0 ? ~0 : 0 },
    feature: Int32Array.from({ length: nodes }, () => whole(columns)),
    threshold: Float64Array.from(flags, (own) => (own === categorical ? whole(2) : [real(), 0, 1][whole(3)]!)),
    gain: new Float32Array(nodes),
    leaves: Float64Array.from({ length: leaves }, real),
    cover: new Float32Array(0),
  };
}

function anyTrees(rules: TreeEnsemble['rules'], columns: number): TreeEnsemble {
  const outputs = 3;
  const stored = Array.from({ length: 60 }, (_, tree) => anyTree(columns, tree % outputs, rules === 'xgboost'));
  const trees = flattenTrees(stored, {
    ...{ rules, columns, outputs, base: Float64Array.of(0.5, -1, 0), divisor: 1, sharpness: 1 },
    ...{ categoryEnds: Int32Array.of(1, 3), categories: Int32Array.of(0b1010, 0b0101, -1) },
  });
  if (typeof trees === 'string') throw new Error(trees);
  return trees;
}

/** Each column with the given chance; some entries hold zero, NaN, or a category. */
function anyRows(columns: number, share: number): CsrMatrix {
  const indptr = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (let row = 0; row < 80; row++) {
    for (let column = columns - 1; column >= 0; column--) {
      if (random() >= share) continue;
      indices.push(column);
      values.push([real(), 1, 0, NaN, whole(70), -1][whole(6)]!);
    }
    indptr.push(indices.length);
  }
  const arrays = { indptr: Int32Array.from(indptr), indices: Int32Array.from(indices) };
  return { rows: 80, columns, ...arrays, values: Float64Array.from(values) };
}

/** From root to leaf, node by node, in a row with all its columns. */
function byWalking(trees: TreeEnsemble, x: CsrMatrix, isInOrder: boolean): Float64Array {
  const out = new Float64Array(x.rows * trees.outputs);
  for (let row = 0; row < x.rows; row++) {
    const open = new Float64Array(trees.columns).fill(absentValue(trees));
    for (let at = x.indptr[row]!; at < x.indptr[row + 1]!; at++)
      open[x.indices[at]!] = isInOrder ? Math.fround(x.values[at]!) : x.values[at]!;
    const sums = trees.base.slice();
    trees.roots.forEach((root, tree) => {
      let node = root;
      while (node >= 0) node = nextNode(trees, node, open);
      const sum = sums[trees.outputOf[tree]!]! + trees.leaves[~node]!;
      sums[trees.outputOf[tree]!] = isInOrder ? Math.fround(sum) : sum;
    });
    out.set(sums, row * trees.outputs);
  }
  return out;
}

describe.each([
  ['few columns', 200, 0.03],
  ['half of them', 12, 0.5],
  ['all of them', 12, 1],
  ['none', 12, 0],
])('rows that hold %s', (_what, columns, share) => {
  it('get from LightGBM trees what a walk down each of them gives', () => {
    for (let round = 0; round < 8; round++) {
      const trees = anyTrees('lightgbm', columns);
      const x = anyRows(columns, share);
      const walked = byWalking(trees, x, false);
      margins(trees, x, workspaceOf(trees)).forEach((margin, at) => {
        expect(margin).toBeCloseTo(walked[at]!, 11);
      });
    }
  });

  it('get from XGBoost trees to the last bit what a walk down each of them gives, added up in float32', () => {
    for (let round = 0; round < 8; round++) {
      const trees = anyTrees('xgboost', columns);
      const x = anyRows(columns, share);
      expect(margins(trees, x, workspaceOf(trees))).toEqual(byWalking(trees, x, true));
    }
  });
});

it('trees that share nodes are walked down one by one', () => {
  const trees = anyTrees('lightgbm', 12);
  const shared = { ...trees, roots: trees.roots.map(() => trees.roots.find((root) => root >= 0)!) };
  const space = workspaceOf(shared);
  const x = anyRows(12, 0.2);
  const walked = byWalking(shared, x, false);
  margins(shared, x, space).forEach((margin, at) => {
    expect(margin).toBeCloseTo(walked[at]!, 11);
  });
});
