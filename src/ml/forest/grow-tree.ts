import type { Random } from '../../core/random.ts';
import { Candidates } from './candidates.ts';
import type { NodeColumns } from './node.ts';
import { allColumns, ColumnLists } from './node-columns.ts';
import { NodeRows } from './node-rows.ts';
import { SplitSearch, type NodeSums } from './split.ts';
import type { Table } from './table.ts';

/** Of one tree; numbers of rows and columns, not shares. */
export interface TreeParams {
  readonly criterion: 'gini' | 'entropy';
  /** `best`: every threshold of a column; `random`: one drawn for it. */
  readonly splitter: 'best' | 'random';
  readonly maxDepth: number;
  readonly minSamplesSplit: number;
  readonly minSamplesLeaf: number;
  /** Columns that a node looks at. */
  readonly maxFeatures: number;
  /** Infinity for no limit; else the leaf that gains most is parted first. */
  readonly maxLeafNodes: number;
  readonly minImpurityDecrease: number;
}

/** A child of 0 or more is a node, below 0 the leaf ~child; the root is node 0, or leaf 0 where there is no node. */
export interface GrownTree {
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Share of each class among the weights of the leaf's rows, [leaves, classes]. */
  readonly leaves: Float32Array;
}

/** A node that may be parted, with the split that was found for it. */
interface Growing {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly sums: Float64Array;
  readonly weight: number;
  /** Lists that hold its rows, and maybe others. */
  readonly lists: NodeColumns;
  /** The node whose child it is, and on which side; -1 for the root. */
  readonly parent: number;
  readonly isLeft: boolean;
}

interface Found extends Growing {
  readonly column: number;
  /** Its place in `lists`. */
  readonly local: number;
  readonly threshold: number;
  readonly gain: number;
}

/** Below it, an impurity is rounding. */
const epsilon = Number.EPSILON;

/** Grows tree after tree on one table, in buffers that are made once. */
export class TreeGrower {
  readonly #table: Table;
  readonly #params: TreeParams;
  readonly #rows: NodeRows;
  readonly #lists: ColumnLists;
  readonly #candidates: Candidates;
  readonly #search: SplitSearch;
  #random: Random = Math.random;
  #totalWeight = 0;
  /** Sums of whole numbers can be taken from each other; of others, what is left behind would pass for impurity. */
  #isExact = false;
  #feature: number[] = [];
  #threshold: number[] = [];
  #left: number[] = [];
  #right: number[] = [];
  #leaves: number[] = [];

  constructor(table: Table, params: TreeParams) {
    this.#table = table;
    this.#params = params;
    this.#rows = new NodeRows(table.rows);
    this.#lists = new ColumnLists(table, this.#rows);
    this.#candidates = new Candidates(table, this.#rows, params.maxFeatures);
    this.#search = new SplitSearch({ ...params, classes: table.classes });
  }

  /** `weights`: of each row in this tree; those of 0 take no part. */
  grow(weights: Float64Array, random: Random): GrownTree {
    this.#random = random;
    [this.#feature, this.#threshold, this.#left, this.#right, this.#leaves] = [[], [], [], [], []];
    const end = this.#rows.begin(weights);
    const root = growing({
      start: 0,
      end,
      depth: 0,
      sums: this.#sumsOf(0, end),
      lists: allColumns(this.#table, end),
      parent: -1,
      isLeft: true,
    });
    this.#isExact = weights.every(Number.isInteger);
    this.#totalWeight = root.weight;
    if (this.#params.maxLeafNodes === Infinity) this.#growDepthFirst(root);
    else this.#growBestFirst(root);
    return {
      feature: Int32Array.from(this.#feature),
      threshold: Float64Array.from(this.#threshold),
      left: Int32Array.from(this.#left),
      right: Int32Array.from(this.#right),
      leaves: Float32Array.from(this.#leaves),
    };
  }

  #growDepthFirst(root: Growing): void {
    const waiting = [root];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      const found = this.#findSplit(node);
      if (found === undefined) this.#addLeaf(node);
      else {
        const [left, right] = this.#part(found);
        waiting.push(right, left);
      }
    }
  }

  /** The leaf whose split lowers the impurity most is parted first; of equal ones the first found. */
  #growBestFirst(root: Growing): void {
    const open: Found[] = [];
    const enter = (node: Growing): void => {
      const found = this.#findSplit(node);
      if (found === undefined) this.#addLeaf(node);
      else open.push(found);
    };
    enter(root);
    for (let leaves = 1; open.length > 0 && leaves < this.#params.maxLeafNodes; leaves++) {
      let best = 0;
      open.forEach(({ gain }, at) => {
        if (gain > (open[best]?.gain ?? 0)) best = at;
      });
      const [node] = open.splice(best, 1);
      if (node !== undefined) this.#part(node).forEach(enter);
    }
    for (const node of open) this.#addLeaf(node);
  }

  #findSplit(node: Growing): Found | undefined {
    const { maxDepth, minSamplesSplit, minSamplesLeaf, minImpurityDecrease, splitter } = this.#params;
    const rows = node.end - node.start;
    if (node.depth >= maxDepth || rows < minSamplesSplit || rows < 2 * minSamplesLeaf) return undefined;
    if (isPure(node.sums)) return undefined;
    const lists = this.#lists.narrow(node.lists, node);
    const search = this.#search;
    const sums: NodeSums = { rows, weight: node.weight, ofClass: node.sums };
    search.begin(sums);
    let local = -1;
    this.#candidates.show(node, lists, this.#random, (entries, column, place) => {
      if (splitter === 'best') search.tryAll(column, entries);
      else search.tryRandom(column, entries, this.#random);
      if (search.column === column) local = place;
    });
    if (search.column < 0) return undefined;
    const gain = (search.score - search.unsplit()) / this.#totalWeight;
    if (gain + epsilon < minImpurityDecrease) return undefined;
    return { ...node, lists, local, column: search.column, threshold: search.threshold, gain };
  }

  #part(node: Found): [Growing, Growing] {
    const at = this.#feature.length;
    this.#feature.push(node.column);
    this.#threshold.push(node.threshold);
    this.#left.push(0);
    this.#right.push(0);
    this.#hang(node, at);
    const middle = this.#rows.part(node, node.lists, node.local, node.threshold);
    const small = middle - node.start <= node.end - middle ? 'left' : 'right';
    const smallSums = small === 'left' ? this.#sumsOf(node.start, middle) : this.#sumsOf(middle, node.end);
    const otherSums = this.#isExact
      ? node.sums.map((sum, c) => sum - (smallSums[c] ?? 0))
      : this.#sumsOf(...(small === 'left' ? ([middle, node.end] as const) : ([node.start, middle] as const)));
    const [left, right] = small === 'left' ? [smallSums, otherSums] : [otherSums, smallSums];
    const depth = node.depth + 1;
    const { lists } = node;
    return [
      growing({ start: node.start, end: middle, depth, sums: left, lists, parent: at, isLeft: true }),
      growing({ start: middle, end: node.end, depth, sums: right, lists, parent: at, isLeft: false }),
    ];
  }

  #addLeaf(node: Growing): void {
    this.#hang(node, ~(this.#leaves.length / this.#table.classes));
    for (const sum of node.sums) this.#leaves.push(sum / node.weight);
  }

  #hang({ parent, isLeft }: Growing, child: number): void {
    if (parent < 0) return;
    if (isLeft) this.#left[parent] = child;
    else this.#right[parent] = child;
  }

  #sumsOf(start: number, end: number): Float64Array {
    const sums = new Float64Array(this.#table.classes);
    const { list, weights } = this.#rows;
    for (let place = start; place < end; place++) {
      const row = list[place] ?? 0;
      const c = this.#table.y[row] ?? 0;
      sums[c] = (sums[c] ?? 0) + (weights[row] ?? 0);
    }
    return sums;
  }
}

const growing = (place: Omit<Growing, 'weight'>): Growing => ({
  ...place,
  weight: place.sums.reduce((sum, own) => sum + own, 0),
});

function isPure(sums: Float64Array): boolean {
  let classes = 0;
  for (const sum of sums) if (sum > 0) classes++;
  return classes < 2;
}
