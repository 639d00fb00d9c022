import { goesLeft, nodeFlags, type TreeEnsemble } from './ensemble.ts';

/**
 * The nodes on the ways of an empty row, by the columns that they look at. A row ends in another leaf of a tree than an empty row only if it turns off
 * at one of them, so only they are asked about a text, and of each only those of its own columns.
 */
export interface Turns {
  /** Of column c: `ends[2 c]` to `ends[2 c + 1]` are the plain ones, where values above the limit turn off, by ascending limit; then up to `ends[2 c + 2]` the others. */
  readonly ends: Int32Array;
  readonly limit: Float64Array;
  readonly node: Int32Array;
  readonly tree: Int32Array;
  /** The child that a row which turns off goes to. */
  readonly child: Int32Array;
}

/** Undefined where ways share nodes, as no library writes it: there could be more turns than memory holds. */
export function turnsOf(trees: TreeEnsemble, empty: Float64Array): Turns | undefined {
  const found = nodesOnWays(trees, empty);
  if (found === undefined) return undefined;
  const { columns, feature, threshold, left, right } = trees;
  const { nodes, owners } = found;
  const ends = new Int32Array(columns * 2 + 1);
  const places = new Int32Array(nodes.length);
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] ?? 0;
    const column = feature[node] ?? 0;
    const place = column * 2 + (isPlain(trees, node, empty[column] ?? 0) ? 0 : 1);
    places[at] = place;
    ends[place + 1] = (ends[place + 1] ?? 0) + 1;
  }
  for (let place = 0; place < columns * 2; place++) ends[place + 1] = (ends[place + 1] ?? 0) + (ends[place] ?? 0);
  const next = ends.slice(0, columns * 2);
  const limit = new Float64Array(nodes.length);
  const [node, tree, child] = [
    new Int32Array(nodes.length),
    new Int32Array(nodes.length),
    new Int32Array(nodes.length),
  ];
  for (let at = 0; at < nodes.length; at++) {
    const to = next[places[at] ?? 0] ?? 0;
    next[places[at] ?? 0] = to + 1;
    const own = nodes[at] ?? 0;
    limit[to] = threshold[own] ?? 0;
    node[to] = own;
    child[to] = (goesLeft(trees, own, empty[feature[own] ?? 0] ?? 0) ? right[own] : left[own]) ?? -1;
    tree[to] = owners[at] ?? 0;
  }
  const turns = { ends, limit, node, tree, child };
  for (let column = 0; column < columns; column++) sortByLimit(turns, ends[column * 2] ?? 0, ends[column * 2 + 1] ?? 0);
  return turns;
}

/** A node without sets of categories or missing zeros, whose empty rows go left: exactly what lies above its limit goes right. */
const isPlain = (trees: TreeEnsemble, node: number, absent: number): boolean =>
  (trees.flags[node] ?? 0) <= nodeFlags.nanLeft && goesLeft(trees, node, absent);

function nodesOnWays(
  trees: TreeEnsemble,
  empty: Float64Array,
): { readonly nodes: Int32Array; readonly owners: Int32Array } | undefined {
  const { roots, left, right, feature } = trees;
  const nodes = new Int32Array(feature.length);
  const owners = new Int32Array(feature.length);
  let found = 0;
  for (let tree = 0; tree < roots.length; tree++) {
    for (let node = roots[tree] ?? -1; node >= 0;) {
      if (found === nodes.length) return undefined;
      nodes[found] = node;
      owners[found++] = tree;
      node = (goesLeft(trees, node, empty[feature[node] ?? 0] ?? 0) ? left[node] : right[node]) ?? -1;
    }
  }
  return { nodes: nodes.subarray(0, found), owners: owners.subarray(0, found) };
}

/** Most columns have few turns, or limits that are all the same. */
function sortByLimit({ limit, node, tree, child }: Turns, from: number, to: number): void {
  if (isAscending(limit, from, to)) return;
  const order = Array.from({ length: to - from }, (_, i) => from + i);
  order.sort((a, b) => (limit[a] ?? 0) - (limit[b] ?? 0) || a - b);
  const sorted = order.map((at) => [limit[at] ?? 0, node[at] ?? 0, tree[at] ?? 0, child[at] ?? -1] as const);
  sorted.forEach(([ownLimit, ownNode, ownTree, ownChild], i) => {
    limit[from + i] = ownLimit;
    node[from + i] = ownNode;
    tree[from + i] = ownTree;
    child[from + i] = ownChild;
  });
}

function isAscending(values: Float64Array, from: number, to: number): boolean {
  for (let at = from + 1; at < to; at++) if ((values[at - 1] ?? 0) > (values[at] ?? 0)) return false;
  return true;
}
