import type { Result } from '../../core/result.ts';
import { ok } from '../../core/result.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { joinColumns } from '../sparse/csr.ts';
import type { CleaningOptions } from '../text/clean.ts';
import { cleanText } from '../text/clean.ts';
import type { FittedVectorizer, VectorizerOptions } from './vectorizer.ts';
import { fitVectorizer } from './vectorizer.ts';

/** From raw text to columns: one cleaning, then blocks of features side by side (scikit-learn's FeatureUnion). */
export interface FeatureOptions {
  readonly cleaning: CleaningOptions;
  readonly blocks: readonly VectorizerOptions[];
}

/** Learns every block from raw texts, and gives their rows. */
export function fitFeatures(
  options: FeatureOptions,
  texts: readonly string[],
): Result<{ readonly features: FittedFeatures; readonly matrix: CsrMatrix }> {
  const clean = texts.map((text) => cleanText(text, options.cleaning));
  const vectorizers: FittedVectorizer[] = [];
  const matrices: CsrMatrix[] = [];
  for (const block of options.blocks) {
    const fitted = fitVectorizer(block, clean);
    if (!fitted.ok) return fitted;
    vectorizers.push(fitted.value.vectorizer);
    matrices.push(fitted.value.matrix);
  }
  return ok({ features: new FittedFeatures(options.cleaning, vectorizers), matrix: joinColumns(matrices) });
}

/** Turns raw texts into rows, exactly as those it was fitted on. */
export class FittedFeatures {
  readonly cleaning: CleaningOptions;
  readonly blocks: readonly FittedVectorizer[];
  readonly columns: number;

  constructor(cleaning: CleaningOptions, blocks: readonly FittedVectorizer[]) {
    this.cleaning = cleaning;
    this.blocks = blocks;
    this.columns = blocks.reduce((sum, block) => sum + block.columns, 0);
  }

  get options(): FeatureOptions {
    return { cleaning: this.cleaning, blocks: this.blocks.map((block) => block.options) };
  }

  transform(texts: readonly string[]): CsrMatrix {
    const clean = texts.map((text) => cleanText(text, this.cleaning));
    return joinColumns(this.blocks.map((block) => block.transform(clean)));
  }

  /** What a column counts, and in which block it stands. */
  term(column: number): { readonly block: number; readonly term: string } {
    let first = 0;
    for (const [number, block] of this.blocks.entries()) {
      if (column < first + block.columns) return { block: number, term: block.terms.term(column - first) };
      first += block.columns;
    }
    throw new Error(`there is no column ${column} among ${this.columns}`);
  }
}
