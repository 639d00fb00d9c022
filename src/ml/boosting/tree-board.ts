import type { TreeRequest } from './bag-grower.ts';
import { sharedInts } from '../threads/shareable.ts';
import { changes, raise, signal, signalled, signalMemory } from './meeting.ts';
import type { GradientSizes, GrownTree, Units } from './tree-params.ts';

/** Places of signals: the number of the orders, how many requests are there, and how many threads are done. */
const places = { round: 0, ready: 1, done: 2 } as const;
/** Places of other numbers. */
const heads = { isClosed: 0, dealt: 1, bag: 2, bagRows: 3 } as const;
const numbersOfRequest = 10;

/** No size is 0, so that zeros stand for none. */
const numbersOfSizes = (sizes: GradientSizes | undefined): readonly number[] =>
  sizes === undefined ? [0, 0, 0, 0] : [sizes.above, sizes.below, sizes.above32, sizes.below32];

const sizesOf = ([above = 0, below = 0, above32 = 0, below32 = 0]: Float64Array): Pick<Units, 'sizes'> =>
  above === 0 ? {} : { sizes: { above, below, above32, below32 } };

/** Shared memory. By output: a tree as whole numbers and as doubles, and the leaf of each row. */
export interface BoardMemory {
  readonly signals: Int32Array;
  readonly heads: Int32Array;
  readonly requests: Float64Array;
  readonly bagRows: Int32Array;
  readonly ints: readonly Int32Array[];
  readonly doubles: readonly Float64Array[];
  readonly leafOf: readonly Int32Array[];
  readonly mostLeaves: number;
}

const sharedDoubles = (length: number): Float64Array => new Float64Array(new SharedArrayBuffer(length * 8));

interface BoardSize {
  readonly rows: number;
  readonly outputs: number;
  readonly mostLeaves: number;
}

export function boardMemory({ rows, outputs, mostLeaves }: BoardSize): BoardMemory {
  const byOutput = <T>(make: () => T): T[] => Array.from({ length: outputs }, make);
  return {
    signals: signalMemory(Object.keys(places).length),
    heads: sharedInts(Object.keys(heads).length),
    requests: sharedDoubles(outputs * numbersOfRequest),
    bagRows: sharedInts(rows),
    ints: byOutput(() => sharedInts(1 + mostLeaves * 5)),
    doubles: byOutput(() => sharedDoubles(mostLeaves * 2)),
    leafOf: byOutput(() => sharedInts(rows)),
    mostLeaves,
  };
}

/** One tree for each output: so many of the first are dealt out to single threads, the others are grown by all together. */
export interface Orders {
  readonly dealt: number;
  /** From now on, trees are grown on these rows. */
  readonly rows: Int32Array | undefined;
}

/**
 * How the main thread and the others that grow trees tell each other what is to be done and what came of it: in shared memory, since messages of trees
 * take as long as growing them. Splits by sets of categories have no place on it.
 */
export class TreeBoard {
  readonly #memory: BoardMemory;
  #round = 0;
  #bag = 0;

  constructor(memory: BoardMemory) {
    this.#memory = memory;
  }

  /** Main thread: has the other threads begin to grow trees, as soon as each is asked for by `ready`. */
  order({ dealt, rows }: Orders): void {
    const { signals, heads: numbers, bagRows } = this.#memory;
    numbers[heads.dealt] = dealt;
    if (rows !== undefined) {
      bagRows.set(rows);
      numbers[heads.bagRows] = rows.length;
      numbers[heads.bag] = (numbers[heads.bag] ?? 0) + 1;
    }
    signal(signals, places.done, 0);
    signal(signals, places.ready, 0);
    signal(signals, places.round, ++this.#round);
  }

  /** Main thread: what is asked for the next tree, whose gradients are there. */
  ready({ output, tree, units, total }: TreeRequest): void {
    const { signals, requests: sums } = this.#memory;
    const { gradient, hessian, count } = total;
    const own = [tree, units.gradient, units.hessian, gradient, hessian, count];
    sums.set([...own, ...numbersOfSizes(units.sizes)], output * numbersOfRequest);
    signal(signals, places.ready, output + 1);
  }

  /** Main thread: resolves when so many others are done. `ended` rejects when one cannot be any more. */
  async answered(others: number, ended: Promise<unknown>): Promise<void> {
    const { signals } = this.#memory;
    for (;;) {
      const done = signalled(signals, places.done);
      if (done === others) return;
      // Only between waits can the main thread hear that a thread ended.
      if (!changes(signals, places.done, { from: done, after: 'tree' }))
        await Promise.race([new Promise((resolve) => setImmediate(resolve)), ended]);
    }
  }

  /** Main thread: the others are not wanted any more. */
  close(): void {
    const { signals, heads: numbers } = this.#memory;
    numbers[heads.isClosed] = 1;
    signal(signals, places.round, ++this.#round);
  }

  /** Main thread: the tree that was grown for an output, and the leaf of each row. */
  grown(output: number): { readonly tree: GrownTree; readonly leafOf: Int32Array } {
    const { ints, doubles, leafOf, mostLeaves } = this.#memory;
    const [whole, real, leaves] = [ints[output], doubles[output], leafOf[output]];
    if (whole === undefined || real === undefined || leaves === undefined) throw new RangeError('no such output');
    const nodes = whole[0] ?? 0;
    const list = (place: number, length: number): Int32Array =>
      Int32Array.from(whole.subarray(1 + place * mostLeaves, 1 + place * mostLeaves + length));
    const tree = {
      feature: list(0, nodes),
      bin: list(1, nodes),
      sets: new Array<undefined>(nodes).fill(undefined),
      left: list(2, nodes),
      right: list(3, nodes),
      gain: Float64Array.from(real.subarray(0, nodes)),
      leafValue: Float64Array.from(real.subarray(mostLeaves, mostLeaves + nodes + 1)),
      leafCount: list(4, nodes + 1),
    };
    return { tree, leafOf: leaves };
  }

  /** Another thread: waits until there are orders; undefined when there will be none. */
  next(): Orders | undefined {
    const { signals, heads: numbers, bagRows } = this.#memory;
    while (signalled(signals, places.round) === this.#round)
      changes(signals, places.round, { from: this.#round, after: 'tree' });
    this.#round = signalled(signals, places.round);
    if (numbers[heads.isClosed] === 1) return undefined;
    const bag = numbers[heads.bag] ?? 0;
    const rows = bag === this.#bag ? undefined : bagRows.slice(0, numbers[heads.bagRows]);
    this.#bag = bag;
    return { dealt: numbers[heads.dealt] ?? 0, rows };
  }

  /** Another thread: waits until it is known what is asked for an output; undefined when nothing will be. */
  request(output: number): TreeRequest | undefined {
    const { signals, heads: numbers, requests: sums } = this.#memory;
    for (let ready = signalled(signals, places.ready); ready <= output; ready = signalled(signals, places.ready)) {
      if (numbers[heads.isClosed] === 1) return undefined;
      changes(signals, places.ready, { from: ready, after: 'step' });
    }
    const own = sums.subarray(output * numbersOfRequest, (output + 1) * numbersOfRequest);
    const [tree = 0, unit = 0, hessianUnit = 0, gradient = 0, hessian = 0, count = 0] = own;
    const units = { gradient: unit, hessian: hessianUnit, ...sizesOf(own.subarray(6)) };
    return { output, tree, units, total: { gradient, hessian, count } };
  }

  /** What was grown for an output, for the main thread to read. */
  give(output: number, tree: GrownTree, leaves: Int32Array): void {
    const { ints, doubles, leafOf, mostLeaves } = this.#memory;
    const { feature, bin, left, right, leafCount, gain, leafValue } = tree;
    const whole = ints[output];
    if (whole !== undefined) whole[0] = feature.length;
    [feature, bin, left, right, leafCount].forEach((list, place) => whole?.set(list, 1 + place * mostLeaves));
    [gain, leafValue].forEach((list, place) => doubles[output]?.set(list, place * mostLeaves));
    leafOf[output]?.set(leaves);
  }

  /** Another thread: its part of the orders is done. */
  done(): void {
    raise(this.#memory.signals, places.done);
  }
}
