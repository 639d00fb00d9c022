import type { CsrMatrix } from '../sparse/csr.ts';
import { absentValue, nextNode, type TreeEnsemble } from './ensemble.ts';
import { nodeSums, type NodeSums } from './node-sums.ts';

/** What each column adds to each margin of one row. */
export interface ShapValues {
  /** Mean margin over the rows that the trees saw, [outputs]. */
  readonly expected: Float64Array;
  /** [columns, outputs] by rows; with `expected` they add up to the margins. */
  readonly values: Float64Array;
}

/**
 * Exact SHAP values of trees (Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles", 2018, algorithm 2): what a
 * column adds, averaged over all orders in which columns can become known, where an unknown column goes both ways by what the leaves saw.
 */
export class TreeShap {
  readonly #trees: TreeEnsemble;
  /** What each node saw. */
  readonly #cover: Float64Array;
  readonly #expected: Float64Array;
  readonly #row: Float64Array;
  readonly #path: Path;
  #values = new Float64Array(0);

  /** Undefined for trees that do not say what their leaves saw. */
  static of(trees: TreeEnsemble): TreeShap | undefined {
    const sums = nodeSums(trees);
    return sums === undefined ? undefined : new TreeShap(trees, sums);
  }

  private constructor(trees: TreeEnsemble, sums: NodeSums) {
    this.#trees = trees;
    this.#cover = sums.cover;
    this.#expected = expectedMargins(trees, sums);
    this.#row = new Float64Array(trees.columns).fill(absentValue(trees));
    this.#path = new Path(deepest(trees) + 2);
  }

  /** Of one row of a matrix. The time goes with leaves x depth squared. */
  valuesOf(x: CsrMatrix, row: number): ShapValues {
    const { rules, columns, outputs, roots, outputOf, divisor } = this.#trees;
    this.#values = new Float64Array(columns * outputs);
    const [from, to] = [x.indptr[row] ?? 0, x.indptr[row + 1] ?? 0];
    for (let at = from; at < to; at++) {
      const value = x.values[at] ?? 0;
      this.#row[x.indices[at] ?? 0] = rules === 'xgboost' ? Math.fround(value) : value;
    }
    for (let tree = 0; tree < roots.length; tree++) {
      this.#visit({ node: roots[tree] ?? -1, start: 0, depth: 0, zero: 1, one: 1, feature: -1 }, outputOf[tree] ?? 0);
    }
    for (let at = from; at < to; at++) this.#row[x.indices[at] ?? 0] = absentValue(this.#trees);
    if (divisor !== 1) this.#values.forEach((value, at) => (this.#values[at] = value / divisor));
    return { expected: this.#expected, values: this.#values };
  }

  #visit({ node, start, depth, zero, one, feature }: Visit, output: number): void {
    const path = this.#path;
    const { feature: features, left, right, leaves, outputs } = this.#trees;
    path.extend(start, depth, { feature, zero, one });
    if (node < 0) {
      const value = leaves[~node] ?? 0;
      for (let i = 1; i <= depth; i++) {
        const place = (path.feature[start + i] ?? 0) * outputs + output;
        const share = path.unwoundSum(start, depth, i) * ((path.one[start + i] ?? 0) - (path.zero[start + i] ?? 0));
        this.#values[place] = (this.#values[place] ?? 0) + share * value;
      }
      return;
    }
    const column = features[node] ?? 0;
    const hot = nextNode(this.#trees, node, this.#row);
    const cold = (hot === left[node] ? right[node] : left[node]) ?? -1;
    let ahead = depth;
    let [zeroBefore, oneBefore] = [1, 1];
    const known = path.find(start, depth, column);
    if (known > 0) {
      zeroBefore = path.zero[start + known] ?? 1;
      oneBefore = path.one[start + known] ?? 1;
      path.unwind(start, depth, known);
      ahead--;
    }
    const whole = this.#coverOf(node);
    for (const child of [hot, cold]) {
      const next = path.copy(start, ahead);
      const share = (this.#coverOf(child) / whole) * zeroBefore;
      const visit = { node: child, start: next, depth: ahead + 1, zero: share, feature: column };
      this.#visit({ ...visit, one: child === hot ? oneBefore : 0 }, output);
    }
  }

  #coverOf(node: number): number {
    return (node < 0 ? this.#trees.cover[~node] : this.#cover[node]) ?? 0;
  }
}

interface Visit {
  readonly node: number;
  /** Where the path of this visit begins. */
  readonly start: number;
  readonly depth: number;
  readonly zero: number;
  readonly one: number;
  readonly feature: number;
}

/**
 * The columns on the way to a node: of each the share of rows that go on where it is unknown (`zero`) and known (`one`), and the weights of subsets
 * by their size. Every visit has a piece of its own, behind that of its parent.
 */
class Path {
  readonly feature: Int32Array;
  readonly zero: Float64Array;
  readonly one: Float64Array;
  readonly weight: Float64Array;

  constructor(depth: number) {
    const size = ((depth + 1) * (depth + 2)) / 2;
    this.feature = new Int32Array(size);
    this.zero = new Float64Array(size);
    this.one = new Float64Array(size);
    this.weight = new Float64Array(size);
  }

  /** Copies the first `depth` + 1 parts behind themselves, and gives where. */
  copy(start: number, depth: number): number {
    const next = start + depth + 1;
    for (const array of [this.feature, this.zero, this.one, this.weight]) array.copyWithin(next, start, next);
    return next;
  }

  extend(
    start: number,
    depth: number,
    { feature, zero, one }: { readonly feature: number; readonly zero: number; readonly one: number },
  ): void {
    const { weight } = this;
    this.feature[start + depth] = feature;
    this.zero[start + depth] = zero;
    this.one[start + depth] = one;
    weight[start + depth] = depth === 0 ? 1 : 0;
    for (let i = depth - 1; i >= 0; i--) {
      const own = weight[start + i] ?? 0;
      weight[start + i + 1] = (weight[start + i + 1] ?? 0) + (one * own * (i + 1)) / (depth + 1);
      weight[start + i] = (zero * own * (depth - i)) / (depth + 1);
    }
  }

  /** Takes part `index` out again. */
  unwind(start: number, depth: number, index: number): void {
    const { weight } = this;
    const one = this.one[start + index] ?? 0;
    const zero = this.zero[start + index] ?? 0;
    let next = weight[start + depth] ?? 0;
    for (let i = depth - 1; i >= 0; i--) {
      const own = weight[start + i] ?? 0;
      if (one === 0) weight[start + i] = (own * (depth + 1)) / (zero * (depth - i));
      else {
        const before = (next * (depth + 1)) / ((i + 1) * one);
        weight[start + i] = before;
        next = own - (before * zero * (depth - i)) / (depth + 1);
      }
    }
    for (let i = index; i < depth; i++) {
      this.feature[start + i] = this.feature[start + i + 1] ?? 0;
      this.zero[start + i] = this.zero[start + i + 1] ?? 0;
      this.one[start + i] = this.one[start + i + 1] ?? 0;
    }
  }

  /** What the weights would sum to without part `index`. */
  unwoundSum(start: number, depth: number, index: number): number {
    const { weight } = this;
    const one = this.one[start + index] ?? 0;
    const zero = this.zero[start + index] ?? 0;
    let next = weight[start + depth] ?? 0;
    let sum = 0;
    for (let i = depth - 1; i >= 0; i--) {
      const own = weight[start + i] ?? 0;
      if (one === 0) sum += (own * (depth + 1)) / (zero * (depth - i));
      else {
        const before = (next * (depth + 1)) / ((i + 1) * one);
        sum += before;
        next = own - (before * zero * (depth - i)) / (depth + 1);
      }
    }
    return sum;
  }

  /** The part of a column, or 0: the first part is of none. */
  find(start: number, depth: number, column: number): number {
    for (let i = 1; i <= depth; i++) if (this.feature[start + i] === column) return i;
    return 0;
  }
}

function expectedMargins({ leaves, roots, outputOf, base, divisor }: TreeEnsemble, { mean }: NodeSums): Float64Array {
  const expected = Float64Array.from(base);
  roots.forEach((root, tree) => {
    const output = outputOf[tree] ?? 0;
    expected[output] = (expected[output] ?? 0) + ((root < 0 ? leaves[~root] : mean[root]) ?? 0);
  });
  return divisor === 1 ? expected : expected.map((margin) => margin / divisor);
}

function deepest({ left, right, roots }: TreeEnsemble): number {
  const depths = new Int32Array(left.length);
  let most = roots.length > 0 ? 1 : 0;
  for (let node = 0; node < left.length; node++) {
    for (const child of [left[node] ?? -1, right[node] ?? -1]) {
      const depth = (depths[node] ?? 0) + 1;
      if (child >= 0) depths[child] = Math.max(depths[child] ?? 0, depth);
      most = Math.max(most, depth + 1);
    }
  }
  return most;
}
