import type { BinnedMatrix } from './binned-matrix.ts';
import { chosenCandidates, chosenSlots } from './chosen.ts';
import { DenseLine } from './dense-line.ts';
import { SplitSearch } from './find-split.ts';
import { GainBounds } from './gain-bounds.ts';
import { leafValue } from './gain.ts';
import {
  dropCandidate,
  dropSlots,
  Scatter,
  type DenseLeaf,
  type KernelWork,
  type LeastSide,
  type TouchedSlots,
} from './histogram.ts';
import type { Ints, KernelMemory } from './kernel/memory.ts';
import { epsilon } from './kernel/records.ts';
import { movingSlots, type MovingSlots } from './moving-slots.ts';
import type { Gradients } from './narrow.ts';
import type { FeatureRange } from './part-of-features.ts';
import { collectRows, RowAdder } from './row-adder.ts';
import type { Draw } from './sampling.ts';
import { SearchFields } from './search-fields.ts';
import type { RowList } from './slot-sums.ts';
import { sidesAsLeaves } from './tie-break.ts';
import type { CategorySet, GrownTree, Split, LeafSums, TreeParams, Units } from './tree-params.ts';

/** Buffers of one thread in the kernel's memory, used for tree after tree. */
export interface Workspace {
  readonly data: BinnedMatrix;
  readonly adder: RowAdder;
  readonly scatter: Scatter;
  readonly dense: DenseLeaf;
  /** Leaf of each row; afterwards, those of the tree. */
  readonly leafOf: Ints;
  readonly everyRow: Ints;
  readonly work: KernelWork;
  /** From here on, memory is used anew by each tree. */
  readonly top: number;
}

/** In the given memory; then the last workspace that used it cannot be used any more. `range`: features that trees may be grown on alone. */
export function workspaceFor(data: BinnedMatrix, memory: KernelMemory, range?: FeatureRange): Workspace {
  memory.returnTo(0);
  const adder = new RowAdder(data, memory, range);
  const [features, isOne, featureOf] = [
    memory.zeros(data.features + 1),
    memory.zeros(data.features),
    memory.copy(data.featureOf),
  ];
  const bounds = new GainBounds(data, memory);
  return {
    data,
    adder,
    scatter: new Scatter(data, adder, memory),
    dense: { sums: adder.all, candidates: { features, isOne, singles: 0, length: 0 }, bounds },
    leafOf: memory.zeros(data.rows),
    everyRow: memory.copy(Int32Array.from({ length: data.rows }, (_, row) => row)),
    work: {
      memory,
      featureOf,
      columnOf: memory.copy(data.columnOf),
      ends: memory.zeros(2),
      search: new SearchFields(memory),
      records: bounds.records,
    },
    top: memory.used,
  };
}

export interface GrowInput {
  /** Of the rows, before they are narrowed. */
  readonly gradients: Gradients;
  /** Draws the features that this tree may split. */
  readonly draw: Draw;
  /** Of those, only the ones that the workspace was made for. */
  readonly range?: FeatureRange | undefined;
  /** Chooses of them for each node; without it, all are looked at. */
  readonly choose?: (() => Uint8Array) | undefined;
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
  rows: RowList | undefined;
  /** Undefined: the sums of all slots are this leaf's. Nothing is known of the two leaves of a tree's last split, which are not searched. */
  touched: TouchedSlots | undefined;
  split: Split | undefined;
}

/**
 * Grows one tree leaf by leaf, the one of the largest gain next (Shi, "Best-first decision tree learning", 2007; Ke et al., "LightGBM", NIPS
 * 2017). Only entries outside of the zero bins are read: what moves out of a leaf is found by the slots of the feature, the sums of
 * the smaller child are added up from its rows, and those of the larger one are what is left. Afterwards the workspace's `leafOf` has each row's leaf.
 */
export function growTree(workspace: Workspace, params: TreeParams, input: GrowInput): GrownTree {
  const { data, adder, dense, work, leafOf } = workspace;
  const { agree } = input;
  work.memory.returnTo(workspace.top);
  leafOf.values.fill(0);
  const used = drawCandidates(dense, input, work);
  adder.takeEntries(input.range === undefined ? 'all' : 'range');
  const { units, total } = adder.take(input.gradients);
  dense.bounds.begin(total, units, params);
  adder.addColumns(used);
  const growingLine = { data, params, bounds: dense.bounds, adder, units, leafOf, work };
  const line = new DenseLine(growingLine, params.numLeaves);
  const growing: Growing = { workspace, params, input, units, line };
  const root: Leaf = {
    number: 0,
    depth: 0,
    total,
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
    const leaf = bestLeaf(leaves, data);
    if (leaf?.split === undefined) break;
    const [left, right] = divide(growing, { leaf, split: leaf.split, newNumber: leaves.length });
    tree.split(leaf.number, leaf.split);
    leaves[left.number] = left;
    leaves[right.number] = right;
    if (leaves.length >= params.numLeaves) break;
    search([left, right]);
  }
  return tree.finish(leaves, (leaf) => {
    const { total: sums, addedL2 } = leaf;
    const regularised = addedL2 === 0 ? params : { ...params, lambdaL2: params.lambdaL2 + addedL2 };
    return leafValue(sums.gradient * units.gradient, sums.hessian * units.hessian, regularised);
  });
}

interface Growing {
  readonly workspace: Workspace;
  readonly params: TreeParams;
  readonly input: GrowInput;
  readonly units: Units;
  readonly line: DenseLine;
}

/** Gives the list of them. */
function drawCandidates(
  { candidates, bounds }: DenseLeaf,
  { draw: { seed, all, count }, range: { from, to } = { from: 0, to: all } }: GrowInput,
  { memory, ends }: KernelWork,
): { readonly address: number; readonly length: number } {
  const { features, isOne } = candidates;
  const lists = [features.address, isOne.address, bounds.singles, ends.address] as const;
  const end = memory.kernel.draw(seed, all, count, from, to, ...lists);
  candidates.singles = ends.values[0] ?? 0;
  candidates.length = (end - features.address) >> 2;
  return { address: features.address, length: candidates.length };
}

/** Of equal gains that of the lower column counts, and of one column that of the older leaf. */
function bestLeaf(leaves: readonly Leaf[], { columnOf }: BinnedMatrix): Leaf | undefined {
  const columnAt = (leaf: Leaf | undefined): number => columnOf[leaf?.split?.feature ?? -1] ?? -1;
  let best: Leaf | undefined;
  for (const leaf of leaves) {
    const lead = (leaf.split?.gain ?? 0) - (best?.split?.gain ?? 0);
    if (lead > 0 || (lead === 0 && columnAt(leaf) < columnAt(best))) best = leaf;
  }
  return best;
}

function searchSplit(
  { workspace: { data, dense, work }, params, input: { choose }, units, line }: Growing,
  { total, touched, depth, number }: Leaf,
): Split | undefined {
  if (params.maxDepth > 0 && depth >= params.maxDepth) return undefined;
  if (total.count < 2 * params.minDataInLeaf) return undefined;
  const chosen = choose?.();
  const { memory } = work;
  for (;;) {
    const search = new SplitSearch(data, params, { total, units });
    if (touched === undefined) {
      line.enter(total);
      const { candidates } = dense;
      search.lookAtAll(chosen === undefined ? candidates : chosenCandidates(candidates, chosen, memory), dense, work);
    } else {
      const { featureOf } = data;
      search.lookAtTouched(chosen === undefined ? touched : chosenSlots(touched, { featureOf, chosen }, memory), work);
    }
    const split = search.best();
    if (split === undefined || line.wasSplittable(split, number)) return split;
    if (touched === undefined) dropCandidate(dense, split.feature);
    else dropSlots(touched, data, split.feature);
  }
}

/** The two children: the left one keeps the leaf's number. */
function divide(
  { workspace, params, units, line }: Growing,
  { leaf, split, newNumber }: { readonly leaf: Leaf; readonly split: Split; readonly newNumber: number },
): readonly [Leaf, Leaf] {
  const { scatter, dense } = workspace;
  const slots = movingSlots(workspace.data, split);
  const moved = movingRows(workspace, slots, leaf.number);
  const movedIsRight = slots.movesRight;
  const movedNumber = movedIsRight ? newNumber : leaf.number;
  const stayNumber = movedIsRight ? leaf.number : newNumber;
  const stays = rowsThatStay(workspace, leaf, { moved, movedNumber, stayNumber });
  const size = leaf.rows?.length ?? leaf.total.count;
  const movedIsSmaller = stays === undefined || moved.length * 2 <= size;
  const scattered = movedIsSmaller ? moved : stays;
  const rightCount = movedIsRight ? moved.length : leaf.total.count - moved.length;
  const sides = sidesAsLeaves(leaf.total, split, { rightCount, units });
  const totalOf = (isMoved: boolean): LeafSums => (isMoved === movedIsRight ? sides.right : sides.left);
  const moving = { rows: scattered, least: leastSide(totalOf(movedIsSmaller), params, units) };
  // Nobody will search the two leaves of the last split.
  const isLast = newNumber === params.numLeaves - 1;
  const move = (): TouchedSlots =>
    leaf.touched === undefined ? scatter.moveFromAll(moving, dense) : scatter.moveFromList(moving, leaf.touched);
  const small = isLast ? undefined : move();
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

/** Rows of a leaf in the slots that leave it. */
function movingRows(
  { adder, leafOf, work: { memory } }: Workspace,
  { from, to, others }: MovingSlots,
  number: number,
): RowList {
  const parts = [[from, to] as const, ...others.map((slot) => [slot, slot + 1] as const)].filter(([a, b]) => a < b);
  const [first, ...more] = parts.map(([a, b]) => adder.rowsOf(a, b, { leafOf, number }));
  if (first === undefined) return { address: memory.used, length: 0 };
  if (more.length === 0) return first;
  const rows = [first, ...more].flatMap(({ address, length }) =>
    Array.from({ length }, (_, at) => memory.intAt(address + at * 4)),
  );
  return { address: memory.copy(Int32Array.from(rows)).address, length: rows.length };
}

const leastSide = ({ count, hessian }: LeafSums, params: TreeParams, units: Units): LeastSide => ({
  count: params.minDataInLeaf,
  countsPerHessian: count / hessian,
  hessian: (params.minSumHessianInLeaf - epsilon) / units.hessian,
});

/** Marks the leaves of the rows; undefined where the leaf has no list, and needs none. */
function rowsThatStay(
  { leafOf, everyRow, work: { memory } }: Workspace,
  { rows, total, number }: Leaf,
  {
    moved,
    movedNumber,
    stayNumber,
  }: { readonly moved: RowList; readonly movedNumber: number; readonly stayNumber: number },
): RowList | undefined {
  const mark = ({ address, length }: RowList, leaf: number): void => {
    memory.kernel.mark(address, address + length * 4, leafOf.address, leaf);
  };
  const stayIsNew = stayNumber !== number;
  // Until those that stay are listed, those that move must have another number.
  mark(moved, stayIsNew ? gone : movedNumber);
  const needed = rows !== undefined || moved.length * 2 > total.count || stayIsNew;
  if (!needed) return undefined;
  const from = rows ?? { address: everyRow.address, length: everyRow.values.length };
  const stays = collectRows(memory, from, { leafOf, number });
  if (stayIsNew) {
    mark(stays, stayNumber);
    mark(moved, movedNumber);
  }
  return stays;
}

const gone = -1;

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
