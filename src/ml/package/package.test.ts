import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import { seededRandom } from '../../core/random.ts';
import { encodeLabels } from '../data/labelled-texts.ts';
import { trainField } from '../estimators.ts';
import { featureOptions, featurizeFields } from '../features/options.ts';
import { fitFeatures } from '../features/pipeline.ts';
import { profileOf } from '../features/profile.ts';
import { readField, readFields } from '../fields.ts';
import { descriptionHash, sha256 } from './format.ts';
import { loadModelPackage } from './load.ts';
import type { ModelPackage } from './types.ts';
import { writeModelPackage } from './write.ts';

const folder = mkdtempSync(join(tmpdir(), 'ml-package-'));
const good = join(folder, 'good');

const texts = [
  'love it 😂',
  'great film, love love',
  'so bad',
  'awful bad film',
  'what time is it?',
  'where is it 4:32',
];
const labels = ['pos', 'pos', 'neg', 'neg', 'neu', 'neu'];

function need<T>(result: { ok: true; value: T } | { ok: false; error: Parameters<typeof failureMessage>[0] }): T {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

async function train(to: string, algorithm = 'linear_svm', featurize: JsonObject = {}): Promise<void> {
  const options = need(featureOptions(need(readFields({ featurize }, 'featurize', featurizeFields))));
  const { features, matrix } = need(await fitFeatures(options, texts));
  const { estimator } = need(readField({ train: { algorithm, name: 'mood' } }, 'train', trainField));
  const data = { x: matrix, ...encodeLabels(labels) };
  const classifier = need(await estimator.fit(data));
  await writeModelPackage(to, {
    name: 'mood',
    features,
    classifier,
    hyperparameters: estimator.params,
    example: texts[0]!,
    fingerprint: null,
    profile: profileOf(features, data, texts),
  });
}

beforeAll(() => train(good));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const load = async (from: string): Promise<ModelPackage> => need(await loadModelPackage(from));

const problemOf = async (from: string): Promise<string> => {
  const loaded = await loadModelPackage(from);
  return loaded.ok ? 'it loaded' : failureMessage(loaded.error).replaceAll(folder, '');
};

/** A copy of the good package with one thing changed; `seal` makes the hashes right again, as a forger would. */
function forge(change: (description: Record<string, unknown>, weights: Buffer) => Buffer | undefined): string {
  const to = mkdtempSync(join(folder, 'forged-'));
  const description = JSON.parse(readFileSync(join(good, 'model.json'), 'utf8')) as Record<string, unknown>;
  const weights = readFileSync(join(good, 'weights.bin'));
  const changed = change(description, weights) ?? weights;
  description['weights'] = { ...(description['weights'] as object), bytes: changed.length, sha256: sha256(changed) };
  const sealed = { ...description, sha256: descriptionHash(description as JsonObject) };
  writeFileSync(join(to, 'model.json'), JSON.stringify(sealed));
  writeFileSync(join(to, 'weights.bin'), changed);
  return to;
}

const arrayPlace = (description: Record<string, unknown>, name: string): Record<string, unknown> =>
  (description['weights'] as { arrays: Record<string, unknown>[] }).arrays.find((place) => place['name'] === name)!;

describe('a model package', () => {
  it.each(['linear_svm', 'logistic_regression'])(
    'of %s loads from its path alone and predicts raw text',
    async (algorithm) => {
      const to = join(folder, algorithm);
      await train(to, algorithm);
      const model = await load(to);
      expect(model.info).toMatchObject({ name: 'mood', algorithm, classes: ['neg', 'neu', 'pos'], createdBy: 'mlp' });
      expect(model.predict(['LOVE this 😂', 'bad!', 'where?']).map(({ label }) => label)).toEqual([
        'pos',
        'neg',
        'neu',
      ]);
      for (const { label, probabilities } of model.predict(['', 'love', '\ud800 odd', 'x'.repeat(10_000)])) {
        expect(probabilities.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 12);
        expect(label).toBe(model.info.classes[probabilities.indexOf(Math.max(...probabilities))]);
      }
    },
  );

  it('predicts many texts as it predicts each alone', async () => {
    const model = await load(good);
    expect(model.predict(texts)).toEqual(texts.flatMap((text) => model.predict([text])));
  });

  it('reproduces its example, and tells when it does not', async () => {
    expect((await load(good)).reproduceExample()).toMatchObject({ same: true, text: texts[0] });
    const other = forge((description) => {
      (description['example'] as { text: string }).text = 'awful';
      return undefined;
    });
    expect((await load(other)).reproduceExample()).toMatchObject({ same: false, expected: { label: 'pos' } });
  });

  it('has the same bytes whenever the same model is written', async () => {
    const again = join(folder, 'again');
    await train(again);
    for (const file of ['model.json', 'weights.bin']) {
      expect(readFileSync(join(again, file))).toEqual(readFileSync(join(good, file)));
    }
  });

  it('keeps every option of its features', async () => {
    const to = join(folder, 'other');
    await train(to, 'linear_svm', {
      kind: 'bow',
      char_ngram_max: 0,
      stop_words: 'english_keep_negations',
      ngram_max: 1,
    });
    expect((await load(to)).info.features).toMatchObject({
      blocks: [{ analyzer: { stopWords: 'english_keep_negations' }, weighting: { kind: 'bow' } }],
    });
    await train(to, 'linear_svm', { char_ngram_max: 0, stop_words: ['The', 'a'], stemmer: 'porter' });
    expect((await load(to)).info.features).toMatchObject({
      blocks: [{ analyzer: { stopWords: ['the', 'a'], stemmer: 'porter' } }],
    });
  });
});

describe('a broken package is refused with what is wrong', () => {
  const copy = (): string => {
    const to = mkdtempSync(join(folder, 'copy-'));
    cpSync(good, to, { recursive: true });
    return to;
  };

  it('when it is not there, or one file of it is not', async () => {
    expect(await problemOf(join(folder, 'nowhere'))).toBe('there is no model package in /nowhere');
    const without = copy();
    rmSync(join(without, 'weights.bin'));
    expect(await problemOf(without)).toContain('weights.bin: missing');
  });

  it('when its files were cut or changed', async () => {
    const cut = copy();
    truncateSync(join(cut, 'weights.bin'), 100);
    expect(await problemOf(cut)).toContain('100 bytes instead of');
    const changed = copy();
    const json = readFileSync(join(changed, 'model.json'), 'utf8');
    writeFileSync(join(changed, 'model.json'), json.replace('"mood"', '"moon"'));
    expect(await problemOf(changed)).toContain('was changed after it was written');
  });

  it('when it is nested as no description is, or not a file at all: nothing overflows, nothing is read without end', async () => {
    const deep = copy();
    writeFileSync(
      join(deep, 'model.json'),
      `{"format":"mlp-model","formatVersion":2,"a":${'['.repeat(2e5)}${']'.repeat(2e5)}}`,
    );
    expect(await problemOf(deep)).toContain('nested deeper');
    const endless = copy();
    rmSync(join(endless, 'weights.bin'));
    symlinkSync('/dev/zero', join(endless, 'weights.bin'));
    expect(await problemOf(endless)).toContain('weights.bin: it is no file');
  });

  const forgeries: readonly [string, string, Parameters<typeof forge>[0]][] = [
    ['a newer format', 'its format version is 3', (d) => void (d['formatVersion'] = 3)],
    ['an older format that never was', 'its format version is 0', (d) => void (d['formatVersion'] = 0)],
    [
      'a profile of other classes',
      'the profile of its training data',
      (d) => void ((d['profile'] as { classRows: unknown }).classRows = [1, 2]),
    ],
    ['a class twice', 'a class is named twice', (d) => void (d['classes'] = ['a', 'a', 'b'])],
    [
      'its weights elsewhere',
      'does not describe its weights',
      (d) => void ((d['weights'] as { file: string }).file = '../../etc/passwd'),
    ],
    [
      'a class too few',
      'its weights do not fit its columns',
      (d) => {
        d['classes'] = ['neg', 'pos'];
        d['profile'] = null;
        d['example'] = { text: '', prediction: { label: 'pos', probabilities: [0, 1] } };
        return undefined;
      },
    ],
    [
      'an unknown option',
      'cleaning.lower is not known here',
      (d) => {
        (d['features'] as { cleaning: object }).cleaning = { lower: true };
        return undefined;
      },
    ],
    ['a strange kind of model', 'its kind of model is not known', (d) => void (d['classifier'] = { kind: 'code' })],
    ['a huge array', 'reaches over the end', (d) => void (arrayPlace(d, 'classifier.intercepts')['length'] = 2 ** 40)],
    [
      'a negative length',
      'its list of arrays is broken',
      (d) => void (arrayPlace(d, 'classifier.intercepts')['length'] = -1),
    ],
    [
      'an array elsewhere',
      'does not stand where it should',
      (d) => void (arrayPlace(d, 'classifier.weights')['offset'] = 8000),
    ],
    [
      'an array of another type',
      'its weights are missing',
      (d) => {
        Object.assign(arrayPlace(d, 'classifier.intercepts'), { type: 'i32', length: 6 });
        return undefined;
      },
    ],
    [
      'an array that is missing',
      'does not stand where it should',
      (d) => {
        (d['weights'] as { arrays: unknown[] }).arrays.shift();
        return undefined;
      },
    ],
    [
      'a weight that is no number',
      'a weight is not finite',
      (d, weights) => {
        const changed = Buffer.from(weights);
        changed.writeDoubleLE(NaN, (arrayPlace(d, 'classifier.weights')['offset'] as number) + 8);
        return changed;
      },
    ],
    [
      'terms out of order',
      'the terms of block0 are broken',
      (d, weights) => {
        const changed = Buffer.from(weights);
        changed.writeInt32LE(2 ** 30, arrayPlace(d, 'features.block0.ends')['offset'] as number);
        return changed;
      },
    ],
  ];

  it.each(forgeries)('when it has %s, though every hash is right', async (_, problem, change) => {
    expect(await problemOf(forge(change))).toContain(problem);
  });

  it('whatever bits are flipped: 400 seeded tries end in a model that predicts or in a failure', async () => {
    const random = seededRandom(11);
    const outcomes = { failed: 0, loaded: 0 };
    for (let trial = 0; trial < 400; trial++) {
      // Odd tries forge the hashes as well, so that what lies behind them is reached.
      const bits = Math.ceil(random() * 3);
      const flip = (bytes: Buffer): Buffer => {
        for (let i = 0; i < bits; i++) {
          const at = Math.floor(random() * bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
        }
        return bytes;
      };
      const to = trial % 2 === 0 ? copy() : forge((_, weights) => flip(Buffer.from(weights)));
      if (trial % 2 === 0) {
        const file = join(to, trial % 4 === 0 ? 'model.json' : 'weights.bin');
        writeFileSync(file, flip(readFileSync(file)));
      }
      const loaded = await loadModelPackage(to);
      if (loaded.ok) {
        outcomes.loaded++;
        const predictions = loaded.value.predict(texts);
        expect(predictions.flatMap(({ probabilities }) => probabilities).every(Number.isFinite)).toBe(true);
      } else {
        outcomes.failed++;
        expect(['model-package-invalid', 'model-package-missing']).toContain(loaded.error.reason);
      }
      rmSync(to, { recursive: true });
    }
    // Unforged flips are always found; of the forged ones, some only change a weight.
    expect(outcomes.failed).toBeGreaterThanOrEqual(200);
  });
});
