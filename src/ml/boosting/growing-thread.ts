import { Agreement, type Table } from './agreement.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { growTree, workspaceFor, type Workspace } from './grow-tree.ts';
import { partOf } from './part-of-matrix.ts';
import type { GrownTree, LeafSums, TreeParams, Units } from './tree-params.ts';

/** What is asked for one tree; gradients lie in shared memory. */
export interface TreeRequest {
  readonly output: number;
  readonly units: Units;
  readonly total: LeafSums;
  /** Features that it may split, ascending. */
  readonly used: Int32Array;
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
  readonly alone: readonly TreeRequest[];
  readonly together: readonly TreeRequest[];
}

/** Trees in the order of the task; of those that were grown together only the first thread gives any. */
export function growingThread(shared: GrowingShared): (task: GrowingTask) => readonly GrownTree[] {
  const { data, params, rowSums, leafOf, threads, table } = shared;
  let whole: Workspace | undefined;
  let part: Workspace | undefined;
  let agreement: Agreement | undefined;
  const unseen = new Int32Array(data.rows);
  const input = (request: TreeRequest) => ({ ...request, rowSums: rowSums[request.output] ?? unseen });
  return ({ thread, alone, together }) => {
    const trees = alone.map((request) => {
      whole ??= workspaceFor(data);
      return growTree(whole, params, { ...input(request), leafOf: leafOf[request.output] ?? unseen });
    });
    for (const request of together) {
      part ??= workspaceFor(partOf(data, thread, threads));
      agreement ??= new Agreement(table, { threads, own: thread, columnOf: data.columnOf });
      const used = request.used.filter((feature) => feature % threads === thread);
      const own = thread === 0 ? leafOf[request.output] : undefined;
      const agreed = agreement;
      const agree: typeof agreed.best = (found) => agreed.best(found);
      const tree = growTree(part, params, { ...input(request), used, leafOf: own ?? unseen, agree });
      if (thread === 0) trees.push(tree);
    }
    return trees;
  };
}
