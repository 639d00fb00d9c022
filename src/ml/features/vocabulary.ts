import type { CsrMatrix } from '../sparse/csr.ts';
import { sortColumns } from '../sparse/csr.ts';
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
export function documentFrequencies(counts: CsrMatrix): Int32Array {
  const frequencies = new Int32Array(counts.columns);
  for (const column of counts.indices) frequencies[column] = (frequencies[column] ?? 0) + 1;
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
  const inRange: number[] = [];
  for (let id = 0; id < frequencies.length; id++) {
    const frequency = frequencies[id] ?? 0;
    if (frequency >= fewest && frequency <= most) inRange.push(id);
  }
  const kept = limits.maxFeatures === null ? inRange : mostFrequent(counts, terms, inRange, limits.maxFeatures);
  return Int32Array.from(kept).sort((a, b) => terms.compare(a, b));
}

function mostFrequent(counts: CsrMatrix, terms: TermTable, ids: readonly number[], limit: number): number[] {
  if (ids.length <= limit) return [...ids];
  const totals = new Float64Array(counts.columns);
  for (let at = 0; at < counts.indices.length; at++) {
    const id = counts.indices[at] ?? 0;
    totals[id] = (totals[id] ?? 0) + (counts.values[at] ?? 0);
  }
  const edge = Float64Array.from(ids, (id) => totals[id] ?? 0).sort()[ids.length - limit] ?? 0;
  const above = ids.filter((id) => (totals[id] ?? 0) > edge);
  const atEdge = ids.filter((id) => totals[id] === edge).sort((a, b) => terms.compare(a, b));
  return [...above, ...atEdge.slice(0, limit - above.length)];
}

/** The matrix with the chosen columns only, in that order, ascending within each row. */
export function chooseColumns(counts: CsrMatrix, chosen: Int32Array): CsrMatrix {
  const newNumber = new Int32Array(counts.columns).fill(-1);
  for (let i = 0; i < chosen.length; i++) newNumber[chosen[i] ?? 0] = i;
  const indptr = new Int32Array(counts.rows + 1);
  const indices = new Int32Array(counts.indices.length);
  const values = new Float64Array(counts.indices.length);
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
  const matrix = { rows: counts.rows, columns: chosen.length, indptr };
  return sortColumns({ ...matrix, indices: indices.subarray(0, to), values: values.subarray(0, to) });
}
