import { nodeFlags, type TreeEnsemble } from '../trees/ensemble.ts';
import { flattenTrees, type StoredTree } from '../trees/flatten.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import type { GrownTree } from './tree-params.ts';

/** All trees in flat arrays, with columns and values in the place of features and bins. */
export function toEnsemble(
  trees: readonly GrownTree[],
  data: BinnedMatrix,
  { columns, outputs, base }: Pick<TreeEnsemble, 'columns' | 'outputs' | 'base'>,
): TreeEnsemble {
  const stored = trees.map((tree, number) => storedTree(tree, data, number % outputs));
  const ensemble = flattenTrees(stored, {
    rules: 'lightgbm',
    columns,
    outputs,
    categoryEnds: new Int32Array(0),
    categories: new Int32Array(0),
    base,
    divisor: 1,
    sharpness: 1,
  });
  if (typeof ensemble === 'string') throw new Error(`a tree that was just grown is none: ${ensemble}`);
  return ensemble;
}

function storedTree(tree: GrownTree, { columnOf, firstSlot, bounds }: BinnedMatrix, output: number): StoredTree {
  return {
    output,
    root: tree.feature.length === 0 ? -1 : 0,
    feature: tree.feature.map((feature) => columnOf[feature] ?? 0),
    threshold: Float64Array.from(tree.bin, (bin, node) => bounds[(firstSlot[tree.feature[node] ?? 0] ?? 0) + bin] ?? 0),
    left: tree.left,
    right: tree.right,
    flags: new Uint8Array(tree.feature.length).fill(nodeFlags.nanLeft),
    gain: Float32Array.from(tree.gain),
    leaves: tree.leafValue,
    cover: Float32Array.from(tree.leafCount),
  };
}
