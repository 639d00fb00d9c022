import { nodeFlags, type TreeEnsemble } from './ensemble.ts';

/** Sums of as many such leaves as memory holds stay finite. */
const mostLeaf = 1e100;
const isSane = (value: number): boolean => Math.abs(value) <= mostLeaf;

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
  if (base.length !== outputs || !base.every(isSane)) return 'the beginnings of its sums are broken';
  if (!(divisor >= 1 && divisor <= mostTrees)) return 'what its sums are divided by is broken';
  if (!(sharpness > 0 && sharpness <= 1e6)) return 'its sharpness is broken';
  const lengths = [threshold, left, right, flags, gain].map((array) => array.length);
  return lengths.every((length) => length === feature.length) ? undefined : 'its lists of nodes differ in length';
}

function nodeProblem(trees: TreeEnsemble): string | undefined {
  const { feature, threshold, left, right, flags, gain, leaves, cover, columns, categoryEnds } = trees;
  const nodes = feature.length;
  const isChild = (child: number, parent: number): boolean =>
    child < 0 ? ~child < leaves.length : child > parent && child < nodes;
  for (let node = 0; node < nodes; node++) {
    const column = feature[node] ?? -1;
    if (column < 0 || column >= columns) return `node ${node} looks at column ${column} of ${columns}`;
    if (!isChild(left[node] ?? 0, node) || !isChild(right[node] ?? 0, node))
      return `node ${node} has a child that is none`;
    const limit = threshold[node] ?? NaN;
    // An infinite threshold parts missing values from all others: LightGBM writes such ones.
    if (Number.isNaN(limit) || !Number.isFinite(gain[node])) return `a number of node ${node} is not finite`;
    if (((flags[node] ?? 0) & nodeFlags.categorical) === 0) continue;
    if (!Number.isInteger(limit) || limit < 0 || limit >= categoryEnds.length)
      return `node ${node} has no set of categories`;
  }
  if (!leaves.every(isSane)) return 'a leaf is not finite, or absurdly large';
  const isCover = cover.length === 0 || cover.length === leaves.length;
  return isCover && cover.every((seen) => seen >= 0 && seen <= mostCover) ? undefined : 'what its leaves saw is broken';
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
