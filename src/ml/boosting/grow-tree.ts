import type { BinnedMatrix } from './binned-matrix.ts';
import { chosenCandidates, chosenSlots } from './chosen.ts';
import { DenseLine } from './dense-line.ts';
import { SplitSearch } from './find-split.ts';
import { epsilon, GainBounds } from './gain-bounds.ts';
import { leafValue } from './gain.ts';
import { dropCandidate, dropSlots, Scatter, type DenseLeaf, type LeastSide, type TouchedSlots } from './histogram.ts';
import { movingRows, movingSlots } from './moving-slots.ts';
import type { KernelMemory } from './kernel.ts';
import { rowAdder, type RowAdder, type RowSums } from './row-adder.ts';
import type { CategorySet, GrownTree, Split, LeafSums, TreeParams, Units } from './tree-params.ts';

/** Buffers of one thread, used for tree after tree. */
export interface Workspace {
  readonly data: BinnedMatrix;
  readonly adder: RowAdder;
  readonly scatter: Scatter;
  readonly dense: DenseLeaf;
}

/** In the given memory, if there is any; then the last workspace that used it cannot be used any more. */
export function workspaceFor(data: BinnedMatrix, memory: KernelMemory | undefined): Workspace {
  const adder = rowAdder(data, memory);
  return {
    data,
    adder,
    scatter: new Scatter(data, adder),
    dense: {
      sums: adder.all,
      candidates: { features: new Int32Array(data.features), isOne: new Uint8Array(data.features), length: 0 },
      bounds: new GainBounds(data.features),
    },
  };
}

export interface GrowInput {
  readonly rowSums: RowSums;
  readonly units: Units;
  readonly total: LeafSums;
  /** Features that this tree may split, ascending. */
  readonly used: Int32Array;
  /** Chooses of them for each node; without it, all are looked at. */
  readonly choose?: (() => Uint8Array) | undefined;
  /** Gets the leaf of each row. */
  readonly leafOf: Int32Array;
  /** Where others look at other features of the same tree: the best splits of all. */
  readonly agree?: (found: readonly (Split | undefined)[]) => readonly (Split | undefined)[];
}

/** A leaf that may be split. Its rows are listed, but for those of leaf 0 until it is small: nearly all rows stay in it. */
interface Leaf {
  readonly number: number;
  readonly depth: number;
  readonly total: LeafSums;
  /** What the L2 of its value has more than that of others. */
  readonly addedL2: number;
  rows: Int32Array | undefined;
  /** Undefined: the sums of all slots are this leaf's. */
  touched: TouchedSlots | undefined;
  split: Split | undefined;
}

/**
 * Grows one tree leaf by leaf, the one of the largest gain next (Shi, "Best-first decision tree learning", 2007; Ke et al., "LightGBM", NIPS
 * 2017). Only entries outside of the zero bins are read: what moves out of a leaf is found by the slots of the feature, the sums of
 * the smaller child are added up from its rows, and those of the larger one are what is left. Afterwards `leafOf` has each row's leaf.
 */
export function growTree(workspace: Workspace, params: TreeParams, input: GrowInput): GrownTree {
  const { data, adder, dense } = workspace;
  const { agree, leafOf } = input;
  leafOf.fill(0);
  setCandidates(dense, input.used);
  dense.bounds.begin(input.total, input.units, params);
  adder.take(input.rowSums);
  adder.addColumns(input.used);
  const line = new DenseLine({ data, params, bounds: dense.bounds, ...input }, params.numLeaves);
  const growing: Growing = { workspace, params, input, line };
  const root: Leaf = {
    number: 0,
    depth: 0,
    total: input.total,
    addedL2: 0,
    rows: undefined,
    touched: undefined,
    split: undefined,
  };
  const leaves = [root];
  const search = (found: readonly Leaf[]): void => {
    const splits = found.map((leaf) => searchSplit(growing, leaf));
    const agreed = agree?.(splits) ?? splits;
    found.forEach((leaf, at) => (leaf.split = agreed[at]));
  };
  search(leaves);
  const tree = new TreeBuilder(params.numLeaves);
  while (leaves.length < params.numLeaves) {
    const leaf = bestLeaf(leaves);
    if (leaf?.split === undefined) break;
    const [left, right] = divide(growing, { leaf, split: leaf.split, newNumber: leaves.length });
    tree.split(leaf.number, leaf.split);
    leaves[left.number] = left;
    leaves[right.number] = right;
    if (leaves.length >= params.numLeaves) break;
    search([left, right]);
  }
  return tree.finish(leaves, ({ total, addedL2 }) => {
    const regularised = addedL2 === 0 ? params : { ...params, lambdaL2: params.lambdaL2 + addedL2 };
    return leafValue(total.gradient * input.units.gradient, total.hessian * input.units.hessian, regularised);
  });
}

interface Growing {
  readonly workspace: Workspace;
  readonly params: TreeParams;
  readonly input: GrowInput;
  readonly line: DenseLine;
}

function setCandidates({ candidates }: DenseLeaf, used: Int32Array): void {
  candidates.isOne.fill(0);
  for (const feature of used) candidates.isOne[feature] = 1;
  candidates.features.set(used);
  candidates.length = used.length;
}

function bestLeaf(leaves: readonly Leaf[]): Leaf | undefined {
  let best: Leaf | undefined;
  for (const leaf of leaves) {
    if (leaf.split !== undefined && leaf.split.gain > (best?.split?.gain ?? 0)) best = leaf;
  }
  return best;
}

function searchSplit(
  { workspace: { data, dense }, params, input: { units, choose }, line }: Growing,
  { total, touched, depth, number }: Leaf,
): Split | undefined {
  if (params.maxDepth > 0 && depth >= params.maxDepth) return undefined;
  if (total.count < 2 * params.minDataInLeaf) return undefined;
  const chosen = choose?.();
  for (;;) {
    const search = new SplitSearch(data, params, { total, units });
    if (touched === undefined) {
      line.enter(total);
      const candidates = chosen === undefined ? dense.candidates : chosenCandidates(dense.candidates, chosen);
      search.lookAtAll(candidates, dense.sums, dense.bounds);
    } else search.lookAtTouched(chosen === undefined ? touched : chosenSlots(touched, data.featureOf, chosen));
    const split = search.best();
    if (split === undefined || line.wasSplittable(split.feature, number)) return split;
    if (touched === undefined) dropCandidate(dense, split.feature);
    else dropSlots(touched, data, split.feature);
  }
}

/** The two children: the left one keeps the leaf's number. */
function divide(
  { workspace, params, input: { leafOf, units }, line }: Growing,
  { leaf, split, newNumber }: { readonly leaf: Leaf; readonly split: Split; readonly newNumber: number },
): readonly [Leaf, Leaf] {
  const { data, scatter, dense } = workspace;
  const slots = movingSlots(data, split);
  const moved = movingRows(data, slots, { leafOf, leaf: leaf.number });
  const movedIsRight = slots.movesRight;
  const movedNumber = movedIsRight ? newNumber : leaf.number;
  const stays = rowsThatStay(leaf, moved, {
    leafOf,
    numbers: { moved: movedNumber, stay: movedIsRight ? leaf.number : newNumber },
  });
  const size = leaf.rows?.length ?? leaf.total.count;
  const movedIsSmaller = stays === undefined || moved.length * 2 <= size;
  const scattered = movedIsSmaller ? moved : stays;
  const countOf = (isMoved: boolean): number => (isMoved ? moved.length : leaf.total.count - moved.length);
  const totalOf = (isMoved: boolean): LeafSums => ({
    ...(isMoved === movedIsRight ? split.right : split.left),
    count: countOf(isMoved),
  });
  const moving = { rows: scattered, least: leastSide(totalOf(movedIsSmaller), params, units) };
  const small =
    leaf.touched === undefined ? scatter.moveFromAll(moving, dense) : scatter.moveFromList(moving, leaf.touched);
  const child = (isMoved: boolean): Leaf => {
    const isRight = isMoved === movedIsRight;
    return {
      addedL2: split.set?.addedL2 ?? 0,
      number: isRight ? newNumber : leaf.number,
      depth: leaf.depth + 1,
      total: totalOf(isMoved),
      rows: isMoved ? moved : stays,
      touched: isMoved === movedIsSmaller ? small : leaf.touched,
      split: undefined,
    };
  };
  const children = [child(!movedIsRight), child(movedIsRight)] as const;
  if (leaf.touched === undefined)
    line.part(children.map(({ number, touched }) => ({ number, leaves: touched !== undefined })));
  else line.follow(newNumber, leaf.number);
  return children;
}

const leastSide = ({ count, hessian }: LeafSums, params: TreeParams, units: Units): LeastSide => ({
  count: params.minDataInLeaf,
  countsPerHessian: count / hessian,
  hessian: (params.minSumHessianInLeaf - epsilon) / units.hessian,
});

/** Marks the leaves of the rows; undefined where the leaf has no list, and needs none. */
function rowsThatStay(
  { rows, total, number }: Leaf,
  moved: Int32Array,
  {
    leafOf,
    numbers,
  }: { readonly leafOf: Int32Array; readonly numbers: { readonly moved: number; readonly stay: number } },
): Int32Array | undefined {
  const gone = -1;
  for (const row of moved) leafOf[row] = gone;
  const needed = rows !== undefined || moved.length * 2 > total.count || numbers.stay !== number;
  let stays: Int32Array | undefined;
  if (needed) {
    stays = rows === undefined ? allRows(leafOf, number) : rows.filter((row) => leafOf[row] !== gone);
    if (numbers.stay !== number) for (const row of stays) leafOf[row] = numbers.stay;
  }
  for (const row of moved) leafOf[row] = numbers.moved;
  return stays;
}

function allRows(leafOf: Int32Array, leaf: number): Int32Array {
  const rows = new Int32Array(leafOf.length);
  let count = 0;
  for (let row = 0; row < leafOf.length; row++) if (leafOf[row] === leaf) rows[count++] = row;
  return rows.slice(0, count);
}

class TreeBuilder {
  readonly #feature: number[] = [];
  readonly #bin: number[] = [];
  readonly #sets: (CategorySet | undefined)[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #gain: number[] = [];
  /** Where each leaf hangs: its node, and whether on the right. */
  readonly #places: { node: number; right: boolean }[] = [];

  constructor(leaves: number) {
    this.#places.length = leaves;
  }

  /** The leaf keeps its number on the left, and the next number is the right one's. */
  split(leaf: number, { feature, bin, set, gain }: Split): void {
    const node = this.#feature.length;
    const place = this.#places[leaf];
    if (place !== undefined) (place.right ? this.#right : this.#left)[place.node] = node;
    this.#feature.push(feature);
    this.#bin.push(bin);
    this.#sets.push(set);
    this.#gain.push(gain);
    this.#left.push(-leaf - 1);
    this.#right.push(-node - 2);
    this.#places[leaf] = { node, right: false };
    this.#places[node + 1] = { node, right: true };
  }

  finish(leaves: readonly Leaf[], valueOf: (leaf: Leaf) => number): GrownTree {
    return {
      feature: Int32Array.from(this.#feature),
      bin: Int32Array.from(this.#bin),
      sets: this.#sets,
      left: Int32Array.from(this.#left),
      right: Int32Array.from(this.#right),
      gain: Float64Array.from(this.#gain),
      leafValue: Float64Array.from(leaves, valueOf),
      leafCount: Int32Array.from(leaves, ({ total }) => total.count),
    };
  }
}
