import { nodeFlags, type TreeEnsemble } from '../trees/ensemble.ts';
import { flattenTrees, type StoredTree } from '../trees/flatten.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { missingBin, partOfBins } from './missing.ts';
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

function storedTree(tree: GrownTree, data: BinnedMatrix, output: number): StoredTree {
  const { columnOf, firstSlot, bounds } = data;
  const threshold = Float64Array.from(tree.bin, (bin, node) => {
    return bounds[(firstSlot[tree.feature[node] ?? 0] ?? 0) + partOfBins(bin).bin] ?? 0;
  });
  return {
    output,
    root: tree.feature.length === 0 ? -1 : 0,
    feature: tree.feature.map((feature) => columnOf[feature] ?? 0),
    threshold,
    left: tree.left,
    right: tree.right,
    flags: Uint8Array.from(tree.bin, (bin, node) => {
      const isKnown = data.missing[tree.feature[node] ?? 0] !== missingBin.none;
      // Of a column that had no missing values, one that is missing later is taken for zero, as in LightGBM.
      const isLeft = isKnown ? partOfBins(bin).missingLeft : (threshold[node] ?? 0) >= 0;
      return isLeft ? nodeFlags.nanLeft : 0;
    }),
    gain: Float32Array.from(tree.gain),
    leaves: tree.leafValue,
    cover: Float32Array.from(tree.leafCount),
  };
}
