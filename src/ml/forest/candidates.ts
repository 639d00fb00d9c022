import type { Random } from '../../core/random.ts';
import { hypergeometric } from './hypergeometric.ts';
import type { NodeColumns, Range } from './node.ts';
import type { NodeRows } from './node-rows.ts';
import { sameValue, type Entries } from './split.ts';
import type { Table } from './table.ts';

/** `local`: the place of the column in the node's lists. */
type Look = (entries: Entries, column: number, local: number) => void;

/**
 * The columns that a node looks at, drawn as scikit-learn draws them: `maxFeatures` of all, without putting back, and on until one of them is
 * not constant in the node. Columns that the node's lists do not have are constant there, so it is enough to draw how many of the others are among
 * those, and then which.
 */
export class Candidates {
  readonly #table: Table;
  readonly #rows: NodeRows;
  readonly #maxFeatures: number;
  readonly #entries: Entries;
  /** Places in the node's lists, in the order of the draw. */
  readonly #drawn: Int32Array;

  constructor(table: Table, rows: NodeRows, maxFeatures: number) {
    this.#table = table;
    this.#rows = rows;
    this.#maxFeatures = maxFeatures;
    this.#entries = {
      count: 0,
      values: new Float32Array(table.rows),
      classes: new Int32Array(table.rows),
      weights: new Float64Array(table.rows),
    };
    this.#drawn = new Int32Array(table.columns);
  }

  /** Shows each column that was drawn and is not constant, with its entries by ascending value. */
  show(range: Range, lists: NodeColumns, random: Random, look: Look): void {
    const listed = lists.columns.length;
    const drawn = this.#drawn;
    for (let n = 0; n < listed; n++) drawn[n] = n;
    const draws = hypergeometric(random, { all: this.#table.columns, marked: listed, drawn: this.#maxFeatures });
    let isFound = false;
    for (let n = 0; n < listed && (n < draws || !isFound); n++) {
      const at = n + Math.floor(random() * (listed - n));
      const local = drawn[at] ?? 0;
      drawn[at] = drawn[n] ?? 0;
      this.#gather(range, lists, local);
      if (!varies(this.#entries, range.end - range.start)) continue;
      isFound = true;
      look(this.#entries, lists.columns[local] ?? 0, local);
    }
  }

  /** Entries of the node's rows in a column, in the order of the list. */
  #gather({ start, end }: Range, { starts, entryRows, values }: NodeColumns, local: number): void {
    const { y } = this.#table;
    const { place, weights } = this.#rows;
    const entries = this.#entries;
    const last = starts[local + 1] ?? 0;
    let count = 0;
    for (let at = starts[local] ?? 0; at < last; at++) {
      const row = entryRows[at] ?? 0;
      const own = place[row] ?? -1;
      if (own < start || own >= end) continue;
      entries.values[count] = values[at] ?? 0;
      entries.classes[count] = y[row] ?? 0;
      entries.weights[count++] = weights[row] ?? 0;
    }
    entries.count = count;
  }
}

/** Whether a column has two values among the rows of a node. */
function varies({ count, values }: Entries, rows: number): boolean {
  if (count === 0) return false;
  const least = values[0] ?? 0;
  const most = values[count - 1] ?? 0;
  return count < rows ? Math.max(most, 0) - Math.min(least, 0) > sameValue : most - least > sameValue;
}
