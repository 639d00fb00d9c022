import { flag, group, oneOf, orNull, real, whole } from '../fields.ts';
import { allSane, arrayOf } from '../io/parts.ts';
import type { NumberArray } from '../io/parts.ts';
import { TermTable } from '../text/term-table.ts';
import type { StoredBlock } from './block.ts';
import { norms, storedAnalyzer } from './stored-options.ts';
import { FittedVectorizer } from './vectorizer.ts';
import type { VectorizerOptions } from './vectorizer.ts';

/** The options of a vectorizer, as a stored model holds them. */
export const storedVectorizer = group({
  analyzer: storedAnalyzer,
  limits: group({
    minDf: real({ above: 0 }),
    maxDf: real({ above: 0 }),
    maxFeatures: orNull(whole({ min: 1 })),
  }),
  weighting: group({
    kind: oneOf(['bow', 'tfidf']),
    binary: flag(),
    sublinear: flag(),
    smoothIdf: flag(),
    norm: oneOf(norms),
  }),
});

/** The inverse of `FittedVectorizer.arrays`; a text says what is wrong. */
export function vectorizerFromParts(
  options: VectorizerOptions,
  { name, arrays }: StoredBlock,
): FittedVectorizer | string {
  const terms = termsFromArrays(arrays, name);
  if (typeof terms === 'string') return terms;
  if (options.weighting.kind === 'bow') return new FittedVectorizer(options, terms, null);
  const idf = arrayOf(arrays, 'idf', 'f64');
  if (idf?.length !== terms.size || !allSane(idf)) return `the document frequencies of ${name} are broken`;
  return new FittedVectorizer(options, terms, idf);
}

/** The terms in `units` and `ends`; a text says what is wrong with those of `name`. */
export function termsFromArrays(arrays: Readonly<Record<string, NumberArray>>, name: string): TermTable | string {
  const units = arrayOf(arrays, 'units', 'u16');
  const ends = arrayOf(arrays, 'ends', 'i32');
  if (units === undefined || ends === undefined) return `${name} has no terms`;
  return TermTable.fromUnits(units, ends) ?? `the terms of ${name} are broken`;
}
