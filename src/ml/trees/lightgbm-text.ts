import { nodeFlags, type TreeEnsemble } from './ensemble.ts';
import { nodeSums, type NodeSums } from './node-sums.ts';

/**
 * Trees as a text model that LightGBM loads (version v4, as its Tree::ToString and GBDT::SaveModelToString write it) and predicts the same by; treesFromLightgbm
 * reads it back. LightGBM has no place for where a sum begins: that is added to all leaves of the margin's first tree. A text says why trees cannot be written so.
 */
export function lightgbmModel(trees: TreeEnsemble): Uint8Array | string {
  const { roots, outputs, base, divisor, sharpness, columns } = trees;
  const problem = unsupported(trees);
  if (problem !== undefined) return problem;
  const sums = nodeSums(trees);
  const blocks: string[] = [];
  let left = trees.feature.length;
  for (let tree = 0; tree < Math.max(roots.length, outputs); tree++) {
    const order = nodesBelow(trees, roots[tree] ?? noLeaf, left);
    if (order === undefined) return 'its trees share nodes';
    left -= order.nodes.length;
    const shift = tree < outputs ? (base[tree] ?? 0) : 0;
    blocks.push(`Tree=${tree}\n${treeLines(trees, { ...order, sums, shift }).join('\n')}\n\n\n`);
  }
  const head = [
    ...['tree', 'version=v4', `num_class=${outputs}`, `num_tree_per_iteration=${outputs}`, 'label_index=0'],
    `max_feature_idx=${columns - 1}`,
    `objective=${outputs === 1 ? `binary sigmoid:${sharpness}` : `multiclass num_class:${outputs}`}`,
    ...(divisor === 1 ? [] : ['average_output']),
    `feature_names=${Array.from({ length: columns }, (_, column) => `Column_${column}`).join(' ')}`,
    `feature_infos=${columnInfos(trees).join(' ')}`,
    `tree_sizes=${blocks.map(({ length }) => length).join(' ')}`,
  ];
  return Buffer.from(`${head.join('\n')}\n\n${blocks.join('')}end of trees\n\npandas_categorical:null\n`, 'latin1');
}

/** A root of no tree: of a model whose sums begin somewhere and go nowhere. */
const noLeaf = -(2 ** 31);

function unsupported({
  rules,
  roots,
  outputs,
  outputOf,
  flags,
  sharpness,
  divisor,
  columns,
}: TreeEnsemble): string | undefined {
  if (rules === 'xgboost') return 'what a row does not hold is missing for its trees, and zero for LightGBM';
  if (columns === 0) return 'it has no columns';
  if (outputs > 1 && sharpness !== 1) return 'its scores are sharpened, which LightGBM knows of two classes alone';
  const isInTurn = roots.length % outputs === 0 && outputOf.every((output, tree) => output === tree % outputs);
  if (!isInTurn) return 'its classes do not have their trees in turn';
  if (divisor !== 1 && divisor !== roots.length / outputs) return 'its sums are not divided by its iterations';
  return flags.every(isKnown) ? undefined : 'its trees treat missing values as LightGBM cannot';
}

/** LightGBM's trees send what is in no set to the right, missing values too, and missing zeros where NaN goes. */
function isKnown(flags: number): boolean {
  const { nanLeft, zeroMissing, zeroLeft, categorical } = nodeFlags;
  if ((flags & categorical) !== 0) return flags === categorical;
  if ((flags & zeroMissing) === 0) return flags <= nanLeft;
  return ((flags & nanLeft) !== 0) === ((flags & zeroLeft) !== 0);
}

interface Order {
  /** Of one tree, from its root on, parents first. */
  readonly nodes: readonly number[];
  /** Its leaves (as ~leaf), in the order in which they are met. */
  readonly leaves: readonly number[];
  /** Children by nodes of the tree: its own number of a node, or ~ its own number of a leaf. */
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** Undefined for more nodes than there should be. */
function nodesBelow({ left, right }: TreeEnsemble, root: number, most: number): Order | undefined {
  const order = { nodes: [] as number[], leaves: [] as number[], left: [] as number[], right: [] as number[] };
  const place = (child: number): number => (child < 0 ? ~(order.leaves.push(child) - 1) : order.nodes.push(child) - 1);
  place(root);
  // The list grows while it is gone through.
  for (const node of order.nodes) {
    if (order.nodes.length > most) return undefined;
    order.left.push(place(left[node] ?? -1));
    order.right.push(place(right[node] ?? -1));
  }
  return order;
}

interface Block extends Order {
  readonly sums: NodeSums | undefined;
  /** Added to each leaf. */
  readonly shift: number;
}

function treeLines(trees: TreeEnsemble, { nodes, leaves, left, right, sums, shift }: Block): string[] {
  const { feature, threshold, flags, gain, cover } = trees;
  const sets = setsOf(trees, nodes);
  const each = (name: string, of: (node: number, at: number) => number | string): string =>
    `${name}=${nodes.map(of).join(' ')}`;
  const limit = (node: number): string | number =>
    ((flags[node] ?? 0) & nodeFlags.categorical) === 0 ? numberText(threshold[node] ?? 0) : sets.numberOf(node);
  return [
    `num_leaves=${leaves.length}`,
    `num_cat=${sets.bounds.length - 1}`,
    each('split_feature', (node) => feature[node] ?? 0),
    each('split_gain', (node) => gain[node] ?? 0),
    each('threshold', limit),
    each('decision_type', (node) => decisionOf(flags[node] ?? 0, threshold[node] ?? 0)),
    `left_child=${left.join(' ')}`,
    `right_child=${right.join(' ')}`,
    `leaf_value=${leaves.map((leaf) => (trees.leaves[~leaf] ?? 0) + shift).join(' ')}`,
    ...(sums === undefined
      ? []
      : [
          `leaf_count=${leaves.map((leaf) => Math.round(cover[~leaf] ?? 1)).join(' ')}`,
          each('internal_value', (node) => (sums.mean[node] ?? 0) + shift),
          each('internal_count', (node) => Math.round(sums.cover[node] ?? 0)),
        ]),
    ...(sets.bounds.length === 1
      ? []
      : [`cat_boundaries=${sets.bounds.join(' ')}`, `cat_threshold=${sets.words.join(' ')}`]),
    'is_linear=0',
    'shrinkage=1',
  ];
}

const numberText = (value: number): string | number =>
  value === Infinity ? 'inf' : value === -Infinity ? '-inf' : value;

/** The inverse of the reader's flagsOf. */
function decisionOf(flags: number, limit: number): number {
  const { nanLeft, zeroMissing, categorical } = nodeFlags;
  if ((flags & categorical) !== 0) return 1;
  const isLeft = (flags & nanLeft) !== 0;
  if ((flags & zeroMissing) !== 0) return (1 << 2) | (isLeft ? 2 : 0);
  // NaN goes where 0 goes: as LightGBM has it of columns where nothing is missing.
  if (isLeft === limit >= 0) return 2;
  return (2 << 2) | (isLeft ? 2 : 0);
}

interface Sets {
  readonly bounds: readonly number[];
  readonly words: readonly number[];
  numberOf(node: number): number;
}

/** The bits of a set, 32 a number. */
const wordsOf = ({ categoryEnds, categories }: TreeEnsemble, set: number): Int32Array =>
  categories.subarray(set === 0 ? 0 : categoryEnds[set - 1], categoryEnds[set]);

/** The sets of categories that a tree asks for, numbered anew. */
function setsOf(trees: TreeEnsemble, nodes: readonly number[]): Sets {
  const { flags, threshold } = trees;
  const bounds = [0];
  const words: number[] = [];
  const numbers = new Map<number, number>();
  for (const node of nodes) {
    if (((flags[node] ?? 0) & nodeFlags.categorical) === 0) continue;
    numbers.set(node, bounds.length - 1);
    for (const word of wordsOf(trees, threshold[node] ?? 0)) words.push(word >>> 0);
    bounds.push(words.length);
  }
  return { bounds, words, numberOf: (node: number): number => numbers.get(node) ?? 0 };
}

/** What LightGBM tells of its columns: `none` of those that no tree looks at, the range of numbers, and the categories that are known. */
function columnInfos(trees: TreeEnsemble): string[] {
  const { columns, feature, flags, threshold } = trees;
  const infos = new Array<string>(columns).fill('none');
  const known = new Map<number, Set<number>>();
  feature.forEach((column, node) => {
    infos[column] = '[-inf:inf]';
    if (((flags[node] ?? 0) & nodeFlags.categorical) === 0) return;
    const own = known.get(column) ?? new Set<number>();
    known.set(column, own);
    wordsOf(trees, threshold[node] ?? 0).forEach((word, at) => {
      for (let bit = 0; bit < 32; bit++) if (((word >>> bit) & 1) === 1) own.add(at * 32 + bit);
    });
  });
  for (const [column, own] of known) infos[column] = [...own].sort((a, b) => a - b).join(':') || 'none';
  return infos;
}
