import { Agreement, type Table } from './agreement.ts';
import { selectBinned } from './bag.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { growTree, workspaceFor, type Workspace } from './grow-tree.ts';
import { partOf } from './part-of-matrix.ts';
import { nodeChooser, type FeatureChoice } from './sampling.ts';
import type { GrownTree, LeafSums, TreeParams, Units } from './tree-params.ts';

/** What is asked for one tree; gradients lie in shared memory. */
export interface TreeRequest extends FeatureChoice {
  readonly output: number;
  readonly units: Units;
  readonly total: LeafSums;
}

/** What all threads see. By output: gradients of rows, and where the leaf of each row goes. */
export interface GrowingShared {
  readonly data: BinnedMatrix;
  readonly params: TreeParams;
  readonly rowSums: readonly Int32Array[];
  readonly leafOf: readonly Int32Array[];
  readonly threads: number;
  readonly table: Table;
}

/** Trees of one iteration: those that this thread grows alone, and those that all grow together afterwards. */
export interface GrowingTask {
  readonly thread: number;
  /** Rows that this and later trees are grown on, ascending; undefined: the same as before, which is all at first. */
  readonly bag: Int32Array | undefined;
  readonly alone: readonly TreeRequest[];
  readonly together: readonly TreeRequest[];
}

/** Trees in the order of the task; of those that were grown together only the first thread gives any. */
export function growingThread(shared: GrowingShared): (task: GrowingTask) => readonly GrownTree[] {
  const { params, rowSums, threads, table } = shared;
  let { data } = shared;
  let whole: Workspace | undefined;
  let part: Workspace | undefined;
  let agreement: Agreement | undefined;
  const unseen = new Int32Array(data.rows);
  const leafOf = (output: number) => (shared.leafOf[output] ?? unseen).subarray(0, data.rows);
  const input = (request: TreeRequest) => {
    const choose = nodeChooser(request, data.features);
    return { ...request, rowSums: rowSums[request.output] ?? unseen, choose };
  };
  return ({ thread, bag, alone, together }) => {
    if (bag !== undefined) {
      data = selectBinned(shared.data, bag);
      [whole, part] = [undefined, undefined];
    }
    const trees = alone.map((request) => {
      whole ??= workspaceFor(data);
      return growTree(whole, params, { ...input(request), leafOf: leafOf(request.output) });
    });
    for (const request of together) {
      part ??= workspaceFor(partOf(data, thread, threads));
      agreement ??= new Agreement(table, { threads, own: thread, columnOf: data.columnOf });
      const used = request.used.filter((feature) => feature % threads === thread);
      const own = thread === 0 ? leafOf(request.output) : unseen.subarray(0, data.rows);
      const agreed = agreement;
      const agree: typeof agreed.best = (found) => agreed.best(found);
      const tree = growTree(part, params, { ...input(request), used, leafOf: own, agree });
      if (thread === 0) trees.push(tree);
    }
    return trees;
  };
}
