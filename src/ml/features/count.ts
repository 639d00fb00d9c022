import type { CsrMatrix } from '../sparse/csr.ts';
import type { Analyzer, AnalyzerOptions } from '../text/grams.ts';
import { createAnalyzer } from '../text/grams.ts';
import { TermTable } from '../text/term-table.ts';
import { IntBuffer } from '../text/units.ts';

/** Counts of all terms of the texts, with the terms numbered in order of first sight. */
export function countAllTerms(
  texts: readonly string[],
  options: AnalyzerOptions,
): { readonly counts: CsrMatrix; readonly terms: TermTable } {
  const terms = new TermTable();
  return { counts: new TermCounter(options, terms, true).count(texts), terms };
}

/** Counts terms of text after text, in buffers that are made once. */
export class TermCounter {
  readonly #analyzer: Analyzer;
  readonly #terms: TermTable;
  readonly #learns: boolean;
  readonly #indices = new IntBuffer();
  readonly #counts = new IntBuffer();
  /** Where a term's entry stood last. Only an entry of the present row that names the term counts, so nothing is ever reset. */
  #entryOf = new Int32Array(1024);

  /** One that `learns` gives every new term a number; another passes unknown terms over. */
  constructor(options: AnalyzerOptions, terms: TermTable, learns: boolean) {
    this.#analyzer = createAnalyzer(options);
    this.#terms = terms;
    this.#learns = learns;
  }

  /** One row a text, one column a term. Columns of a row stand in order of first sight. */
  count(texts: readonly string[]): CsrMatrix {
    const indptr = new Int32Array(texts.length + 1);
    this.#indices.clear();
    this.#counts.clear();
    for (let row = 0; row < texts.length; row++) {
      this.#countRow(texts[row] ?? '');
      indptr[row + 1] = this.#indices.length;
    }
    return {
      rows: texts.length,
      columns: this.#terms.size,
      indptr,
      indices: this.#indices.values.slice(0, this.#indices.length),
      values: Float64Array.from(this.#counts.values.subarray(0, this.#counts.length)),
    };
  }

  #countRow(text: string): void {
    const indices = this.#indices;
    const counts = this.#counts;
    const terms = this.#terms;
    const rowStart = indices.length;
    const { text: source, starts, ends, hashes } = this.#analyzer.analyze(text);
    const { units } = source;
    for (let i = 0; i < starts.length; i++) {
      const start = starts.values[i] ?? 0;
      const end = ends.values[i] ?? 0;
      const hash = hashes.values[i] ?? 0;
      const id = this.#learns ? terms.intern(units, start, end, hash) : terms.find(units, start, end, hash);
      if (id < 0) continue;
      if (id >= this.#entryOf.length) this.#grow(id);
      const entry = this.#entryOf[id] ?? 0;
      if (entry >= rowStart && entry < indices.length && indices.values[entry] === id) {
        counts.values[entry] = (counts.values[entry] ?? 0) + 1;
      } else {
        this.#entryOf[id] = indices.length;
        indices.push(id);
        counts.push(1);
      }
    }
  }

  #grow(id: number): void {
    const grown = new Int32Array(Math.max(id + 1, this.#entryOf.length * 2));
    grown.set(this.#entryOf);
    this.#entryOf = grown;
  }
}
