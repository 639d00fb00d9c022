import type { Table } from './agreement.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { BagGrower, type GrowParams, type TreeRequest } from './bag-grower.ts';
import { TreeBoard, type BoardMemory, type Orders } from './tree-board.ts';

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

/** What one thread does of orders, where trees are dealt among so many. Of the trees that all grow together only the first thread gives any. */
export function orderTaker(
  { data, params, rowSums, threads, table }: GrowingShared,
  thread: number,
  board: TreeBoard,
): (orders: Orders, among: number) => void {
  if (thread >= threads) throw new RangeError(`there is no thread ${String(thread)}`);
  const grower = new BagGrower(data, params, { own: thread, threads, table });
  const grow = (request: TreeRequest, isShared: boolean): void => {
    const { tree, leafOf } = grower.grow(request, rowSums[request.output] ?? new Int32Array(0), isShared);
    if (!isShared || thread === 0) board.give(request.output, tree, leafOf);
  };
  return ({ requests, dealt, rows }, among) => {
    if (rows !== undefined) grower.takeRows(rows);
    requests.forEach((request, at) => {
      if (at < dealt && at % among === thread) grow(request, false);
    });
    for (const request of requests.slice(dealt)) grow(request, true);
  };
}

/** Grows trees as the board says until it is closed. */
export function growingThread(shared: GrowingShared): (task: GrowingTask) => undefined {
  return ({ thread }) => {
    const board = new TreeBoard(shared.board);
    const take = orderTaker(shared, thread, board);
    for (let orders = board.next(); orders !== undefined; orders = board.next()) {
      take(orders, shared.threads);
      board.done();
    }
    return undefined;
  };
}
