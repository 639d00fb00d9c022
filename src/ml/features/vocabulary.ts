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

/**
 * The terms that stay, in alphabetical order by code points, as scikit-learn numbers them. Of terms equally frequent at the edge of
 * `maxFeatures` the alphabetically first stay (numpy's sort, which scikit-learn uses there, leaves that open between processors).
 */
export function chooseTerms(counts: CsrMatrix, terms: TermTable, limits: VocabularyLimits): Int32Array {
  const frequencies = documentFrequencies(counts);
  const fewest = limits.minDf < 1 ? limits.minDf * counts.rows : limits.minDf;
  const most = limits.maxDf <= 1 ? limits.maxDf * counts.rows : limits.maxDf;
  const inRange = new Int32Array(frequencies.length);
  let count = 0;
  for (let id = 0; id < frequencies.length; id++) {
    const frequency = frequencies[id] ?? 0;
    if (frequency >= fewest && frequency <= most) inRange[count++] = id;
  }
  const ids = inRange.subarray(0, count);
  const limit = limits.maxFeatures ?? count;
  return terms.inOrder(count <= limit ? ids : mostFrequent(counts, terms, ids, limit));
}

/** So many of the given terms; there are more. */
function mostFrequent(counts: CsrMatrix, terms: TermTable, ids: Int32Array, limit: number): Int32Array {
  const totals = totalsOf(counts);
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

/** Sum of each column; counts are whole. */
function totalsOf({ columns, indices, values }: CsrMatrix): Uint32Array {
  const totals = new Uint32Array(columns);
  for (let at = 0; at < indices.length; at++) {
    const id = indices[at] ?? 0;
    totals[id] = (totals[id] ?? 0) + (values[at] ?? 0);
  }
  return totals;
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

/** The matrix with the chosen columns only, in that order, ascending within each row. */
export function chooseColumns(counts: CsrMatrix, chosen: Int32Array): CsrMatrix {
  const newNumber = new Int32Array(counts.columns).fill(-1);
  for (let i = 0; i < chosen.length; i++) newNumber[chosen[i] ?? 0] = i;
  const indptr = new Int32Array(counts.rows + 1);
  let entries = 0;
  for (const id of counts.indices) if ((newNumber[id] ?? -1) >= 0) entries++;
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
