import { nodeFlags, type TreeEnsemble } from '../trees/ensemble.ts';
import { flattenTrees, type StoredTree } from '../trees/flatten.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { featureKind } from './feature-kind.ts';
import { partOfBins } from './missing.ts';
import type { GrownTree } from './tree-params.ts';

/** All trees in flat arrays, with columns and values in the place of features and bins. */
export function toEnsemble(
  trees: readonly GrownTree[],
  data: BinnedMatrix,
  { columns, outputs, base }: Pick<TreeEnsemble, 'columns' | 'outputs' | 'base'>,
): TreeEnsemble {
  const sets = new CategorySets();
  const stored = trees.map((tree, number) => storedTree(tree, data, { output: number % outputs, sets }));
  const ensemble = flattenTrees(stored, {
    rules: 'lightgbm',
    columns,
    outputs,
    categoryEnds: Int32Array.from(sets.ends),
    categories: Int32Array.from(sets.words),
    base,
    divisor: 1,
    sharpness: 1,
  });
  if (typeof ensemble === 'string') throw new Error(`a tree that was just grown is none: ${ensemble}`);
  return ensemble;
}

/** Sets of categories as TreeEnsemble keeps them. */
class CategorySets {
  readonly ends: number[] = [];
  readonly words: number[] = [];

  /** Gives the number of the set. */
  add(categories: readonly number[]): number {
    const words = new Int32Array((Math.max(...categories) >>> 5) + 1);
    for (const category of categories) words[category >>> 5] = (words[category >>> 5] ?? 0) | (1 << (category & 31));
    for (const word of words) this.words.push(word);
    return this.ends.push(this.words.length) - 1;
  }
}

interface Place {
  readonly output: number;
  readonly sets: CategorySets;
}

function storedTree(tree: GrownTree, data: BinnedMatrix, { output, sets }: Place): StoredTree {
  const { columnOf, firstSlot, bounds, kinds } = data;
  const threshold = Float64Array.from(tree.feature, (feature, node) => {
    const first = firstSlot[feature] ?? 0;
    const set = tree.sets[node];
    return set === undefined
      ? (bounds[first + partOfBins(tree.bin[node] ?? 0).bin] ?? 0)
      : sets.add(Array.from(set.bins, (bin) => bounds[first + bin - 1] ?? 0));
  });
  const flagsOf = (feature: number, node: number): number => {
    if (tree.sets[node] !== undefined) return nodeFlags.categorical;
    // Of a column that had no missing values, one that is missing later is taken for zero, as in LightGBM.
    const isZero = kinds[feature] === featureKind.plain;
    const isLeft = isZero ? (threshold[node] ?? 0) >= 0 : partOfBins(tree.bin[node] ?? 0).missingLeft;
    return isLeft ? nodeFlags.nanLeft : 0;
  };
  return {
    output,
    root: tree.feature.length === 0 ? -1 : 0,
    feature: tree.feature.map((feature) => columnOf[feature] ?? 0),
    threshold,
    left: tree.left,
    right: tree.right,
    flags: Uint8Array.from(tree.feature, flagsOf),
    gain: Float32Array.from(tree.gain),
    leaves: tree.leafValue,
    cover: Float32Array.from(tree.leafCount),
  };
}
