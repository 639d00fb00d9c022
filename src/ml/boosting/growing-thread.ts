import type { Table } from './agreement.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { BagGrower, type GrowParams, type TreeRequest } from './bag-grower.ts';
import { TreeBoard, type BoardMemory, type Orders } from './tree-board.ts';
import type { GrownTree } from './tree-params.ts';

/** What all threads see. By output: gradients of rows. */
export interface GrowingShared {
  readonly data: BinnedMatrix;
  readonly params: GrowParams;
  readonly rowSums: readonly Int32Array[];
  readonly board: BoardMemory;
  readonly threads: number;
  readonly table: Table;
}

/** Which of the threads this one is; the main thread is the first. */
export interface GrowingTask {
  readonly thread: number;
}

/** Hears of each tree, with the leaf of every row. */
export type OnTree = (output: number, tree: GrownTree, leafOf: Int32Array) => void;

export interface OrdersToTake extends Orders {
  /** Trees are dealt among so many threads. */
  readonly among: number;
  /** Undefined where nothing will be asked any more. */
  readonly requestOf: (output: number) => TreeRequest | undefined;
  readonly onTree: OnTree;
}

/** Which of so many threads grows a tree alone: the first thread, which has other things to do, the last one. */
export const ownerOf = (output: number, among: number): number => among - 1 - (output % among);

/** What one thread does of orders. Of the trees that all grow together only the first thread gives any. */
export function orderTaker(
  { data, params, rowSums, threads, table }: GrowingShared,
  thread: number,
): (orders: OrdersToTake) => void {
  if (thread >= threads) throw new RangeError(`there is no thread ${String(thread)}`);
  const grower = new BagGrower(data, params, { own: thread, threads, table });
  return ({ dealt, rows, among, requestOf, onTree }) => {
    if (rows !== undefined) grower.takeRows(rows);
    rowSums.forEach((sums, output) => {
      const isShared = output >= dealt;
      if (!isShared && ownerOf(output, among) !== thread) return;
      const request = requestOf(output);
      if (request === undefined) return;
      const { tree, leafOf } = grower.grow(request, sums, isShared);
      if (!isShared || thread === 0) onTree(output, tree, leafOf);
    });
  };
}

/** Grows trees as the board says until it is closed. */
export function growingThread(shared: GrowingShared): (task: GrowingTask) => undefined {
  return ({ thread }) => {
    const board = new TreeBoard(shared.board);
    const take = orderTaker(shared, thread);
    const [requestOf, onTree] = [board.request.bind(board), board.give.bind(board)];
    for (let orders = board.next(); orders !== undefined; orders = board.next()) {
      take({ ...orders, among: shared.threads, requestOf, onTree });
      board.done();
    }
    return undefined;
  };
}
