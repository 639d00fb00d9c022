import { cleanText } from '../text/clean.ts';
import { createAnalyzer } from '../text/grams.ts';
import type { FittedFeatures } from './pipeline.ts';

/** Of each text: its words, as the features cut them, and how many of those are not in the vocabulary. */
export interface WordCoverage {
  readonly words: Int32Array;
  readonly unknown: Int32Array;
}

/**
 * How far the vocabulary covers the words of raw texts. Null for features that do not know single words (character n-grams, word pairs alone).
 * `isKnown` may say of a column of the matrix that it is to count as unknown.
 */
export function wordCoverage(
  features: FittedFeatures,
  texts: readonly string[],
  isKnown: (column: number) => boolean = () => true,
): WordCoverage | null {
  let first = 0;
  for (const { options, terms, columns } of features.blocks) {
    const { analyzer } = options;
    if (analyzer.unit !== 'words' || analyzer.ngramMin > 1) {
      first += columns;
      continue;
    }
    const single = createAnalyzer({ ...analyzer, ngramMax: 1, modifiers: 'none' });
    const words = new Int32Array(texts.length);
    const unknown = new Int32Array(texts.length);
    for (const [row, text] of texts.entries()) {
      const { text: source, starts, ends, hashes } = single.analyze(cleanText(text, features.cleaning));
      words[row] = starts.length;
      for (let i = 0; i < starts.length; i++) {
        const hash = hashes.values[i] ?? 0;
        const id = terms.find(source.units, starts.values[i] ?? 0, ends.values[i] ?? 0, hash);
        if (id < 0 || !isKnown(first + id)) unknown[row] = (unknown[row] ?? 0) + 1;
      }
    }
    return { words, unknown };
  }
  return null;
}
