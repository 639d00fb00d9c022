import { describe, expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { readFields } from '../fields.ts';
import { sortColumns } from '../sparse/csr.ts';
import { featureOptions, featurizeFields } from './options.ts';
import { fitFeatures } from './pipeline.ts';
import type { FittedFeatures } from './pipeline.ts';
import { featuresFromParts, featuresToParts } from './stored.ts';
import { defaultVectorizer, fitVectorizer } from './vectorizer.ts';

const texts = ['Good film 😂', 'bad film, bad', '', 'good good good'];

const fit = async (featurize: JsonObject): Promise<FittedFeatures> => {
  const params = readFields({ featurize }, 'featurize', featurizeFields);
  if (!params.ok) throw new Error(failureMessage(params.error));
  const options = featureOptions(params.value);
  if (!options.ok) throw new Error(failureMessage(options.error));
  const fitted = await fitFeatures(options.value, texts);
  if (!fitted.ok) throw new Error(failureMessage(fitted.error));
  const again = sortColumns(fitted.value.features.transform(texts));
  // Rows are summed in another order, so lengths may differ in the last bit.
  expect(again.indices).toEqual(fitted.value.matrix.indices);
  again.values.forEach((value, at) => {
    expect(value).toBeCloseTo(fitted.value.matrix.values[at] ?? NaN, 14);
  });
  return fitted.value.features;
};

/** Word vectors of as few texts. */
const tiny = { kind: 'word2vec', word2vec: { vector_size: 5, min_count: 1, weighting: 'idf' } };

const termsOf = (features: FittedFeatures): string[] =>
  Array.from({ length: features.columns }, (_, column) => features.term(column).term);

describe('features', () => {
  it('transforming the training texts gives the rows that fitting gave', async () => {
    expect(termsOf(await fit({ char_ngram_max: 0, ngram_max: 1 }))).toEqual([',', 'bad', 'film', 'good', '😂']);
    await fit({ kind: 'bow', binary: true });
    await fit({ kind: 'tfidf', sublinear: true, norm: 'l1', smooth_idf: false });
  });

  it('blocks stand side by side, words first', async () => {
    const features = await fit({ ngram_max: 1, char_ngram_min: 5, char_ngram_max: 5 });
    expect(features.blocks.map((block) => block.columns)).toEqual([5, 8]);
    expect(termsOf(features).slice(5)).toEqual([' bad ', ' film', ' good', ' 😂 ', 'film ', 'film,', 'good ', 'ilm, ']);
    expect(features.term(5).block).toBe(1);
  });

  it('the most frequent terms stay, and of equal ones the alphabetically first', async () => {
    expect(termsOf(await fit({ char_ngram_max: 0, ngram_max: 1, max_features: 2 }))).toEqual(['bad', 'good']);
  });

  it('a limit below 1 is a share of the texts, and from 1 a number of them', async () => {
    expect(termsOf(await fit({ char_ngram_max: 0, ngram_max: 1, min_df: 2 }))).toEqual(['film', 'good']);
    expect(termsOf(await fit({ char_ngram_max: 0, ngram_max: 1, min_df: 0.5 }))).toEqual(['film', 'good']);
    expect(termsOf(await fit({ char_ngram_max: 0, ngram_max: 1, max_df: 0.25 }))).toEqual([',', 'bad', '😂']);
  });

  it('texts without a term left are a failure', () => {
    const fitted = fitVectorizer(defaultVectorizer, ['a', '', '!']);
    expect(fitted.ok ? '' : fitted.error.reason).toBe('no-terms');
  });

  it.each<JsonObject>([{}, { kind: 'hashing', hash_features: 500 }, tiny, { ...tiny, norm: 'l1' }])(
    'stored and read back, they make the same rows: %j',
    async (featurize) => {
      const features = await fit(featurize);
      const again = featuresFromParts(featuresToParts(features));
      if (typeof again === 'string') throw new Error(again);
      expect(again.transform(texts)).toEqual(features.transform(texts));
    },
  );
});

describe('parameters', () => {
  const problem = (featurize: JsonObject): string => {
    const params = readFields({ featurize }, 'featurize', featurizeFields);
    if (!params.ok) return failureMessage(params.error);
    const options = featureOptions(params.value);
    return options.ok ? '' : failureMessage(options.error);
  };

  it.each([
    [{ kind: 'tfdif' }, 'parameter featurize.kind must be "tfidf" or "bow" or "hashing" or "word2vec", not "tfdif"'],
    [{ ngram_maximum: 2 }, 'parameter featurize.ngram_maximum is not known here'],
    [{ min_df: 0 }, 'parameter featurize.min_df must be a number above 0, not 0'],
    [{ ngram_max: 1.5 }, 'parameter featurize.ngram_max must be a whole number at least 0 and at most 10, not 1.5'],
    [{ lowercase: 'yes' }, 'parameter featurize.lowercase must be true or false, not "yes"'],
    [{ ngram_min: 3 }, 'parameter featurize.ngram_min is 3, above ngram_max, which is 2'],
    [
      { ngram_max: 0, char_ngram_max: 0 },
      'parameter featurize.ngram_max and char_ngram_max are both 0, which leaves no features',
    ],
  ] as const)('%j is refused by name', (featurize, message) => {
    expect(problem(featurize)).toBe(message);
  });

  it('an unknown name suggests the nearest known one', () => {
    const params = readFields({ featurize: { sublinar: true } }, 'featurize', featurizeFields);
    expect(params.ok ? [] : params.error.detail).toMatchObject({ near: ['sublinear'] });
  });
});
