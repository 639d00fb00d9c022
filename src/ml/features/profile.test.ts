import { expect, it } from 'vitest';
import { encodeLabels } from '../data/labelled-texts.ts';
import { plainCleaning } from '../text/clean.ts';
import type { FittedFeatures } from './pipeline.ts';
import { fitFeatures } from './pipeline.ts';
import { profileFromJson, profileOf, profileToJson } from './profile.ts';
import type { TrainingProfile } from './profile.ts';
import { defaultVectorizer } from './vectorizer.ts';
import type { VectorizerOptions } from './vectorizer.ts';

const texts = ['good good movie', 'bad movie 😀', 'what a movie', 'плохой film', 'good film what film', ''];
const labels = ['pos', 'neg', 'neu', 'neg', 'pos', 'neu'];
const characters: VectorizerOptions = {
  ...defaultVectorizer,
  analyzer: { unit: 'char_wb', ngramMin: 2, ngramMax: 3 },
};

const fit = async (blocks: readonly VectorizerOptions[], of: readonly string[]) => {
  const fitted = await fitFeatures({ cleaning: plainCleaning, blocks }, of);
  if (!fitted.ok) throw new Error(fitted.error.reason);
  return fitted.value;
};

const profile = async (blocks: readonly VectorizerOptions[]): Promise<TrainingProfile> => {
  const { features, matrix } = await fit(blocks, texts);
  return profileOf(features, { x: matrix, ...encodeLabels(labels) }, texts);
};

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}_]{2,}/gu) ?? [];

const knows = (features: FittedFeatures, word: string): boolean =>
  Array.from({ length: features.blocks[0]!.columns }, (_, id) => features.term(id).term).includes(word);

it.each([1, 2, 0.3])(
  'unknown words are those that a vocabulary learned without the text lacks (min_df %f)',
  async (minDf) => {
    const words = { ...defaultVectorizer, limits: { ...defaultVectorizer.limits, minDf } };
    const shares = await Promise.all(
      texts.map(async (text, at) => {
        const own = wordsOf(text);
        const { features } = await fit([words], texts.toSpliced(at, 1));
        return own.filter((word) => !knows(features, word)).length / Math.max(1, own.length);
      }),
    );
    const found = (await profile([characters, words])).unknownWords;
    expect(found?.mean).toBeCloseTo(shares.reduce((sum, share) => sum + share, 0) / shares.length, 4);
    expect([found?.quantiles[0], found?.quantiles[20]]).toEqual(
      [Math.min(...shares), Math.max(...shares)].map((x) => Number(x.toFixed(4))),
    );
  },
);

it('a profile counts classes, lengths, scripts and emoji, and is the same after it was stored', async () => {
  const found = await profile([defaultVectorizer, characters]);
  expect(found).toMatchObject({
    rows: 6,
    classRows: [2, 2, 2],
    emoji: 0.1667,
    scripts: { Latin: 0.6667, none: 0.1667 },
  });
  expect(found.characters.quantiles).toHaveLength(21);
  expect([found.characters.quantiles[0], found.characters.quantiles[20]]).toEqual([0, 19]);
  expect(profileFromJson(profileToJson(found), 3)).toEqual(found);
  expect(profileFromJson(profileToJson(found), 2)).toBeUndefined();
  expect(profileFromJson({ ...profileToJson(found), emoji: -1 }, 3)).toBeUndefined();
});

it('features that know no single words have no share of unknown ones', async () => {
  expect(await profile([characters])).toMatchObject({ words: null, unknownWords: null });
});

it('of very many texts evenly spread ones are measured, and all are counted', async () => {
  const many = Array.from({ length: 12_000 }, (_, row) => (row < 6000 ? 'good' : 'bad film'));
  const { features, matrix } = await fit([defaultVectorizer], many);
  const y = encodeLabels(many.map((text) => text.slice(0, 1)));
  const found = profileOf(features, { x: matrix, ...y }, many);
  expect(found).toMatchObject({ rows: 12_000, classRows: [6000, 6000], characters: { mean: 6 } });
});
