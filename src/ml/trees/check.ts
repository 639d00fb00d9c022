import { nodeFlags, type TreeEnsemble } from './ensemble.ts';

/** Sums of as many such leaves as memory holds stay finite. */
const mostLeaf = 1e100;

/** The largest float32. */
const mostFloat = 3.4028234663852886e38;

/** More rows than any leaf saw. */
const mostCover = 1e15;

/** More trees than any model has. */
const mostTrees = 10_000_000;

/**
 * Says what is wrong with trees from outside, or nothing. Afterwards every walk ends at a leaf that is there, looks only at columns that are there,
 * and gives finite margins.
 */
export function ensembleProblem(trees: TreeEnsemble): string | undefined {
  return shapeProblem(trees) ?? nodeProblem(trees) ?? rootProblem(trees) ?? setProblem(trees);
}

function shapeProblem(trees: TreeEnsemble): string | undefined {
  const { columns, outputs, feature, threshold, left, right, flags, gain, base, divisor, sharpness } = trees;
  if (!Number.isSafeInteger(columns) || columns < 0 || columns >= 2 ** 31) return 'its number of columns is broken';
  if (base.length !== outputs || !allWithin(base, -mostLeaf, mostLeaf)) return 'the beginnings of its sums are broken';
  if (!(divisor >= 1 && divisor <= mostTrees)) return 'what its sums are divided by is broken';
  if (!(sharpness > 0 && sharpness <= 1e6)) return 'its sharpness is broken';
  const lengths = [threshold, left, right, flags, gain].map((array) => array.length);
  return lengths.every((length) => length === feature.length) ? undefined : 'its lists of nodes differ in length';
}

function nodeProblem(trees: TreeEnsemble): string | undefined {
  const { feature, threshold, left, right, flags, gain, leaves, cover, columns, categoryEnds } = trees;
  const nodes = feature.length;
  const firstLeaf = -leaves.length;
  for (let node = 0; node < nodes; node++) {
    const column = feature[node] ?? -1;
    if (column < 0 || column >= columns) return `node ${node} looks at column ${column} of ${columns}`;
    const l = left[node] ?? 0;
    const r = right[node] ?? 0;
    // Below 0 a leaf, ~leaf; else a node behind this one.
    if (l < firstLeaf || l >= nodes || r < firstLeaf || r >= nodes || (l >= 0 && l <= node) || (r >= 0 && r <= node))
      return `node ${node} has a child that is none`;
    const limit = threshold[node] ?? NaN;
    // An infinite threshold parts missing values from all others: LightGBM writes such ones.
    if (!(limit >= -Infinity)) return `the limit of node ${node} is no number`;
    if (((flags[node] ?? 0) & nodeFlags.categorical) === 0) continue;
    if (!Number.isInteger(limit) || limit < 0 || limit >= categoryEnds.length)
      return `node ${node} has no set of categories`;
  }
  if (!allWithin(gain, -mostFloat, mostFloat)) return 'what a split gained is not finite';
  if (!allWithin(leaves, -mostLeaf, mostLeaf)) return 'a leaf is not finite, or absurdly large';
  const isCover = cover.length === 0 || cover.length === leaves.length;
  return isCover && allWithin(cover, 0, mostCover) ? undefined : 'what its leaves saw is broken';
}

function rootProblem({ roots, outputOf, outputs, feature, leaves }: TreeEnsemble): string | undefined {
  if (roots.length !== outputOf.length || roots.length > mostTrees) return 'its number of trees is broken';
  const isPlace = (root: number): boolean => (root < 0 ? ~root < leaves.length : root < feature.length);
  if (!roots.every(isPlace)) return 'a tree begins nowhere';
  return outputOf.every((output) => output >= 0 && output < outputs) ? undefined : 'a tree belongs to no class';
}

function setProblem({ categoryEnds, categories }: TreeEnsemble): string | undefined {
  let before = 0;
  for (const end of categoryEnds) {
    if (end < before) return 'its sets of categories are broken';
    before = end;
  }
  return before === categories.length ? undefined : 'its sets of categories are broken';
}

/** NaN is not. It runs when a model is loaded, before anything is compiled: iterators and calls would be slow then. */
function allWithin(values: Float32Array | Float64Array, least: number, most: number): boolean {
  let at = values.length;
  while (at-- > 0) {
    const value = values[at] ?? NaN;
    if (!(value >= least && value <= most)) return false;
  }
  return true;
}
