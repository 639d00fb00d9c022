import type { NodeColumns, Range } from './node.ts';
import type { NodeRows } from './node-rows.ts';
import type { Table } from './table.ts';

export const allColumns = ({ columns, columnStart, columnRows, columnValues }: Table, rows: number): NodeColumns => ({
  rows,
  columns: Int32Array.from({ length: columns }, (_, column) => column),
  starts: columnStart,
  entryRows: columnRows,
  values: columnValues,
});

/** Fewer entries than these are walked as quickly as they are copied. */
const leastEntries = 200;

/**
 * Keeps the lists that nodes walk about as short as the nodes are. A node of less than half of the rows gets lists of its own; so every row is
 * copied a few times on its way down, and no node walks many rows of others.
 */
export class ColumnLists {
  readonly #table: Table;
  readonly #rows: NodeRows;
  /** Place of a column in the list that is being made, or -1. */
  readonly #localOf: Int32Array;
  readonly #listed: Int32Array;
  readonly #counts: Int32Array;
  readonly #scratchRows: Int32Array;
  readonly #scratchValues: Float32Array;

  constructor(table: Table, rows: NodeRows) {
    this.#table = table;
    this.#rows = rows;
    this.#localOf = new Int32Array(table.columns).fill(-1);
    this.#listed = new Int32Array(table.columns);
    this.#counts = new Int32Array(table.columns);
    this.#scratchRows = new Int32Array(table.rowColumns.length);
    this.#scratchValues = new Float32Array(table.rowColumns.length);
  }

  /** The lists for a node that so far used those of a node above it. */
  narrow(above: NodeColumns, range: Range): NodeColumns {
    const rows = range.end - range.start;
    const entries = above.entryRows.length;
    if (rows * 2 > above.rows || entries < leastEntries) return above;
    return rows * 8 > above.rows ? this.#fromLists(above, range) : this.#fromRows(range);
  }

  /** In the order of the lists above, so sorted as they are. */
  #fromLists(above: NodeColumns, { start, end }: Range): NodeColumns {
    const { place } = this.#rows;
    const { starts, entryRows, values } = above;
    let listed = 0;
    let to = 0;
    for (let column = 0; column < above.columns.length; column++) {
      const first = to;
      const last = starts[column + 1] ?? 0;
      for (let at = starts[column] ?? 0; at < last; at++) {
        const row = entryRows[at] ?? 0;
        const own = place[row] ?? -1;
        if (own < start || own >= end) continue;
        this.#scratchRows[to] = row;
        this.#scratchValues[to++] = values[at] ?? 0;
      }
      if (to === first) continue;
      this.#listed[listed] = above.columns[column] ?? 0;
      this.#counts[listed++] = to - first;
    }
    const ends = startsOf(this.#counts, listed);
    return {
      rows: end - start,
      columns: this.#listed.slice(0, listed),
      starts: ends,
      entryRows: this.#scratchRows.slice(0, to),
      values: this.#scratchValues.slice(0, to),
    };
  }

  #fromRows({ start, end }: Range): NodeColumns {
    const { rowStart, rowColumns, rowValues } = this.#table;
    const { list } = this.#rows;
    const localOf = this.#localOf;
    const counts = this.#counts;
    let listed = 0;
    for (let n = start; n < end; n++) {
      const row = list[n] ?? 0;
      const last = rowStart[row + 1] ?? 0;
      for (let at = rowStart[row] ?? 0; at < last; at++) {
        const column = rowColumns[at] ?? 0;
        let local = localOf[column] ?? -1;
        if (local < 0) {
          local = listed++;
          localOf[column] = local;
          this.#listed[local] = column;
          counts[local] = 0;
        }
        counts[local] = (counts[local] ?? 0) + 1;
      }
    }
    const starts = startsOf(counts, listed);
    const entries = starts[listed] ?? 0;
    const made = {
      rows: end - start,
      columns: this.#listed.slice(0, listed),
      starts,
      entryRows: new Int32Array(entries),
      values: new Float32Array(entries),
    };
    for (let n = start; n < end; n++) {
      const row = list[n] ?? 0;
      const last = rowStart[row + 1] ?? 0;
      for (let at = rowStart[row] ?? 0; at < last; at++) {
        const local = localOf[rowColumns[at] ?? 0] ?? 0;
        const to = (starts[local + 1] ?? 0) - (counts[local] ?? 0);
        counts[local] = (counts[local] ?? 0) - 1;
        made.entryRows[to] = row;
        made.values[to] = rowValues[at] ?? 0;
      }
    }
    for (const column of made.columns) localOf[column] = -1;
    for (let local = 0; local < listed; local++) sortEntries(made, starts[local] ?? 0, starts[local + 1] ?? 0);
    return made;
  }
}

function startsOf(counts: Int32Array, length: number): Int32Array {
  const starts = new Int32Array(length + 1);
  for (let i = 0; i < length; i++) starts[i + 1] = (starts[i] ?? 0) + (counts[i] ?? 0);
  return starts;
}

const gaps = [701, 301, 132, 57, 23, 10, 4, 1];

/** By ascending value, in place (Shell 1959, gaps of Ciura 2001): most columns of a node are a few entries. */
function sortEntries({ entryRows, values }: NodeColumns, start: number, end: number): void {
  for (const gap of gaps) {
    for (let at = start + gap; at < end; at++) {
      const value = values[at] ?? 0;
      const row = entryRows[at] ?? 0;
      let to = at;
      for (; to - gap >= start && (values[to - gap] ?? 0) > value; to -= gap) {
        values[to] = values[to - gap] ?? 0;
        entryRows[to] = entryRows[to - gap] ?? 0;
      }
      values[to] = value;
      entryRows[to] = row;
    }
  }
}
