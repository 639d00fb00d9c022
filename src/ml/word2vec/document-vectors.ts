import type { NumberArray } from '../io/parts.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import type { Analyzer, AnalyzerOptions } from '../text/grams.ts';
import { createAnalyzer } from '../text/grams.ts';
import type { FittedBlock, Lexicon } from '../features/block.ts';
import { scaleRows } from '../features/weighting.ts';
import type { Word2VecSettings } from './settings.ts';
import type { WordVectors } from './word-vectors.ts';

/** Texts as means of their words' vectors. */
export interface DocumentVectorOptions {
  readonly kind: 'word2vec';
  /** Single words. */
  readonly analyzer: AnalyzerOptions;
  readonly norm: 'l2' | 'l1' | 'none';
  readonly settings: Word2VecSettings;
}

/** One column a dimension of the word vectors. A text without a known word is an empty row. */
export class DocumentVectors implements FittedBlock {
  readonly options: DocumentVectorOptions;
  readonly title = 'dimensions of word vectors';
  readonly unit = null;
  readonly vectors: WordVectors;
  /** What a word weighs in its text's mean; null where all weigh the same. */
  readonly idf: Float64Array | null;
  readonly #analyzer: Analyzer;

  constructor(options: DocumentVectorOptions, vectors: WordVectors, idf: Float64Array | null) {
    this.options = options;
    this.vectors = vectors;
    this.idf = idf;
    this.#analyzer = createAnalyzer(options.analyzer);
  }

  get columns(): number {
    return this.vectors.size;
  }

  get lexicon(): Lexicon {
    const { counts, terms } = this.vectors;
    const { vectors, min_count: learned } = this.options.settings;
    const fewest = vectors === null ? learned : 1;
    const knownWithoutOne = (): ((id: number) => boolean) => (id) => counts === null || (counts[id] ?? 0) - 1 >= fewest;
    return { analyzer: this.options.analyzer, terms, knownWithoutOne };
  }

  transform(texts: readonly string[]): CsrMatrix {
    const { size } = this.vectors;
    const indptr = new Int32Array(texts.length + 1);
    const indices = new Int32Array(texts.length * size);
    const values = new Float64Array(texts.length * size);
    let to = 0;
    for (const [row, text] of texts.entries()) {
      if (this.#addMean(text, values.subarray(to, to + size))) {
        for (let i = 0; i < size; i++) indices[to + i] = i;
        to += size;
      }
      indptr[row + 1] = to;
    }
    const matrix = { rows: texts.length, columns: size, indptr };
    const used = { indices: indices.subarray(0, to), values: values.subarray(0, to) };
    if (this.options.norm !== 'none') scaleRows(indptr, used.values, this.options.norm);
    return { ...matrix, ...used };
  }

  columnName(column: number): string {
    return `dimension ${column}`;
  }

  arrays(): Readonly<Record<string, NumberArray>> {
    const { terms, values, counts } = this.vectors;
    return {
      ...terms.toUnits(),
      vectors: values,
      ...(counts === null ? {} : { counts }),
      ...(this.idf === null ? {} : { idf: this.idf }),
    };
  }

  /** Adds the weighted mean of a text's words to `sum`, which is zero; false when it knows none of them. */
  #addMean(text: string, sum: Float64Array): boolean {
    const { terms, values, size } = this.vectors;
    const { text: source, starts, ends, hashes } = this.#analyzer.analyze(text);
    let total = 0;
    for (let i = 0; i < starts.length; i++) {
      const id = terms.find(source.units, starts.values[i] ?? 0, ends.values[i] ?? 0, hashes.values[i] ?? 0);
      if (id < 0) continue;
      const weight = this.idf === null ? 1 : (this.idf[id] ?? 0);
      const first = id * size;
      for (let d = 0; d < size; d++) sum[d] = (sum[d] ?? 0) + weight * (values[first + d] ?? 0);
      total += weight;
    }
    if (total === 0) return false;
    for (let d = 0; d < size; d++) sum[d] = (sum[d] ?? 0) / total;
    return true;
  }
}

/** In how many (cleaned) texts each word of the vectors occurs. */
export function wordFrequencies(vectors: WordVectors, texts: readonly string[], options: AnalyzerOptions): Int32Array {
  const analyzer = createAnalyzer(options);
  const frequencies = new Int32Array(vectors.terms.size);
  const lastText = new Int32Array(vectors.terms.size).fill(-1);
  for (const [row, text] of texts.entries()) {
    const { text: source, starts, ends, hashes } = analyzer.analyze(text);
    for (let i = 0; i < starts.length; i++) {
      const id = vectors.terms.find(source.units, starts.values[i] ?? 0, ends.values[i] ?? 0, hashes.values[i] ?? 0);
      if (id < 0 || lastText[id] === row) continue;
      lastText[id] = row;
      frequencies[id] = (frequencies[id] ?? 0) + 1;
    }
  }
  return frequencies;
}
