import type { CsrMatrix } from '../sparse/csr.ts';
import { sortRows } from '../sparse/csr.ts';
import type { TermTable } from '../text/term-table.ts';

export interface VocabularyLimits {
  /** Texts that must hold a term: a number from 1, or a share of all texts below 1. */
  readonly minDf: number;
  /** Texts that may hold a term: a share of all texts up to 1, or a number above 1. */
  readonly maxDf: number;
  /** Only the most frequent terms; null for all. */
  readonly maxFeatures: number | null;
}

/** In how many rows each column has an entry. */
export function documentFrequencies({ columns, indices }: CsrMatrix): Int32Array {
  const frequencies = new Int32Array(columns);
  for (const column of indices) {
    frequencies[column] = (frequencies[column] ?? 0) + 1;
  }
  return frequencies;
}

/** How often each column occurs. */
interface Tally {
  /** In how many rows. */
  readonly frequencies: Int32Array;
  /** Sum of the column; counts are whole. */
  readonly totals: Uint32Array;
}

export function tally({ columns, indices, values }: CsrMatrix): Tally {
  const frequencies = new Int32Array(columns);
  const totals = new Uint32Array(columns);
  for (let at = 0; at < indices.length; at++) {
    const column = indices[at] ?? 0;
    frequencies[column] = (frequencies[column] ?? 0) + 1;
    totals[column] = (totals[column] ?? 0) + (values[at] ?? 0);
  }
  return { frequencies, totals };
}

/**
 * The terms that stay, in alphabetical order by code points, as scikit-learn numbers them. Of terms equally frequent at the edge of
 * `maxFeatures` the alphabetically first stay (numpy's sort, which scikit-learn uses there, leaves that open between processors).
 */
export function chooseTerms(
  { frequencies, totals }: Tally,
  rows: number,
  terms: TermTable,
  limits: VocabularyLimits,
): Int32Array {
  const fewest = limits.minDf < 1 ? limits.minDf * rows : limits.minDf;
  const most = limits.maxDf <= 1 ? limits.maxDf * rows : limits.maxDf;
  const inRange = new Int32Array(frequencies.length);
  let count = 0;
  for (let id = 0; id < frequencies.length; id++) {
    const frequency = frequencies[id] ?? 0;
    if (frequency >= fewest && frequency <= most) inRange[count++] = id;
  }
  const ids = inRange.subarray(0, count);
  const limit = limits.maxFeatures ?? count;
  return terms.inOrder(count <= limit ? ids : mostFrequent(totals, terms, ids, limit));
}

/** So many of the given terms; there are more. */
function mostFrequent(totals: Uint32Array, terms: TermTable, ids: Int32Array, limit: number): Int32Array {
  const edge = edgeOf(totals, ids, limit);
  const kept = new Int32Array(limit);
  const atEdge = new Int32Array(ids.length);
  let above = 0;
  let equal = 0;
  for (const id of ids) {
    const total = totals[id] ?? 0;
    if (total > edge) kept[above++] = id;
    else if (total === edge) atEdge[equal++] = id;
  }
  kept.set(terms.inOrder(atEdge.subarray(0, equal)).subarray(0, limit - above), above);
  return kept;
}

/** The total that the last of `limit` terms has: by how many terms have each total, which is quicker than sorting a million. */
function edgeOf(totals: Uint32Array, ids: Int32Array, limit: number): number {
  let largest = 0;
  for (const id of ids) largest = Math.max(largest, totals[id] ?? 0);
  const termsWith = new Int32Array(largest + 1);
  for (const id of ids) {
    const total = totals[id] ?? 0;
    termsWith[total] = (termsWith[total] ?? 0) + 1;
  }
  let edge = largest;
  for (let more = termsWith[edge] ?? 0; more < limit; more += termsWith[edge] ?? 0) edge--;
  return edge;
}

/** How many entries stand in columns that have a number of 0 or more. */
function entriesOf({ indices }: CsrMatrix, numbers: Int32Array): number {
  let count = 0;
  for (const column of indices) if ((numbers[column] ?? -1) >= 0) count++;
  return count;
}

/** The matrix with the chosen columns only, in that order, ascending within each row. `known`: how many entries they have, where somebody counted. */
export function chooseColumns(counts: CsrMatrix, chosen: Int32Array, known?: number): CsrMatrix {
  const newNumber = new Int32Array(counts.columns).fill(-1);
  for (let i = 0; i < chosen.length; i++) newNumber[chosen[i] ?? 0] = i;
  const entries = known ?? entriesOf(counts, newNumber);
  const indptr = new Int32Array(counts.rows + 1);
  const indices = new Int32Array(entries);
  const values = new Float64Array(entries);
  let to = 0;
  for (let row = 0; row < counts.rows; row++) {
    const end = counts.indptr[row + 1] ?? 0;
    for (let at = counts.indptr[row] ?? 0; at < end; at++) {
      const column = newNumber[counts.indices[at] ?? 0] ?? -1;
      if (column < 0) continue;
      indices[to] = column;
      values[to++] = counts.values[at] ?? 0;
    }
    indptr[row + 1] = to;
  }
  sortRows(indptr, indices, values);
  return { rows: counts.rows, columns: chosen.length, indptr, indices, values };
}
