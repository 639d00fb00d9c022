import { absentValue, type TreeEnsemble } from './ensemble.ts';
import { leafBelow, packNodes, type PackedNodes } from './packed-nodes.ts';
import { turnsOf, type Turns } from './turns.ts';

/** What predictions of one ensemble reuse, made once for a model. */
export interface Workspace {
  readonly nodes: PackedNodes;
  readonly turns: Turns | undefined;
  /** One row with all its columns; between rows it holds no entries. */
  readonly row: Float64Array;
  /** Of each tree what it adds for a row without entries. */
  readonly emptyValue: Float64Array;
  /** Margins of a row without entries. */
  readonly emptySums: Float64Array;
  /** Of each tree what it adds for the row at hand; between rows as `emptyValue`. */
  readonly value: Float64Array;
  /** Of each tree the first node at which the row at hand turns off the way of an empty one; between rows `noTurn`. */
  readonly firstTurn: Int32Array;
  /** The child of that node which the row goes to. */
  readonly turnedTo: Int32Array;
  /** The trees that the row at hand turns off in. */
  readonly turned: Int32Array;
}

/** Behind every node. */
export const noTurn = 2 ** 31 - 1;

export function workspaceOf(trees: TreeEnsemble): Workspace {
  const { columns, roots, leaves } = trees;
  const row = new Float64Array(columns).fill(absentValue(trees));
  const nodes = packNodes(trees);
  const emptyValue = Float64Array.from(roots, (root) => leaves[leafBelow(nodes, root, row)] ?? 0);
  const emptySums = Float64Array.from(trees.base);
  sumInOrder(trees, emptyValue, emptySums);
  return {
    ...{ nodes, row, emptyValue, emptySums },
    turns: turnsOf(trees, row),
    value: emptyValue.slice(),
    firstTurn: new Int32Array(roots.length).fill(noTurn),
    turnedTo: new Int32Array(roots.length),
    turned: new Int32Array(roots.length),
  };
}

/** Adds what each tree says to the margins, in the order of the trees and as exactly as the library: XGBoost rounds every sum to float32. */
export function sumInOrder({ rules, outputOf }: TreeEnsemble, value: Float64Array, sums: Float64Array): void {
  const single = rules === 'xgboost';
  for (let tree = 0; tree < value.length; tree++) {
    const to = outputOf[tree] ?? 0;
    const sum = (sums[to] ?? 0) + (value[tree] ?? 0);
    sums[to] = single ? Math.fround(sum) : sum;
  }
}
