import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { NumberArray } from '../io/parts.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import type { AnalyzerOptions } from '../text/grams.ts';
import type { TermTable } from '../text/term-table.ts';
import type { FittedBlock, FittedOnTexts, Lexicon } from './block.ts';
import { TermCounter, countAllTerms } from './count.ts';
import type { VocabularyLimits } from './vocabulary.ts';
import { chooseColumns, chooseTerms, documentFrequencies } from './vocabulary.ts';
import type { WeightingOptions } from './weighting.ts';
import { inverseDocumentFrequencies, makeBinary, scaleRows, weigh } from './weighting.ts';

/** One block of text features: how texts are cut, which terms stay, and what an entry weighs. */
export interface VectorizerOptions {
  readonly analyzer: AnalyzerOptions;
  readonly limits: VocabularyLimits;
  readonly weighting: WeightingOptions;
}

/** scikit-learn's defaults for TfidfVectorizer; with `kind: 'bow'` those of CountVectorizer. */
export const defaultVectorizer: VectorizerOptions = {
  analyzer: {
    unit: 'words',
    tokens: 'word',
    minLength: 2,
    stopWords: 'none',
    stemmer: 'none',
    modifiers: 'none',
    ngramMin: 1,
    ngramMax: 1,
  },
  limits: { minDf: 1, maxDf: 1, maxFeatures: null },
  weighting: { kind: 'tfidf', binary: false, sublinear: false, smoothIdf: true, norm: 'l2' },
};

/** Learns the terms of (cleaned) texts. Gives the weights of those same texts too, which a later `transform` would only repeat. */
export function fitVectorizer(
  options: VectorizerOptions,
  texts: readonly string[],
): Result<{ readonly vectorizer: FittedVectorizer; readonly matrix: CsrMatrix }> {
  const { counts, terms } = countAllTerms(texts, options.analyzer);
  const present = options.weighting.binary ? makeBinary(counts) : counts;
  const chosen = chooseTerms(present, terms, options.limits);
  if (chosen.length === 0) return err(failure('no-terms', { texts: texts.length }));
  const matrix = chooseColumns(present, chosen);
  const kept = terms.pick(chosen);
  if (options.weighting.kind === 'bow') return ok({ vectorizer: new FittedVectorizer(options, kept, null), matrix });
  const idf = inverseDocumentFrequencies(documentFrequencies(matrix), texts.length, options.weighting.smoothIdf);
  return ok({
    vectorizer: new FittedVectorizer(options, kept, idf),
    matrix: weigh(matrix, idf, options.weighting),
  });
}

/** Knows its terms: turns texts into rows with one column a term. */
export class FittedVectorizer implements FittedBlock {
  readonly options: VectorizerOptions;
  readonly terms: TermTable;
  /** One number a term; null for bags of words. */
  readonly idf: Float64Array | null;
  readonly #counter: TermCounter;

  constructor(options: VectorizerOptions, terms: TermTable, idf: Float64Array | null) {
    this.options = options;
    this.terms = terms;
    this.idf = idf;
    this.#counter = new TermCounter(options.analyzer, terms, false);
  }

  get columns(): number {
    return this.terms.size;
  }

  get title(): string {
    return this.unit;
  }

  get unit(): AnalyzerOptions['unit'] {
    return this.options.analyzer.unit;
  }

  get lexicon(): Lexicon | null {
    const { analyzer, limits } = this.options;
    if (analyzer.unit !== 'words' || analyzer.ngramMin > 1) return null;
    return {
      analyzer: { ...analyzer, ngramMax: 1, modifiers: 'none' },
      terms: this.terms,
      knownWithoutOne: (x, first) => {
        const frequencies = documentFrequencies(x);
        const fewest = limits.minDf < 1 ? limits.minDf * (x.rows - 1) : limits.minDf;
        return (id) => (frequencies[first + id] ?? 0) - 1 >= fewest;
      },
    };
  }

  /** Weights of (cleaned) texts, one row a text. Columns of a row stand in order of first sight. */
  transform(texts: readonly string[]): CsrMatrix {
    const counts = this.#counter.count(texts);
    const present = this.options.weighting.binary ? makeBinary(counts) : counts;
    return this.idf === null ? present : weigh(present, this.idf, this.options.weighting);
  }

  columnName(column: number): string {
    return this.terms.term(column);
  }

  /** As if it had known no other terms: rows are scaled by what is left of them. */
  keepOnly(columns: Int32Array, matrix: CsrMatrix): FittedOnTexts {
    const { weighting } = this.options;
    const idf = this.idf === null ? null : Float64Array.from(columns, (column) => this.idf?.[column] ?? 0);
    const chosen = chooseColumns(matrix, columns);
    if (idf !== null && weighting.norm !== 'none') scaleRows(chosen.indptr, chosen.values, weighting.norm);
    return { block: new FittedVectorizer(this.options, this.terms.pick(columns), idf), matrix: chosen };
  }

  arrays(): Readonly<Record<string, NumberArray>> {
    return { ...this.terms.toUnits(), ...(this.idf === null ? {} : { idf: this.idf }) };
  }
}
