import type { CsrMatrix } from '../sparse/csr.ts';

export interface WeightingOptions {
  /** `bow`: counts as they are. `tfidf`: counts times the inverse document frequency, rows scaled. */
  readonly kind: 'bow' | 'tfidf';
  /** Every count becomes 1 before anything else. */
  readonly binary: boolean;
  /** 1 + ln(count) for the count; tfidf only. */
  readonly sublinear: boolean;
  /** As if one more text held every term once; tfidf only. */
  readonly smoothIdf: boolean;
  /** What each row is scaled by; tfidf only. */
  readonly norm: 'l2' | 'l1' | 'none';
}

/** ln((1 + n) / (1 + df)) + 1 when smooth, else ln(n / df) + 1, a column: scikit-learn's definition. */
export function inverseDocumentFrequencies(frequencies: Int32Array, rows: number, smooth: boolean): Float64Array {
  const extra = smooth ? 1 : 0;
  return Float64Array.from(frequencies, (df) => Math.log((rows + extra) / (df + extra)) + 1);
}

export const makeBinary = (counts: CsrMatrix): CsrMatrix => ({
  ...counts,
  values: new Float64Array(counts.values.length).fill(1),
});

/** Counts to weights. `idf` has one number a column. The pattern of entries stays. */
export function weigh(counts: CsrMatrix, idf: Float64Array, options: WeightingOptions): CsrMatrix {
  const { indptr, indices } = counts;
  const values = new Float64Array(counts.values);
  const { sublinear } = options;
  for (let at = 0; at < values.length; at++) {
    const count = values[at] ?? 0;
    // Most counts are 1, whose logarithm need not be asked for.
    const weight = sublinear && count !== 1 ? 1 + Math.log(count) : count;
    values[at] = weight * (idf[indices[at] ?? 0] ?? 0);
  }
  if (options.norm !== 'none') scaleRows(indptr, values, options.norm);
  return { ...counts, values };
}

/** Divides each row by its length in the norm, in place; rows of zeros stay. */
export function scaleRows(indptr: Int32Array, values: CsrMatrix['values'], norm: 'l1' | 'l2'): void {
  for (let row = 0; row + 1 < indptr.length; row++) {
    const start = indptr[row] ?? 0;
    const end = indptr[row + 1] ?? 0;
    let sum = 0;
    for (let at = start; at < end; at++) {
      const value = values[at] ?? 0;
      sum += norm === 'l2' ? value * value : Math.abs(value);
    }
    if (sum === 0) continue;
    const size = norm === 'l2' ? Math.sqrt(sum) : sum;
    for (let at = start; at < end; at++) values[at] = (values[at] ?? 0) / size;
  }
}
