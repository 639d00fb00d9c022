import type { NodeColumns, Range } from './node.ts';

/** The rows of a tree in one list, in which every node is a range: of each row its weight in this tree, and where in the list it stands. */
export class NodeRows {
  readonly list: Int32Array;
  /** Of each row its place in the list, or -1. */
  readonly place: Int32Array;
  readonly weights: Float64Array;

  constructor(rows: number) {
    this.list = new Int32Array(rows);
    this.place = new Int32Array(rows);
    this.weights = new Float64Array(rows);
  }

  /** Takes all rows that weigh something, and says how many those are. */
  begin(weights: Float64Array): number {
    let count = 0;
    for (let row = 0; row < weights.length; row++) {
      const weight = weights[row] ?? 0;
      this.weights[row] = weight;
      this.place[row] = weight > 0 ? count : -1;
      if (weight > 0) this.list[count++] = row;
    }
    return count;
  }

  /** Parts a range by a column of lists that hold its rows: values up to the threshold first. Gives where the others begin. Moves only the rows that are not with the zeros. */
  part({ start, end }: Range, { starts, entryRows, values }: NodeColumns, local: number, threshold: number): number {
    const zerosLeft = threshold >= 0;
    const last = starts[local + 1] ?? 0;
    let boundary = zerosLeft ? end : start;
    for (let at = starts[local] ?? 0; at < last; at++) {
      if ((values[at] ?? 0) <= threshold === zerosLeft) continue;
      const place = this.place[entryRows[at] ?? 0] ?? -1;
      if (place < start || place >= end) continue;
      this.#swap(place, zerosLeft ? --boundary : boundary++);
    }
    return boundary;
  }

  #swap(a: number, b: number): void {
    const { list, place } = this;
    const rowA = list[a] ?? 0;
    const rowB = list[b] ?? 0;
    list[a] = rowB;
    list[b] = rowA;
    place[rowB] = a;
    place[rowA] = b;
  }
}
