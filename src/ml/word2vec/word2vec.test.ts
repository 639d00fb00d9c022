import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { plainCleaning } from '../text/clean.ts';
import { fitFeatures } from '../features/pipeline.ts';
import { featuresFromParts, featuresToParts } from '../features/stored.ts';
import { defaultVectorizer } from '../features/vectorizer.ts';
import { group } from '../fields.ts';
import { TermTable } from '../text/term-table.ts';
import { buildCorpus } from './corpus.ts';
import { DocumentVectors } from './document-vectors.ts';
import type { DocumentVectorOptions } from './document-vectors.ts';
import { keepProbabilities, noiseTable } from './noise.ts';
import { word2vecFields } from './settings.ts';
import type { Word2VecSettings } from './settings.ts';
import { trainWordVectors } from './train.ts';
import { WordVectors } from './word-vectors.ts';

const settingsOf = (changes: Partial<Word2VecSettings>): Word2VecSettings => {
  const read = group(word2vecFields)(changes);
  if (!('value' in read)) throw new Error(read.problem);
  return read.value;
};

const topics = [
  ['cat', 'dog', 'fur', 'paw', 'tail', 'purr'],
  ['sun', 'rain', 'cloud', 'wind', 'storm', 'snow'],
];
/** Each text keeps to one of the topics. */
const texts = ((): string[] => {
  const random = seededRandom(3);
  return Array.from({ length: 4000 }, (_, row) =>
    Array.from({ length: 12 }, () => topics[row % 2]![Math.floor(random() * 6)]!).join(' '),
  );
})();
const corpus = buildCorpus(texts, defaultVectorizer.analyzer, 1);

const train = async (changes: Partial<Word2VecSettings>): Promise<WordVectors> => {
  const trained = await trainWordVectors(corpus, settingsOf({ vector_size: 20, sample: 0, ...changes }));
  if (!trained.ok) throw new Error(trained.error.reason);
  return trained.value;
};

describe('training', () => {
  it.each([
    ['skip_gram', 1],
    ['skip_gram', 2],
    ['cbow', 1],
    ['cbow', 2],
  ] as const)('%s with %i threads brings words of one topic together', async (model, threads) => {
    const vectors = await train({ model, threads });
    expect(vectors.values.every(Number.isFinite)).toBe(true);
    for (const topic of topics) {
      for (const word of topic) {
        const near = vectors.nearest(vectors.vector(word)!, 5, [word]).map((found) => found.word);
        expect([...near, word].sort()).toEqual([...topic].sort());
      }
    }
  });

  it('one thread gives the same vectors for the same seed, and others for another', async () => {
    const [first, same, other] = [await train({ seed: 5 }), await train({ seed: 5 }), await train({ seed: 6 })];
    expect(same.values).toEqual(first.values);
    expect(other.values).not.toEqual(first.values);
  });

  it("begins with gensim's vectors: even from -1 to 1, over the size", async () => {
    // A word alone in its text predicts nothing, so nothing changes its vector.
    const alone = buildCorpus(
      Array.from({ length: 200 }, (_, at) => `word${at}`),
      defaultVectorizer.analyzer,
      1,
    );
    const trained = await trainWordVectors(alone, settingsOf({ vector_size: 50 }));
    const values = trained.ok ? trained.value.values.map((value) => value * 50) : new Float32Array();
    expect([Math.min(...values), Math.max(...values)].map((value) => value.toFixed(2))).toEqual(['-1.00', '1.00']);
    const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(variance).toBeCloseTo(1 / 3, 1);
  });

  it('tells of each epoch its mean loss, which falls', async () => {
    const losses: number[] = [];
    // At a high rate the loss also shows how well the words just seen are remembered, which falls with the rate.
    await trainWordVectors(corpus, settingsOf({ vector_size: 20, sample: 0, epochs: 4, alpha: 0.003 }), {
      onProgress: ({ iteration, total, value }) => {
        expect([iteration, total]).toEqual([losses.length + 1, 4]);
        losses.push(value);
      },
    });
    expect(losses).toHaveLength(4);
    // Before anything is learned, each of the up to six predictions costs ln 2.
    expect(losses[0]).toBeLessThan(6 * Math.LN2);
    expect(losses[3]).toBeLessThan(losses[0]!);
  });

  it('ends when it is cancelled', async () => {
    let epochs = 0;
    const ended = await trainWordVectors(corpus, settingsOf({ epochs: 100_000, threads: 2 }), {
      onProgress: () => epochs++,
      cancelled: () => epochs > 0,
    });
    expect(ended.ok ? '' : ended.error.reason).toBe('fit-cancelled');
    expect(epochs).toBeLessThan(1000);
  });

  it('texts without a frequent word, and vectors larger than any memory, are failures', async () => {
    const none = await trainWordVectors(buildCorpus(['a b'], defaultVectorizer.analyzer, 5), settingsOf({}));
    expect(none.ok ? '' : none.error.reason).toBe('no-terms');
    const many = Array.from({ length: 60_000 }, (_, at) => `word${at}`).join(' ');
    const huge = buildCorpus([many], defaultVectorizer.analyzer, 1);
    const failed = await trainWordVectors(huge, settingsOf({ vector_size: 10_000 }));
    expect(failed.ok ? {} : failed.error.detail).toMatchObject({ param: 'featurize.word2vec.vector_size' });
  });
});

describe('words', () => {
  it('are numbered by frequency, then by alphabet, and rare ones are left out', () => {
    const { terms, counts, ids, ends } = buildCorpus(['bb aa cc', '', 'cc dd bb cc aa'], defaultVectorizer.analyzer, 2);
    expect(Array.from({ length: terms.size }, (_, id) => terms.term(id))).toEqual(['cc', 'aa', 'bb']);
    expect([[...counts], [...ids], [...ends]]).toEqual([
      [3, 2, 2],
      [2, 1, 0, 0, 2, 0, 1],
      [3, 3, 7],
    ]);
  });

  it('are noise by their count to the power of 0.75', () => {
    const counts = Int32Array.of(1000, 500, 60, 7, 7, 1, 1);
    const { own, alias } = noiseTable(counts);
    const shares = new Float64Array(counts.length);
    own.forEach((probability, slot) => {
      shares[slot] = shares[slot]! + probability / counts.length;
      shares[alias[slot]!] = shares[alias[slot]!]! + (1 - probability) / counts.length;
    });
    const total = counts.reduce((sum, count) => sum + count ** 0.75, 0);
    shares.forEach((share, word) => {
      expect(share).toBeCloseTo(counts[word]! ** 0.75 / total, 6);
    });
  });

  it('are sub-sampled where they are more frequent than the share', () => {
    const keep = keepProbabilities(Int32Array.of(900, 90, 10), 0.01);
    expect([...keep]).toEqual([Math.sqrt(10 / 900) + 10 / 900, Math.sqrt(10 / 90) + 10 / 90, 1].map(Math.fround));
    expect([...keepProbabilities(Int32Array.of(900, 90), 0)]).toEqual([1, 1]);
  });
});

describe('texts as means of word vectors', () => {
  const options = (changes: Partial<Word2VecSettings>): DocumentVectorOptions => ({
    kind: 'word2vec',
    analyzer: defaultVectorizer.analyzer,
    norm: 'none',
    settings: settingsOf({ min_count: 1, vector_size: 3, ...changes }),
  });
  const vectors = new WordVectors(TermTable.of(['up', 'on']), Float32Array.of(1, 2, 3, -3, 0, 1), null);

  it('are plain means or weighted ones, and empty where no word is known', () => {
    const plain = new DocumentVectors(options({}), vectors, null).transform(['up on up', 'off', 'on']);
    expect([...plain.indptr]).toEqual([0, 3, 3, 6]);
    expect([...plain.values]).toEqual([-1 / 3, 4 / 3, 7 / 3, -3, 0, 1]);
    const weighted = new DocumentVectors(options({ weighting: 'idf' }), vectors, Float64Array.of(1, 3));
    expect([...weighted.transform(['up on off']).values]).toEqual([-2, 0.5, 1.5]);
  });

  const blocks = [options({ weighting: 'idf', vector_size: 6 })];
  it('broken vectors, counts and weights of a stored block are refused', async () => {
    const fitted = await fitFeatures({ cleaning: plainCleaning, blocks }, texts.slice(0, 50));
    if (!fitted.ok) throw new Error(fitted.error.reason);
    const parts = featuresToParts(fitted.value.features);
    const good = featuresFromParts(parts);
    if (typeof good === 'string') throw new Error(good);
    expect(good.transform(texts)).toEqual(fitted.value.features.transform(texts));
    const broken = {
      'block0.vectors': [
        new Float32Array(7),
        new Float32Array(0),
        new Float32Array(72).fill(NaN),
        new Float64Array(72),
      ],
      'block0.counts': [new Int32Array(3)],
      'block0.idf': [new Float64Array(3), new Float64Array(12).fill(Infinity), new Float32Array(12)],
    };
    for (const [name, arrays] of Object.entries(broken)) {
      for (const array of arrays) {
        expect(typeof featuresFromParts({ ...parts, arrays: { ...parts.arrays, [name]: array } }), name).toBe('string');
      }
    }
  });
});
