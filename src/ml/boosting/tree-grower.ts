import { shareable } from '../threads/shareable.ts';
import { openThreads } from '../threads/pool.ts';
import { agreementTable } from './agreement.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { BagGrower, type GrowParams, type TreeRequest } from './bag-grower.ts';
import { FastestWay } from './fastest-way.ts';
import { orderTaker, type GrowingShared, type GrowingTask } from './growing-thread.ts';
import { boardMemory, TreeBoard, type Orders } from './tree-board.ts';
import type { GrownTree } from './tree-params.ts';

/** Hears of each tree, with the leaf of every row, in the order of the outputs. */
type OnTree = (output: number, tree: GrownTree, leafOf: Int32Array) => void;

/** Grows the trees of one iteration after the other. */
export interface TreeGrower {
  /** By output: where the gradients of the rows are to be put, see `RowSums`. */
  readonly rowSums: readonly Int32Array[];
  /** From now on, trees are grown on these rows, ascending. */
  takeRows(rows: Int32Array): void;
  /** One tree for each output. */
  grow(requests: readonly TreeRequest[], onTree: OnTree): Promise<void>;
  close(): Promise<void>;
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
    grow: (requests, onTree) => {
      requests.forEach((request, at) => {
        const { tree, leafOf } = grower.grow(request, rowSums[at] ?? new Int32Array(0));
        onTree(request.output, tree, leafOf);
      });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/**
 * Trees are dealt out to the threads, or grown by all together, so that no thread is idle, or grown here alone: whatever is fastest. Where trees are small or
 * the processors are busy, threads would mostly wait for each other.
 */
function growerInThreads(data: BinnedMatrix, { params, outputs, threads }: GrowerOptions): TreeGrower {
  const { rows } = data;
  const rowSums = Array.from({ length: outputs }, () => new Int32Array(new SharedArrayBuffer(rows * 8)));
  const memory = boardMemory({ rows, outputs, mostLeaves: params.numLeaves });
  const shared: GrowingShared = {
    data: sharedMatrix(data),
    params,
    rowSums,
    board: memory,
    threads,
    table: agreementTable(threads),
  };
  const others = threads - 1;
  const pool = openThreads<GrowingTask, undefined>('boosting', shared, others);
  const board = new TreeBoard(memory);
  const asked = Array.from({ length: others }, async (_, other) => pool.ask(other, { thread: other + 1 }));
  const ended = Promise.race(asked);
  // A thread may end while nobody waits for it, and ends when the work is over.
  for (const one of [ended, ...asked]) one.catch(() => undefined);
  const take = orderTaker(shared, 0, board);
  /** Rows that the other threads, or this one, do not know of yet. */
  let [newRows, ownRows]: (Int32Array | undefined)[] = [];
  const takeHere = (orders: Omit<Orders, 'rows'>, among: number): void => {
    const rows = ownRows;
    ownRows = undefined;
    take({ ...orders, rows }, among);
  };
  /** So many trees go to one thread each, the rest to all of them. */
  const deal = async (requests: readonly TreeRequest[], dealt: number): Promise<true> => {
    board.order({ requests, dealt, rows: newRows });
    newRows = undefined;
    takeHere({ requests, dealt }, threads);
    await board.answered(others, ended);
    return true;
  };
  const alone = (requests: readonly TreeRequest[]): Promise<true> => {
    takeHere({ requests, dealt: requests.length }, 1);
    return Promise.resolve(true);
  };
  const way = new FastestWay();
  const waysOf = (requests: readonly TreeRequest[]): readonly (() => Promise<true>)[] => {
    const all = requests.length;
    const together = [...new Set([all === 1 ? 0 : all, all - (all % threads), 0])];
    return [...together.map((dealt) => () => deal(requests, dealt)), () => alone(requests)];
  };
  return {
    rowSums,
    takeRows: (taken) => {
      [newRows, ownRows] = [taken, taken];
    },
    grow: async (requests, onTree) => {
      await way.go(waysOf(requests));
      for (const { output } of requests) {
        const { tree, leafOf } = board.grown(output);
        onTree(output, tree, leafOf);
      }
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
