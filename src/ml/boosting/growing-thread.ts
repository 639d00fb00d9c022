import type { Table } from './agreement.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { BagGrower, type Grown, type GrowParams, type TreeRequest } from './bag-grower.ts';
import type { GrownTree } from './tree-params.ts';

/** What all threads see. By output: gradients of rows, and where the leaf of each row goes. */
export interface GrowingShared {
  readonly data: BinnedMatrix;
  readonly params: GrowParams;
  readonly rowSums: readonly Int32Array[];
  readonly leafOf: readonly Int32Array[];
  readonly threads: number;
  readonly table: Table;
}

/** Trees of one iteration: those that this thread grows alone, and those that all grow together afterwards. */
export interface GrowingTask {
  readonly thread: number;
  /** From now on, trees are grown on these rows. */
  readonly rows: Int32Array | undefined;
  readonly alone: readonly TreeRequest[];
  readonly together: readonly TreeRequest[];
}

/** Trees in the order of the task; of those that were grown together only the first thread gives any. */
export function growingThread(shared: GrowingShared): (task: GrowingTask) => readonly GrownTree[] {
  const { data, params, rowSums, leafOf, threads, table } = shared;
  let grower: BagGrower | undefined;
  const none = new Int32Array(0);
  return ({ thread, rows, alone, together }) => {
    grower ??= new BagGrower(data, params, { own: thread, threads, table });
    if (rows !== undefined) grower.takeRows(rows);
    const trees: GrownTree[] = [];
    const give = ({ output }: TreeRequest, { tree, leafOf: leaves }: Grown): void => {
      trees.push(tree);
      leafOf[output]?.set(leaves);
    };
    for (const request of alone) give(request, grower.grow(request, rowSums[request.output] ?? none));
    for (const request of together) {
      const grown = grower.grow(request, rowSums[request.output] ?? none, true);
      if (thread === 0) give(request, grown);
    }
    return trees;
  };
}
