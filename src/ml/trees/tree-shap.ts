import type { CsrMatrix } from '../sparse/csr.ts';
import { absentValue, nextNode, type TreeEnsemble } from './ensemble.ts';
import { gaussLegendre, type Quadrature } from './gauss-legendre.ts';
import { nodeSums, type NodeSums } from './node-sums.ts';

/** What each column adds to each margin of one row. */
export interface ShapValues {
  /** Mean margin over the rows that the trees saw, [outputs]. */
  readonly expected: Float64Array;
  /** [columns, outputs] by rows; with `expected` they add up to the margins. */
  readonly values: Float64Array;
}

/**
 * Exact SHAP values of trees (Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles", 2018): what a column adds,
 * averaged over all orders in which columns can become known, where an unknown column goes both ways by what the leaves saw.
 *
 * Not by their algorithm, whose time goes with leaves x depth squared. A Shapley value is an integral (Owen, "Multilinear extensions of games", 1972): of what
 * the column adds where each other one is known with the same chance t, from 0 to 1. A row comes to a leaf with the product of one factor a column on the way,
 * z (1 - t) + o t, where z is the share of rows that an unknown column lets pass, and o is 1 where the row's own value passes. That is a polynomial in t, so
 * that a sum over few points is exact; and leaves of a subtree can be added up before they are divided by the factor of the column in question.
 */
export class TreeShap {
  readonly #trees: TreeEnsemble;
  readonly #sums: NodeSums;
  readonly #expected: Float64Array;
  readonly #row: Float64Array;
  /** Of each tree the points that make its integrals exact. */
  readonly #points: readonly Quadrature[];
  /** Of each depth the products of factors at the points, and the sums of leaves below. */
  readonly #products: Float64Array[];
  readonly #below: Float64Array[];
  /** z and o of each column on the way; 1 and 1 of the others. */
  readonly #zero: Float64Array;
  readonly #one: Float64Array;
  #values = new Float64Array(0);

  /** Undefined for trees that do not say what their leaves saw. */
  static of(trees: TreeEnsemble): TreeShap | undefined {
    const sums = nodeSums(trees);
    return sums === undefined ? undefined : new TreeShap(trees, sums);
  }

  private constructor(trees: TreeEnsemble, sums: NodeSums) {
    this.#trees = trees;
    this.#sums = sums;
    this.#expected = expectedMargins(trees, sums);
    this.#row = new Float64Array(trees.columns).fill(absentValue(trees));
    const heights = nodeHeights(trees);
    const ofHeight = new Map<number, Quadrature>();
    this.#points = Array.from(trees.roots, (root) => {
      const points = Math.max(1, Math.ceil((root < 0 ? 0 : (heights[root] ?? 0)) / 2));
      const known = ofHeight.get(points) ?? gaussLegendre(points);
      ofHeight.set(points, known);
      return known;
    });
    const deepest = heights.reduce((most, height) => Math.max(most, height), 0);
    const vectors = (): Float64Array[] =>
      Array.from({ length: deepest + 1 }, () => new Float64Array(Math.max(1, Math.ceil(deepest / 2))));
    this.#products = vectors();
    this.#below = vectors();
    this.#zero = new Float64Array(trees.columns).fill(1);
    this.#one = new Float64Array(trees.columns).fill(1);
  }

  /** Of one row of a matrix. The time goes with leaves x depth. */
  valuesOf(x: CsrMatrix, row: number): ShapValues {
    const { rules, columns, outputs, roots, outputOf, divisor } = this.#trees;
    this.#values = new Float64Array(columns * outputs);
    const [from, to] = [x.indptr[row] ?? 0, x.indptr[row + 1] ?? 0];
    for (let at = from; at < to; at++) {
      const value = x.values[at] ?? 0;
      this.#row[x.indices[at] ?? 0] = rules === 'xgboost' ? Math.fround(value) : value;
    }
    this.#products[0]?.fill(1);
    this.#points.forEach((points, tree) => {
      this.#visit(roots[tree] ?? -1, 0, { points, output: outputOf[tree] ?? 0 });
    });
    for (let at = from; at < to; at++) this.#row[x.indices[at] ?? 0] = absentValue(this.#trees);
    if (divisor !== 1) this.#values.forEach((value, at) => (this.#values[at] = value / divisor));
    return { expected: this.#expected, values: this.#values };
  }

  /** Leaves in `#below` of its depth the sums of all leaves below a node. */
  #visit(node: number, depth: number, tree: Visit): void {
    const { left, right, leaves, feature, outputs } = this.#trees;
    const { points, output } = tree;
    const [products, below] = [this.#products[depth], this.#below[depth]];
    if (products === undefined || below === undefined) return;
    if (node < 0) {
      const value = leaves[~node] ?? 0;
      for (let q = 0; q < points.at.length; q++) below[q] = value * (points.weight[q] ?? 0) * (products[q] ?? 0);
      return;
    }
    below.fill(0, 0, points.at.length);
    const column = feature[node] ?? 0;
    const hot = nextNode(this.#trees, node, this.#row);
    const before = { zero: this.#zero[column] ?? 1, one: this.#one[column] ?? 1 };
    const whole = this.#sums.cover[node] ?? 0;
    let added = 0;
    for (const child of [left[node] ?? -1, right[node] ?? -1]) {
      const seen = (child < 0 ? this.#trees.cover[~child] : this.#sums.cover[child]) ?? 0;
      const now = { zero: (before.zero * seen) / whole, one: child === hot ? before.one : 0 };
      exchange(points, products, this.#products[depth + 1], { before, now });
      this.#zero[column] = now.zero;
      this.#one[column] = now.one;
      this.#visit(child, depth + 1, tree);
      added += addUp(points, this.#below[depth + 1], below, { before, now });
    }
    this.#zero[column] = before.zero;
    this.#one[column] = before.one;
    const place = column * outputs + output;
    this.#values[place] = (this.#values[place] ?? 0) + added;
  }
}

interface Visit {
  readonly points: Quadrature;
  readonly output: number;
}

interface Factor {
  readonly zero: number;
  readonly one: number;
}

/** A column's factor before a node and behind it. */
interface Factors {
  readonly before: Factor;
  readonly now: Factor;
}

const none: Float64Array = new Float64Array(0);

/** Products with the column's factor behind the node in the place of that before it. */
function exchange({ at }: Quadrature, from: Float64Array, to = none, { before, now }: Factors): void {
  for (let q = 0; q < at.length; q++) {
    const t = at[q] ?? 0;
    const old = before.zero * (1 - t) + before.one * t;
    to[q] = ((from[q] ?? 0) / old) * (now.zero * (1 - t) + now.one * t);
  }
}

/** Adds a child's leaves to its parent's; gives what they add to the column, less what they added by the column's factor before the node. */
function addUp({ at }: Quadrature, child = none, parent: Float64Array, { before, now }: Factors): number {
  const [gain, former] = [now.one - now.zero, before.one - before.zero];
  let added = 0;
  for (let q = 0; q < at.length; q++) {
    const t = at[q] ?? 0;
    const leaves = child[q] ?? 0;
    parent[q] = (parent[q] ?? 0) + leaves;
    added += leaves * (gain / (now.zero * (1 - t) + now.one * t) - former / (before.zero * (1 - t) + before.one * t));
  }
  return added;
}

function expectedMargins({ leaves, roots, outputOf, base, divisor }: TreeEnsemble, { mean }: NodeSums): Float64Array {
  const expected = Float64Array.from(base);
  roots.forEach((root, tree) => {
    const output = outputOf[tree] ?? 0;
    expected[output] = (expected[output] ?? 0) + ((root < 0 ? leaves[~root] : mean[root]) ?? 0);
  });
  return divisor === 1 ? expected : expected.map((margin) => margin / divisor);
}

/** Of each node the most nodes on a way from it to a leaf. */
function nodeHeights({ left, right }: TreeEnsemble): Int32Array {
  const heights = new Int32Array(left.length);
  const of = (child: number): number => (child < 0 ? 0 : (heights[child] ?? 0));
  for (let node = heights.length - 1; node >= 0; node--)
    heights[node] = 1 + Math.max(of(left[node] ?? -1), of(right[node] ?? -1));
  return heights;
}
