import { seededRandom, type Random } from '../../core/random.ts';
import { TreeGrower, type GrownTree, type TreeParams } from './grow-tree.ts';
import type { Table } from './table.ts';
import { walkTree } from './walk.ts';

/** What all trees of a forest share. */
export interface ForestTask {
  readonly table: Table;
  readonly params: TreeParams;
  /** Rows that are drawn for a tree, with putting back; null takes each row once. */
  readonly drawnRows: number | null;
  /** Weights of the classes are to be balanced among the rows that were drawn. */
  readonly balanced: boolean;
  /** Rows that were not drawn are to be asked. */
  readonly outOfBag: boolean;
}

/** A tree, and of the rows that it did not see the leaves they end in. */
export interface TreeAnswer {
  readonly tree: GrownTree;
  readonly unseen: Int32Array;
  readonly leafOf: Int32Array;
}

/** Grows one tree for each seed. */
export function growTrees({ table, params, drawnRows, balanced, outOfBag }: ForestTask): (seed: number) => TreeAnswer {
  const grower = new TreeGrower(table, params);
  return (seed) => {
    const random = seededRandom(seed);
    const weights = drawnRows === null ? table.weights : drawWeights(table, drawnRows, random);
    if (balanced) balance(table, weights);
    const tree = grower.grow(weights, random);
    const unseen = outOfBag ? notIn(weights, table.weights) : new Int32Array(0);
    return { tree, unseen, leafOf: leavesOf(tree, table, unseen) };
  };
}

function drawWeights({ rows, weights }: Table, drawn: number, random: Random): Float64Array {
  const own = new Float64Array(rows);
  for (let i = 0; i < drawn; i++) {
    const row = Math.floor(random() * rows);
    own[row] = (own[row] ?? 0) + (weights[row] ?? 0);
  }
  return own;
}

/** scikit-learn's `balanced_subsample`: every class that was drawn weighs the same. */
function balance({ y, classes }: Table, weights: Float64Array): void {
  const sums = new Float64Array(classes);
  weights.forEach((weight, row) => (sums[y[row] ?? 0] = (sums[y[row] ?? 0] ?? 0) + weight));
  const total = sums.reduce((sum, own) => sum + own, 0);
  const present = sums.filter((sum) => sum > 0).length;
  weights.forEach((weight, row) => (weights[row] = (weight * total) / (present * (sums[y[row] ?? 0] ?? 1) || 1)));
}

const notIn = (weights: Float64Array, all: Float64Array): Int32Array =>
  Int32Array.from(all.keys()).filter((row) => weights[row] === 0 && (all[row] ?? 0) > 0);

function leavesOf(tree: GrownTree, table: Table, rows: Int32Array): Int32Array {
  const { rowStart, rowColumns, rowValues } = table;
  const row = new Float32Array(rows.length === 0 ? 0 : table.columns);
  return rows.map((number) => {
    const [from, to] = [rowStart[number] ?? 0, rowStart[number + 1] ?? 0];
    for (let at = from; at < to; at++) row[rowColumns[at] ?? 0] = rowValues[at] ?? 0;
    const leaf = walkTree(tree, tree.feature.length === 0 ? -1 : 0, row);
    for (let at = from; at < to; at++) row[rowColumns[at] ?? 0] = 0;
    return leaf;
  });
}
