import { shareable, sharedInts } from '../threads/shareable.ts';
import { openThreads } from '../threads/pool.ts';
import { agreementTable } from './agreement.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { BagGrower, type GrowParams, type TreeRequest } from './bag-grower.ts';
import { FastestWay } from './fastest-way.ts';
import {
  orderTaker,
  ownerOf,
  type GrowingShared,
  type GrowingTask,
  type OnTree,
  type OrdersToTake,
} from './growing-thread.ts';
import { boardMemory, TreeBoard } from './tree-board.ts';

/** Grows the trees of one iteration after the other. */
export interface TreeGrower {
  /** By output: where the gradients of the rows are to be put, see `RowSums`. */
  readonly rowSums: readonly Int32Array[];
  /** From now on, trees are grown on these rows, ascending. */
  takeRows(rows: Int32Array): void;
  /** One tree for each output, in any order. Each request is asked for once, by ascending outputs and before the first tree is heard of, when its gradients are to be in place. */
  grow(requestOf: (output: number) => TreeRequest, onTree: OnTree): Promise<void>;
  close(): Promise<void>;
}

interface Asked {
  readonly requestOf: (output: number) => TreeRequest;
  readonly onTree: OnTree;
}

interface GrowerOptions {
  readonly params: GrowParams;
  readonly outputs: number;
  readonly threads: number;
}

/** On this thread alone, or with others; the trees are the same. */
export const openGrower = (data: BinnedMatrix, options: GrowerOptions): TreeGrower =>
  options.threads > 1 ? growerInThreads(data, options) : growerHere(data, options);

function growerHere(data: BinnedMatrix, { params, outputs }: GrowerOptions): TreeGrower {
  const grower = new BagGrower(data, params);
  const rowSums = Array.from({ length: outputs }, () => new Int32Array(data.rows * 2));
  return {
    rowSums,
    takeRows: (rows) => {
      grower.takeRows(rows);
    },
    grow: (requestOf, onTree) => {
      const requests = rowSums.map((_, output) => requestOf(output));
      rowSums.forEach((sums, output) => {
        const request = requests[output];
        if (request === undefined) return;
        const { tree, leafOf } = grower.grow(request, sums);
        onTree(output, tree, leafOf);
      });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** Starts the other threads, which then wait for orders. */
function startThreads(data: BinnedMatrix, { params, outputs, threads }: GrowerOptions) {
  const { rows } = data;
  const rowSums = Array.from({ length: outputs }, () => sharedInts(rows * 2));
  const memory = boardMemory({ rows, outputs, mostLeaves: params.numLeaves });
  const table = agreementTable(threads);
  const shared: GrowingShared = { data: sharedMatrix(data), params, rowSums, board: memory, threads, table };
  const pool = openThreads<GrowingTask, undefined>('boosting', shared, threads - 1);
  const asked = Array.from({ length: threads - 1 }, async (_, other) => pool.ask(other, { thread: other + 1 }));
  const ended = Promise.race(asked);
  // A thread may end while nobody waits for it, and ends when the work is over.
  for (const one of [ended, ...asked]) one.catch(() => undefined);
  return { rowSums, pool, ended, board: new TreeBoard(memory), take: orderTaker(shared, 0) };
}

/**
 * Trees are dealt out to the threads, or grown by all together, so that no thread is idle, or grown here alone: whatever is fastest. Where trees are small or
 * the processors are busy, threads would mostly wait for each other.
 */
function growerInThreads(data: BinnedMatrix, options: GrowerOptions): TreeGrower {
  const { outputs, threads } = options;
  const { rowSums, pool, ended, board, take } = startThreads(data, options);
  /** Rows that the other threads, or this one, do not know of yet. */
  let [newRows, ownRows]: (Int32Array | undefined)[] = [];
  const takeHere = (orders: Omit<OrdersToTake, 'rows'>): void => {
    const rows = ownRows;
    ownRows = undefined;
    take({ ...orders, rows });
  };
  /** So many trees go to one thread each, the rest to all of them. Others begin as soon as the gradients of their first tree are there. */
  const deal = async (dealt: number, { requestOf, onTree }: Asked): Promise<true> => {
    board.order({ dealt, rows: newRows });
    newRows = undefined;
    const requests = rowSums.map((_, output) => {
      const request = requestOf(output);
      board.ready(request);
      return request;
    });
    takeHere({ dealt, among: threads, requestOf: (output) => requests[output], onTree });
    await board.answered(threads - 1, ended);
    for (let output = 0; output < dealt; output++) {
      if (ownerOf(output, threads) === 0) continue;
      const { tree, leafOf } = board.grown(output);
      onTree(output, tree, leafOf);
    }
    return true;
  };
  const alone = ({ requestOf, onTree }: Asked): Promise<true> => {
    const requests = rowSums.map((_, output) => requestOf(output));
    takeHere({ dealt: outputs, among: 1, requestOf: (output) => requests[output], onTree });
    return Promise.resolve(true);
  };
  const together = [...new Set([outputs === 1 ? 0 : outputs, outputs - (outputs % threads), 0])];
  const way = new FastestWay();
  return {
    rowSums,
    takeRows: (taken) => {
      [newRows, ownRows] = [taken, taken];
    },
    grow: async (requestOf, onTree) => {
      const asked = { requestOf, onTree };
      await way.go([...together.map((dealt) => () => deal(dealt, asked)), () => alone(asked)]);
    },
    close: async () => {
      board.close();
      await pool.close();
    },
  };
}

const sharedMatrix = (data: BinnedMatrix): BinnedMatrix => ({
  ...data,
  columnOf: shareable(data.columnOf),
  firstSlot: shareable(data.firstSlot),
  below: shareable(data.below),
  featureOf: shareable(data.featureOf),
  kinds: shareable(data.kinds),
  bounds: shareable(data.bounds),
  rowStart: shareable(data.rowStart),
  rowSlots: shareable(data.rowSlots),
  slotStart: shareable(data.slotStart),
  slotRows: shareable(data.slotRows),
});
