import { nodeFlags, type TreeEnsemble } from '../trees/ensemble.ts';

/** Why trees cannot be grown on top of these, or nothing. */
export function growOnProblem(
  { rules, columns, outputs, divisor, sharpness }: TreeEnsemble,
  wanted: { readonly columns: number; readonly outputs: readonly number[] },
): string | undefined {
  if (rules !== 'lightgbm') return 'takes a model of boosted_trees or lightgbm';
  if (divisor !== 1 || sharpness !== 1) return 'takes no model whose trees are averaged or whose scores are sharpened';
  if (columns !== wanted.columns) return `has ${columns} columns, and the data ${wanted.columns}`;
  return wanted.outputs.includes(outputs) ? undefined : `has ${outputs} scores a row, which do not fit`;
}

/** The trees of both, the second ones behind the first; sums begin where those of the first do. */
export function joinEnsembles(first: TreeEnsemble, second: TreeEnsemble): TreeEnsemble {
  const [nodes, leaves] = [first.feature.length, first.leaves.length];
  const moved = (child: number): number => (child < 0 ? ~(~child + leaves) : child + nodes);
  const isCovered = first.cover.length === leaves && second.cover.length === second.leaves.length;
  const isCategorical = (node: number): boolean => ((second.flags[node] ?? 0) & nodeFlags.categorical) !== 0;
  const sets = first.categoryEnds.length;
  return {
    ...first,
    feature: bothInts(first.feature, second.feature),
    threshold: both(
      first.threshold,
      second.threshold.map((limit, node) => (isCategorical(node) ? limit + sets : limit)),
      (length) => new Float64Array(length),
    ),
    left: bothInts(first.left, second.left.map(moved)),
    right: bothInts(first.right, second.right.map(moved)),
    flags: both(first.flags, second.flags, (length) => new Uint8Array(length)),
    gain: bothFloats(first.gain, second.gain),
    leaves: both(first.leaves, second.leaves, (length) => new Float64Array(length)),
    cover: isCovered ? bothFloats(first.cover, second.cover) : new Float32Array(0),
    roots: bothInts(first.roots, second.roots.map(moved)),
    outputOf: bothInts(first.outputOf, second.outputOf),
    categoryEnds: bothInts(
      first.categoryEnds,
      second.categoryEnds.map((end) => end + first.categories.length),
    ),
    categories: bothInts(first.categories, second.categories),
  };
}

interface Numbers extends ArrayLike<number> {
  set(values: ArrayLike<number>, offset?: number): void;
}

function both<A extends Numbers>(first: ArrayLike<number>, second: ArrayLike<number>, make: (length: number) => A): A {
  const joined = make(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}

const bothInts = (first: Int32Array, second: Int32Array): Int32Array =>
  both(first, second, (length) => new Int32Array(length));

const bothFloats = (first: Float32Array, second: Float32Array): Float32Array =>
  both(first, second, (length) => new Float32Array(length));
