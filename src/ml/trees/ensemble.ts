/** What a node does with values that are no ordinary numbers. Bits of `TreeEnsemble.flags`. */
export const nodeFlags = {
  /** NaN goes left; without it, right. */
  nanLeft: 1,
  /** Values within 1e-35 of zero count as missing, and go where `zeroLeft` says (LightGBM's `zero_as_missing`). */
  zeroMissing: 2,
  zeroLeft: 4,
  /** Goes left when the value, cut to a whole number, is in a set of categories. */
  categorical: 8,
} as const;

/** LightGBM's kZeroThreshold, a float32. */
export const zeroThreshold = Math.fround(1e-35);

/**
 * Boosted decision trees, all nodes of all trees in flat arrays. A child (and a root) of 0 or more is a node, below 0 it is the leaf ~child.
 * Every child stands behind its parent, so that no walk can go round in circles.
 */
export interface TreeEnsemble {
  /** `lightgbm`: sums in float64, entries absent from a sparse row are zeros. `xgboost`: float32 all through, absent entries are missing. */
  readonly rules: 'lightgbm' | 'xgboost';
  readonly columns: number;
  /** Margins a row: one a class, or one alone for the second of two classes. */
  readonly outputs: number;
  /** Of each node: the column it looks at. */
  readonly feature: Int32Array;
  /** Of each node: values up to it go left; of a categorical node the number of its set. */
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Of each node: bits of `nodeFlags`. */
  readonly flags: Uint8Array;
  /** Of each node: how much its split lowered the loss when it was made. */
  readonly gain: Float32Array;
  /** What each leaf adds to its tree's margin. */
  readonly leaves: Float64Array;
  /** Of each leaf how much it saw when it was grown: rows (LightGBM), or the sum of their hessians (XGBoost). Empty where that is not known. */
  readonly cover: Float32Array;
  readonly roots: Int32Array;
  /** Of each tree: the margin that it adds to. */
  readonly outputOf: Int32Array;
  /** Set s of categories is the bits of `categories[categoryEnds[s - 1] .. categoryEnds[s]]`, 32 a number, lowest first. */
  readonly categoryEnds: Int32Array;
  readonly categories: Int32Array;
  /** Of each margin: where its sum begins. */
  readonly base: Float64Array;
  /** Sums are divided by it: the number of iterations where trees are averaged (random forests), else 1. */
  readonly divisor: number;
  /** Margins are multiplied by it before the sigmoid; 1 for more than two classes. */
  readonly sharpness: number;
}

/** What an entry that a sparse row does not hold is taken for. */
export const absentValue = ({ rules }: Pick<TreeEnsemble, 'rules'>): number => (rules === 'xgboost' ? NaN : 0);

/** The child of a node that a row goes to. */
export function nextNode(trees: TreeEnsemble, node: number, row: Float64Array): number {
  const isLeft = goesLeft(trees, node, row[trees.feature[node] ?? 0] ?? 0);
  return (isLeft ? trees.left[node] : trees.right[node]) ?? -1;
}

/** Whether a node sends a value of its column to the left. */
export function goesLeft(trees: TreeEnsemble, node: number, value: number): boolean {
  const own = trees.flags[node] ?? 0;
  const limit = trees.threshold[node] ?? 0;
  return own > nodeFlags.nanLeft
    ? unusual(trees, own, limit, value)
    : value <= limit || (own === nodeFlags.nanLeft && Number.isNaN(value));
}

/** Whether a value goes left at a node that knows categories or missing zeros. */
function unusual(trees: TreeEnsemble, flags: number, limit: number, value: number): boolean {
  if (Number.isNaN(value)) return (flags & nodeFlags.nanLeft) !== 0;
  if ((flags & nodeFlags.categorical) !== 0) return isInSet(trees, limit, Math.trunc(value));
  if ((flags & nodeFlags.zeroMissing) !== 0 && Math.abs(value) <= zeroThreshold)
    return (flags & nodeFlags.zeroLeft) !== 0;
  return value <= limit;
}

function isInSet({ categoryEnds, categories }: TreeEnsemble, set: number, category: number): boolean {
  const from = set === 0 ? 0 : (categoryEnds[set - 1] ?? 0);
  const end = categoryEnds[set] ?? 0;
  const at = from + Math.floor(category / 32);
  return category >= 0 && at < end && (((categories[at] ?? 0) >>> (category % 32)) & 1) === 1;
}

/** Sum of the gains of each column's splits, or how many splits it has: the two importances that both libraries know. */
export function columnImportance(trees: TreeEnsemble, kind: 'gain' | 'split'): Float64Array {
  const sums = new Float64Array(trees.columns);
  trees.feature.forEach((column, node) => {
    const gain = trees.gain[node] ?? 0;
    sums[column] = (sums[column] ?? 0) + (kind === 'gain' ? Math.max(gain, 0) : 1);
  });
  return sums;
}
