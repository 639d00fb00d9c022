import type { CsrMatrix } from '../sparse/csr.ts';
import { cleanText } from '../text/clean.ts';
import { createAnalyzer } from '../text/grams.ts';
import type { Lexicon } from './block.ts';
import type { FittedFeatures } from './pipeline.ts';

/** Of each text: its words, as the features cut them, and how many of those are not in the vocabulary. */
export interface WordCoverage {
  readonly words: Int32Array;
  readonly unknown: Int32Array;
}

/**
 * How far the vocabulary covers the words of raw texts. Null for features that do not know single words (character n-grams, word pairs alone).
 * Where the texts are those that the features were fitted on, `x` are their rows, and a word that only its own text made known counts as unknown.
 */
export function wordCoverage(features: FittedFeatures, texts: readonly string[], x?: CsrMatrix): WordCoverage | null {
  let first = 0;
  for (const { lexicon, columns } of features.blocks) {
    if (lexicon === null) {
      first += columns;
      continue;
    }
    const isKnown = x === undefined ? () => true : lexicon.knownWithoutOne(x, first);
    return coverageBy(
      lexicon,
      texts.map((text) => cleanText(text, features.cleaning)),
      isKnown,
    );
  }
  return null;
}

function coverageBy(
  { analyzer, terms }: Lexicon,
  texts: readonly string[],
  isKnown: (id: number) => boolean,
): WordCoverage {
  const single = createAnalyzer(analyzer);
  const words = new Int32Array(texts.length);
  const unknown = new Int32Array(texts.length);
  for (const [row, text] of texts.entries()) {
    const { text: source, starts, ends, hashes } = single.analyze(text);
    words[row] = starts.length;
    for (let i = 0; i < starts.length; i++) {
      const hash = hashes.values[i] ?? 0;
      const id = terms.find(source.units, starts.values[i] ?? 0, ends.values[i] ?? 0, hash);
      if (id < 0 || !isKnown(id)) unknown[row] = (unknown[row] ?? 0) + 1;
    }
  }
  return { words, unknown };
}
