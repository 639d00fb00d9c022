import { failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { FitControl } from '../estimator.ts';
import type { FittedOnTexts, StoredBlock } from '../features/block.ts';
import { norms, storedAnalyzer } from '../features/stored-options.ts';
import { termsFromArrays } from '../features/stored-vectorizer.ts';
import { inverseDocumentFrequencies } from '../features/weighting.ts';
import { group, oneOf } from '../fields.ts';
import { allSane, arrayOf } from '../io/parts.ts';
import { buildCorpus } from './corpus.ts';
import { DocumentVectors, wordFrequencies } from './document-vectors.ts';
import type { DocumentVectorOptions } from './document-vectors.ts';
import { word2vecFields } from './settings.ts';
import { trainWordVectors } from './train.ts';
import { readWordVectors } from './vector-files.ts';
import { WordVectors } from './word-vectors.ts';

/** The options as a stored model holds them. */
export const storedDocumentVectors = group({
  kind: oneOf(['word2vec']),
  analyzer: storedAnalyzer,
  norm: oneOf(norms),
  settings: group(word2vecFields),
});

/** Word vectors from (cleaned) texts, and the rows of those texts. */
export async function fitDocumentVectors(
  options: DocumentVectorOptions,
  texts: readonly string[],
  control: FitControl,
): Promise<Result<FittedOnTexts>> {
  const vectors = await vectorsFor(options, texts, control);
  if (!vectors.ok) return vectors;
  const idf =
    options.settings.weighting === 'idf'
      ? inverseDocumentFrequencies(wordFrequencies(vectors.value, texts, options.analyzer), texts.length, true)
      : null;
  const block = new DocumentVectors(options, vectors.value, idf);
  const matrix = block.transform(texts);
  return matrix.indices.length === 0 ? err(failure('no-terms', { texts: texts.length })) : ok({ block, matrix });
}

async function vectorsFor(
  { analyzer, settings }: DocumentVectorOptions,
  texts: readonly string[],
  control: FitControl,
): Promise<Result<WordVectors>> {
  if (control.cancelled?.() === true) return err(failure('fit-cancelled', { algorithm: 'word2vec' }));
  if (settings.vectors === null) {
    return trainWordVectors(buildCorpus(texts, analyzer, settings.min_count), settings, control);
  }
  if (settings.keep === 'all') return readWordVectors(settings.vectors);
  const corpus = buildCorpus(texts, analyzer, 1);
  const read = await readWordVectors(settings.vectors, corpus.terms);
  if (!read.ok) return read;
  const { terms, values } = read.value;
  const counts = Int32Array.from({ length: terms.size }, (_, id) => corpus.counts[terms.findIn(corpus.terms, id)] ?? 0);
  return ok(new WordVectors(terms, values, counts));
}

/** The inverse of `DocumentVectors.arrays`; a text says what is wrong. */
export function documentVectorsFromParts(
  options: DocumentVectorOptions,
  { name, arrays }: StoredBlock,
): DocumentVectors | string {
  const terms = termsFromArrays(arrays, name);
  if (typeof terms === 'string') return terms;
  const values = arrayOf(arrays, 'vectors', 'f32');
  if (values === undefined || terms.size === 0 || values.length === 0 || values.length % terms.size !== 0) {
    return `the vectors of ${name} do not fit its words`;
  }
  if (!allSane(values)) return `the vectors of ${name} are broken`;
  const counts = arrayOf(arrays, 'counts', 'i32') ?? null;
  if (counts !== null && counts.length !== terms.size) return `the counts of ${name} do not fit its words`;
  const vectors = new WordVectors(terms, values, counts);
  if (options.settings.weighting === 'mean') return new DocumentVectors(options, vectors, null);
  const idf = arrayOf(arrays, 'idf', 'f64');
  if (idf?.length !== terms.size || !allSane(idf)) return `the document frequencies of ${name} are broken`;
  return new DocumentVectors(options, vectors, idf);
}
