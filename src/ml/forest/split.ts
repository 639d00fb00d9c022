import type { Random } from '../../core/random.ts';

/** Values of a column that are nearer than this are the same: scikit-learn's FEATURE_THRESHOLD. */
export const sameValue = 1e-7;

/** What a split is looked for in: the node's rows and the sums of the weights of its classes. */
export interface NodeSums {
  readonly rows: number;
  readonly weight: number;
  readonly ofClass: Float64Array;
}

/** Entries of one column in one node that are not zero: the first `count` of each array. Overwritten by the next column. */
export interface Entries {
  count: number;
  readonly values: Float32Array;
  readonly classes: Int32Array;
  readonly weights: Float64Array;
}

interface Limits {
  readonly classes: number;
  readonly criterion: 'gini' | 'entropy';
  /** Fewest rows of a side. */
  readonly minSamplesLeaf: number;
}

/**
 * Finds where a node is best parted: the highest sum over both sides of weight x purity (Breiman et al. 1984, section 4.3). Of equal splits that of the
 * lower column stays, and within a column the lower threshold, so that the order of rows decides nothing.
 */
export class SplitSearch {
  column = -1;
  threshold = 0;
  score = -Infinity;
  readonly #limits: Limits;
  /** Sums of the side that is being filled; the other side is what is left of the node. */
  readonly #side: Float64Array;
  #sideWeight = 0;
  #sideRows = 0;
  #sideSquares = 0;
  #restSquares = 0;
  #node: NodeSums = { rows: 0, weight: 0, ofClass: new Float64Array(0) };
  #nodeSquares = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.#side = new Float64Array(limits.classes);
  }

  /** Forgets what was found, for the next node. */
  begin(node: NodeSums): void {
    this.#node = node;
    this.column = -1;
    this.score = -Infinity;
    this.#nodeSquares = 0;
    for (const sum of node.ofClass) this.#nodeSquares += sum * sum;
  }

  /** Weight x purity of the node as it is: a split gains what its score is above it. */
  unsplit(): number {
    const { ofClass, weight } = this.#node;
    return this.#limits.criterion === 'gini' ? this.#nodeSquares / weight : -weightedEntropy(ofClass, weight);
  }

  /** Every threshold of a column, whose entries ascend: down from the largest value to zero, and up from the smallest. */
  tryAll(column: number, entries: Entries): void {
    const { count: end, values } = entries;
    let positives = 0;
    while (positives < end && (values[positives] ?? 0) < 0) positives++;
    const hasZeros = end < this.#node.rows;
    this.#empty();
    for (let at = 0; at < positives; at++) {
      this.#add(entries, at);
      const last = at + 1 === positives;
      if (last && !hasZeros && positives === end) break;
      const next = last && hasZeros ? 0 : (values[at + 1] ?? 0);
      if (next - (values[at] ?? 0) > sameValue) this.#offer(column, values[at] ?? 0, next);
    }
    this.#empty();
    for (let at = end - 1; at >= positives; at--) {
      this.#add(entries, at);
      const last = at === positives;
      // Without zeros, what lies between the signs was offered from below.
      if (last && !hasZeros) break;
      const next = last ? 0 : (values[at - 1] ?? 0);
      if ((values[at] ?? 0) - next > sameValue) this.#offer(column, next, values[at] ?? 0);
    }
  }

  /** One threshold of a column, drawn between its least and largest value (Geurts, Ernst and Wehenkel 2006). */
  tryRandom(column: number, entries: Entries, random: Random): void {
    const { count: end, values } = entries;
    const hasZeros = end < this.#node.rows;
    let least = hasZeros ? 0 : Infinity;
    let most = hasZeros ? 0 : -Infinity;
    for (let at = 0; at < end; at++) {
      const value = values[at] ?? 0;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    if (most - least <= sameValue) return;
    const drawn = least + random() * (most - least);
    const threshold = drawn >= most ? least : drawn;
    this.#empty();
    // The side that zeros are not on.
    const above = threshold >= 0;
    for (let at = 0; at < end; at++) if ((values[at] ?? 0) > threshold === above) this.#add(entries, at);
    this.#take(column, threshold);
  }

  #empty(): void {
    this.#side.fill(0);
    this.#sideWeight = 0;
    this.#sideRows = 0;
    this.#sideSquares = 0;
    this.#restSquares = this.#nodeSquares;
  }

  #add({ classes, weights }: Entries, at: number): void {
    const c = classes[at] ?? 0;
    const weight = weights[at] ?? 0;
    const before = this.#side[c] ?? 0;
    const rest = (this.#node.ofClass[c] ?? 0) - before;
    this.#side[c] = before + weight;
    this.#sideWeight += weight;
    this.#sideRows++;
    this.#sideSquares += weight * (2 * before + weight);
    this.#restSquares += weight * (weight - 2 * rest);
  }

  /** A threshold half way between two values, as scikit-learn rounds it. */
  #offer(column: number, low: number, high: number): void {
    const middle = low / 2 + high / 2;
    this.#take(column, middle === high ? low : middle);
  }

  #take(column: number, threshold: number): void {
    const { rows, weight, ofClass } = this.#node;
    const { minSamplesLeaf, criterion } = this.#limits;
    if (this.#sideRows < minSamplesLeaf || rows - this.#sideRows < minSamplesLeaf) return;
    const restWeight = weight - this.#sideWeight;
    if (!(this.#sideWeight > 0 && restWeight > 0)) return;
    const score =
      criterion === 'gini'
        ? this.#sideSquares / this.#sideWeight + this.#restSquares / restWeight
        : -weightedEntropy(this.#side, this.#sideWeight) - restEntropy(ofClass, this.#side, restWeight);
    if (score < this.score) return;
    if (score === this.score && (column > this.column || (column === this.column && threshold >= this.threshold)))
      return;
    this.score = score;
    this.column = column;
    this.threshold = threshold;
  }
}

const part = (sum: number, weight: number): number => (sum > 0 ? -sum * Math.log2(sum / weight) : 0);

function weightedEntropy(sums: Float64Array, weight: number): number {
  let entropy = 0;
  for (const sum of sums) entropy += part(sum, weight);
  return entropy;
}

function restEntropy(sums: Float64Array, less: Float64Array, weight: number): number {
  let entropy = 0;
  for (let c = 0; c < sums.length; c++) entropy += part((sums[c] ?? 0) - (less[c] ?? 0), weight);
  return entropy;
}
