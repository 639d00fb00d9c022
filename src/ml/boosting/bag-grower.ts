import { Agreement, type Table } from './agreement.ts';
import { bagOf, bagOfAll, type Bag } from './bag.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { growTree, workspaceFor, type Workspace } from './grow-tree.ts';
import type { KernelMemory } from './kernel.ts';
import { partOf } from './part-of-matrix.ts';
import { memoryFor } from './row-adder.ts';
import { Sampler, type SamplingParams } from './sampling.ts';
import type { GrownTree, LeafSums, TreeParams, Units } from './tree-params.ts';

export interface GrowParams extends TreeParams, SamplingParams {}

/** What is asked for one tree. */
export interface TreeRequest {
  readonly output: number;
  /** Counts through all iterations and outputs. */
  readonly tree: number;
  readonly units: Units;
  /** Of all rows. */
  readonly total: LeafSums;
}

/** The threads that can grow a tree together, and which of them this one is. */
interface Company {
  readonly own: number;
  readonly threads: number;
  readonly table: Table;
}

/** A tree, and where the rows went. */
export interface Grown {
  readonly tree: GrownTree;
  /** Of all rows; good until the next tree. */
  readonly leafOf: Int32Array;
}

/** Grows trees on all rows or some, alone or with other threads, on its own buffers. */
export class BagGrower {
  readonly #data: BinnedMatrix;
  readonly #params: GrowParams;
  readonly #sampler: Sampler;
  readonly #company: (Company & { readonly agreement: Agreement }) | undefined;
  #bag: Bag;
  #leafOf: Int32Array;
  #whole: Workspace | undefined;
  #part: Workspace | undefined;
  /** Kept when other rows are taken, since memory that a kernel had is not soon given back. */
  #memory: KernelMemory | undefined;
  #partMemory: KernelMemory | undefined;

  constructor(data: BinnedMatrix, params: GrowParams, company?: Company) {
    this.#data = data;
    this.#params = params;
    this.#sampler = new Sampler(params);
    const { columnOf } = data;
    this.#company = company && { ...company, agreement: new Agreement(company.table, { ...company, columnOf }) };
    this.#bag = bagOfAll(data);
    this.#leafOf = new Int32Array(data.rows);
  }

  /** From now on, trees are grown on these rows, ascending. */
  takeRows(rows: Int32Array): void {
    this.#bag = bagOf(this.#data, rows);
    this.#leafOf = new Int32Array(rows.length);
    this.#whole = undefined;
    this.#part = undefined;
  }

  /** Together with the others, which must be asked for the same, where `isShared`. */
  grow({ tree: number, units, total }: TreeRequest, rowSums: Int32Array, isShared = false): Grown {
    const bag = this.#bag;
    const leafOf = this.#leafOf;
    const { features } = bag.data;
    const used = this.#sampler.features(number, features);
    const choose = this.#sampler.byNode(number, used, features);
    const input = { ...bag.take({ rowSums, units, total }), used, choose, leafOf };
    const tree = isShared
      ? this.#growPart(input)
      : growTree(
          (this.#whole ??= workspaceFor(bag.data, (this.#memory ??= memoryFor(this.#data)))),
          this.#params,
          input,
        );
    return { tree, leafOf: bag.leafOf(tree, leafOf) };
  }

  /** The same tree in each thread: each looks at its features only, and all go on with the best that any of them found. */
  #growPart(input: Parameters<typeof growTree>[2]): GrownTree {
    const company = this.#company;
    if (company === undefined) throw new Error('there is no other thread');
    const { own, threads, agreement } = company;
    this.#part ??= workspaceFor(partOf(this.#bag.data, own, threads), (this.#partMemory ??= memoryFor(this.#data)));
    const used = input.used.filter((feature) => feature % threads === own);
    return growTree(this.#part, this.#params, { ...input, used, agree: (found) => agreement.best(found) });
  }
}
