import { Agreement, type Table } from './agreement.ts';
import { bagOf, bagOfAll, type Bag } from './bag.ts';
import type { BinnedMatrix } from './binned-matrix.ts';
import { growTree, workspaceFor, type Workspace } from './grow-tree.ts';
import { KernelMemory } from './kernel/memory.ts';
import { partOfFeatures, type FeatureRange } from './part-of-features.ts';
import { Sampler, type SamplingParams } from './sampling.ts';
import type { GrownTree, LeafSums, Split, TreeParams, Units } from './tree-params.ts';

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
  #workspace: Workspace | undefined;
  #range: FeatureRange | undefined;
  /** Kept when other rows are taken, since memory that a kernel had is not soon given back. */
  readonly #memory = new KernelMemory();

  constructor(data: BinnedMatrix, params: GrowParams, company?: Company) {
    this.#data = data;
    this.#params = params;
    this.#sampler = new Sampler(params);
    const { columnOf } = data;
    this.#company = company && { ...company, agreement: new Agreement(company.table, { ...company, columnOf }) };
    this.#bag = bagOfAll(data);
  }

  /** From now on, trees are grown on these rows, ascending. */
  takeRows(rows: Int32Array): void {
    this.#bag = bagOf(this.#data, rows);
    this.#workspace = undefined;
  }

  /** Where `isShared`, together with the others, which must be asked for the same: each looks at its features only, and all go on with the best that any found. */
  grow({ tree: number, units, total }: TreeRequest, rowSums: Int32Array, isShared = false): Grown {
    const bag = this.#bag;
    const { features } = bag.data;
    const draw = this.#sampler.featureDraw(number, features);
    const choose = this.#sampler.byNode(number, features);
    const gradients = bag.take({ rowSums, units, total });
    const company = this.#company;
    if (this.#workspace === undefined) {
      this.#range = company && partOfFeatures(bag.data, company.own, company.threads);
      this.#workspace = workspaceFor(bag.data, this.#memory, this.#range);
    }
    const together = isShared && {
      range: this.#range,
      agree: (found: readonly (Split | undefined)[]) => company?.agreement.best(found) ?? found,
    };
    const tree = growTree(this.#workspace, this.#params, { gradients, draw, choose, ...together });
    return { tree, leafOf: bag.leafOf(tree, this.#workspace.leafOf.values) };
  }
}
