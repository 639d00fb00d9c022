import { shareable } from '../threads/shareable.ts';
import { openThreads } from '../threads/pool.ts';
import { agreementTable } from './agreement.ts';
import { selectBinned } from './bag.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { growTree, workspaceFor } from './grow-tree.ts';
import type { GrowingShared, GrowingTask, TreeRequest } from './growing-thread.ts';
import { nodeChooser } from './sampling.ts';
import type { GrownTree, TreeParams } from './tree-params.ts';

/** Hears of each tree, with the leaf of every row that it was grown on, in the order of the outputs. */
type OnTree = (output: number, tree: GrownTree, leafOf: Int32Array) => void;

/** Grows the trees of one iteration after the other. */
export interface TreeGrower {
  /** By output: where the gradients of the rows are to be put, see `RowSums`. */
  readonly rowSums: readonly Int32Array[];
  /** From now on trees are grown on these rows, ascending, alone; their gradients stand at the front. */
  use(bag: Int32Array): void;
  /** One tree for each output. */
  grow(requests: readonly TreeRequest[], onTree: OnTree): Promise<void>;
  close(): Promise<void>;
}

interface GrowerOptions {
  readonly params: TreeParams;
  readonly outputs: number;
  readonly threads: number;
}

/** On this thread alone, or by so many others; the trees are the same. */
export const openGrower = (data: BinnedMatrix, options: GrowerOptions): TreeGrower =>
  options.threads > 1 ? growerInThreads(data, options) : growerHere(data, options);

function growerHere(data: BinnedMatrix, { params, outputs }: GrowerOptions): TreeGrower {
  const rowSums = Array.from({ length: outputs }, () => new Int32Array(data.rows * 2));
  let workspace = workspaceFor(data);
  let leafOf = new Int32Array(data.rows);
  return {
    rowSums,
    use: (bag) => {
      workspace = workspaceFor(selectBinned(data, bag));
      leafOf = new Int32Array(bag.length);
    },
    grow: (requests, onTree) => {
      for (const request of requests) {
        const choose = nodeChooser(request, data.features);
        const input = { ...request, rowSums: rowSums[request.output] ?? leafOf, leafOf, choose };
        onTree(request.output, growTree(workspace, params, input), leafOf);
      }
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** As many trees as can be dealt out evenly go to a thread each; the rest, which would leave threads idle, are grown by all together. */
function growerInThreads(data: BinnedMatrix, { params, outputs, threads }: GrowerOptions): TreeGrower {
  const perOutput = (length: number) =>
    Array.from({ length: outputs }, () => new Int32Array(new SharedArrayBuffer(length * 4)));
  const [rowSums, leafOf] = [perOutput(data.rows * 2), perOutput(data.rows)];
  const shared: GrowingShared = {
    data: sharedMatrix(data),
    params,
    rowSums,
    leafOf,
    threads,
    table: agreementTable(threads),
  };
  let [bag, rows]: [Int32Array | undefined, number] = [undefined, data.rows];
  const pool = openThreads<GrowingTask, readonly GrownTree[]>('boosting', shared, threads);
  return {
    rowSums,
    use: (next) => {
      [bag, rows] = [next, next.length];
    },
    grow: async (requests, onTree) => {
      const dealt = requests.length - (requests.length % threads);
      const together = requests.slice(dealt);
      const tasks = Array.from({ length: threads }, (_, thread): GrowingTask => {
        const alone = requests.slice(0, dealt).filter((_request, at) => at % threads === thread);
        return { thread, bag, alone, together };
      });
      bag = undefined;
      const answers = await Promise.all(tasks.map(async (task) => pool.ask(task.thread, task)));
      requests.forEach(({ output }, at) => {
        const tree =
          at < dealt ? answers[at % threads]?.[Math.floor(at / threads)] : answers[0]?.[dealt / threads + at - dealt];
        const leaves = leafOf[output];
        if (tree !== undefined && leaves !== undefined) onTree(output, tree, leaves.subarray(0, rows));
      });
    },
    close: async () => pool.close(),
  };
}

const sharedMatrix = (data: BinnedMatrix): BinnedMatrix => ({
  ...data,
  columnOf: shareable(data.columnOf),
  firstSlot: shareable(data.firstSlot),
  below: shareable(data.below),
  featureOf: shareable(data.featureOf),
  bounds: shareable(data.bounds),
  rowStart: shareable(data.rowStart),
  rowSlots: shareable(data.rowSlots),
  slotStart: shareable(data.slotStart),
  slotRows: shareable(data.slotRows),
});
