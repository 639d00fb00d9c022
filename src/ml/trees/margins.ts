import type { CsrMatrix } from '../sparse/csr.ts';
import { absentValue, goesLeft, type TreeEnsemble } from './ensemble.ts';
import { leafBelow } from './packed-nodes.ts';
import type { Turns } from './turns.ts';
import { noTurn, sumInOrder, type Workspace } from './workspace.ts';

/** Rows with more turns than this a tree are not sparse: to walk down all trees costs less than to ask about each turn. */
const mostTurns = 8;

/**
 * Margins [x.rows, outputs] by rows, each the sum of its leaves. XGBoost's are added up in float32 in the order of the trees, as the library does.
 * LightGBM's begin at the sums of a row without entries and change by the trees that give this row another leaf: they differ from sums in order in the
 * last digits of float64 alone.
 */
export function margins(trees: TreeEnsemble, x: CsrMatrix, space: Workspace): Float64Array {
  const { outputs, divisor } = trees;
  const out = new Float64Array(x.rows * outputs);
  for (let row = 0; row < x.rows; row++) {
    const sums = out.subarray(row * outputs, (row + 1) * outputs);
    const turns = enterRow(trees, x, { row, space });
    if (turns === undefined) addAll(trees, space, sums);
    else {
      const turned = findTurned(trees, x, { row, space, turns });
      if (trees.rules === 'xgboost') addInOrder(trees, space, { turned, sums });
      else addChanges(trees, space, { turned, sums });
    }
    leaveRow(trees, x, { row, space });
    if (divisor !== 1) for (let k = 0; k < outputs; k++) sums[k] = (sums[k] ?? 0) / divisor;
  }
  return out;
}

interface Entry {
  readonly row: number;
  readonly space: Workspace;
}

/** Puts a row's entries where walks look for them; gives the turns if asking about those that it may take is less work than walking down all trees. */
function enterRow({ rules, roots }: TreeEnsemble, x: CsrMatrix, { row, space }: Entry): Turns | undefined {
  const { indptr, indices, values } = x;
  const { turns } = space;
  const single = rules === 'xgboost';
  const end = indptr[row + 1] ?? 0;
  let asked = 0;
  for (let at = indptr[row] ?? 0; at < end; at++) {
    const column = indices[at] ?? 0;
    const value = values[at] ?? 0;
    space.row[column] = single ? Math.fround(value) : value;
    if (turns !== undefined) asked += (turns.ends[column * 2 + 2] ?? 0) - (turns.ends[column * 2] ?? 0);
  }
  return asked > mostTurns * roots.length ? undefined : turns;
}

/** Finds in each tree the first node at which the row turns off; gives the number of trees in `space.turned`. */
function findTurned(trees: TreeEnsemble, x: CsrMatrix, asked: Entry & { readonly turns: Turns }): number {
  const { row, space, turns } = asked;
  const { firstTurn, turnedTo, turned } = space;
  const { ends, limit, node, tree, child } = turns;
  let found = 0;
  const end = x.indptr[row + 1] ?? 0;
  for (let at = x.indptr[row] ?? 0; at < end; at++) {
    const column = x.indices[at] ?? 0;
    const value = space.row[column] ?? 0;
    const [plain, last] = [ends[column * 2 + 1] ?? 0, ends[column * 2 + 2] ?? 0];
    for (let turn = ends[column * 2] ?? 0; turn < last; turn++) {
      if (turn < plain && value <= (limit[turn] ?? 0)) {
        // By ascending limit: the other plain ones are not passed either.
        turn = plain - 1;
        continue;
      }
      const own = node[turn] ?? 0;
      if (turn >= plain || value !== value) {
        if (goesLeft(trees, own, value) === goesLeft(trees, own, absentValue(trees))) continue;
      }
      const to = tree[turn] ?? 0;
      const first = firstTurn[to] ?? 0;
      if (first === noTurn) turned[found++] = to;
      // Children stand behind their parents, so that of two nodes on one way the smaller comes first.
      if (own >= first) continue;
      firstTurn[to] = own;
      turnedTo[to] = child[turn] ?? -1;
    }
  }
  return found;
}

interface Sums {
  /** How many trees of `space.turned` count. */
  readonly turned: number;
  readonly sums: Float64Array;
}

/** The leaf that the row at hand has in a tree which it turns off in; the mark goes. */
function turnedLeaf({ firstTurn, turnedTo, nodes, row }: Workspace, tree: number): number {
  firstTurn[tree] = noTurn;
  return leafBelow(nodes, turnedTo[tree] ?? -1, row);
}

function addChanges(trees: TreeEnsemble, space: Workspace, { turned, sums }: Sums): void {
  const { leaves, outputOf } = trees;
  const { emptySums, emptyValue } = space;
  for (let k = 0; k < sums.length; k++) sums[k] = emptySums[k] ?? 0;
  for (let i = 0; i < turned; i++) {
    const tree = space.turned[i] ?? 0;
    const to = outputOf[tree] ?? 0;
    const change = (leaves[turnedLeaf(space, tree)] ?? 0) - (emptyValue[tree] ?? 0);
    sums[to] = (sums[to] ?? 0) + change;
  }
}

function addInOrder(trees: TreeEnsemble, space: Workspace, { turned, sums }: Sums): void {
  const { value, emptyValue } = space;
  for (let i = 0; i < turned; i++) {
    const tree = space.turned[i] ?? 0;
    value[tree] = trees.leaves[turnedLeaf(space, tree)] ?? 0;
  }
  sums.set(trees.base);
  sumInOrder(trees, value, sums);
  for (let i = 0; i < turned; i++) {
    const tree = space.turned[i] ?? 0;
    value[tree] = emptyValue[tree] ?? 0;
  }
}

function addAll(trees: TreeEnsemble, space: Workspace, sums: Float64Array): void {
  const { roots, leaves } = trees;
  const { nodes, row, value, emptyValue } = space;
  for (let tree = 0; tree < roots.length; tree++) value[tree] = leaves[leafBelow(nodes, roots[tree] ?? -1, row)] ?? 0;
  sums.set(trees.base);
  sumInOrder(trees, value, sums);
  value.set(emptyValue);
}

function leaveRow(trees: TreeEnsemble, { indptr, indices }: CsrMatrix, { row, space }: Entry): void {
  const absent = absentValue(trees);
  const end = indptr[row + 1] ?? 0;
  for (let at = indptr[row] ?? 0; at < end; at++) space.row[indices[at] ?? 0] = absent;
}
