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
    // About an entry a word: to grow by and by means to copy everything several times.
    const expected = texts.reduce((sum, text) => sum + text.length, 0) >> 3;
    this.#indices.reserve(expected);
    this.#counts.reserve(expected);
    for (let row = 0; row < texts.length; row++) {
      this.#countRow(texts[row] ?? '');
      indptr[row + 1] = this.#indices.length;
    }
    return {
      rows: texts.length,
      columns: this.#terms.size,
      indptr,
      indices: this.#indices.values.slice(0, this.#indices.length),
      values: new Float64Array(this.#counts.values.subarray(0, this.#counts.length)),
    };
  }

  #countRow(text: string): void {
    const terms = this.#terms;
    const learns = this.#learns;
    const { text: source, starts, ends, hashes } = this.#analyzer.analyze(text);
    const { units } = source;
    const grams = starts.length;
    this.#indices.reserve(grams);
    this.#counts.reserve(grams);
    const indices = this.#indices.values;
    const counts = this.#counts.values;
    const rowStart = this.#indices.length;
    let rowEnd = rowStart;
    let entryOf: Int32Array = this.#entryOf;
    for (let i = 0; i < grams; i++) {
      const start = starts.values[i] ?? 0;
      const end = ends.values[i] ?? 0;
      const hash = hashes.values[i] ?? 0;
      let id = terms.find(units, start, end, hash);
      if (id < 0) {
        if (!learns) continue;
        id = terms.add(units, start, end, hash);
      }
      if (id >= entryOf.length) entryOf = this.#grow(id);
      const entry = entryOf[id] ?? 0;
      if (entry >= rowStart && entry < rowEnd && indices[entry] === id) counts[entry] = (counts[entry] ?? 0) + 1;
      else {
        entryOf[id] = rowEnd;
        indices[rowEnd] = id;
        counts[rowEnd++] = 1;
      }
    }
    this.#indices.length = rowEnd;
    this.#counts.length = rowEnd;
  }

  #grow(id: number): Int32Array {
    const grown = new Int32Array(Math.max(id + 1, this.#entryOf.length * 2));
    grown.set(this.#entryOf);
    this.#entryOf = grown;
    return grown;
  }
}
