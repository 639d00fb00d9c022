import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { failureMessage } from '../../src/core/failure.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { seededRandom, type Random } from '../../src/core/random.ts';
import type { Result } from '../../src/core/result.ts';
import type { ColumnInput, TableColumns } from '../../src/ml/columns/column.ts';
import { exampleRow } from '../../src/ml/columns/example.ts';
import { encodeLabels } from '../../src/ml/data/labelled-texts.ts';
import { algorithms, estimatorField } from '../../src/ml/estimators.ts';
import { featureOptions, featurizeFields } from '../../src/ml/features/options.ts';
import { fitFeatures, FittedFeatures } from '../../src/ml/features/pipeline.ts';
import { profileOf } from '../../src/ml/features/profile.ts';
import { defaultVectorizer, FittedVectorizer } from '../../src/ml/features/vectorizer.ts';
import { readField, readFields } from '../../src/ml/fields.ts';
import { descriptionHash, sha256 } from '../../src/ml/package/format.ts';
import { modelFromFiles } from '../../src/ml/package/load.ts';
import { packageFiles } from '../../src/ml/package/write.ts';
import { plainCleaning } from '../../src/ml/text/clean.ts';
import { TermTable } from '../../src/ml/text/term-table.ts';
import { treesFromLightgbm } from '../../src/ml/trees/lightgbm-model.ts';
import { treeClassifier } from '../../src/ml/trees/tree-classifier.ts';
import { treesFromXgboost } from '../../src/ml/trees/xgboost-model.ts';
import { mutateText, mutateTree, pick } from '../mutate.ts';

const cases = 20_000;

const texts = [
  ...['love it', 'great film, love love', 'lovely and great', 'what a great day', 'love this film'],
  ...['so bad', 'awful bad film', 'bad bad day', 'it was awful', 'awful, so awful'],
  ...['what time is it?', 'where is it', 'is it on a day', 'what is it', 'where is this film'],
];
const labels = texts.map((_, row) => ['pos', 'neg', 'neu'][Math.floor(row / 5)] ?? '');
const inputs: readonly ColumnInput[] = [
  { name: 'likes', type: 'number' },
  { name: 'channel', type: 'string' },
];
const columns: TableColumns = new Map([
  ['likes', texts.map((_, row) => (row % 4 === 0 ? '' : String(row * 10)))],
  ['channel', texts.map((_, row) => ['news', '', 'games', 'one', 'music'][row % 5] ?? '')],
]);
const asked = ['', 'love', 'an awful film \ud800', 'y'.repeat(300), { text: 'love', likes: 1e100, channel: 'news' }];

function need<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

interface Package {
  readonly name: string;
  readonly json: string;
  readonly weights: Buffer;
}

/** One package an algorithm; those whose engine is not installed cannot be fitted, and are left out. */
async function packages(): Promise<Package[]> {
  const text = { ngram_max: 1, char_ngram_min: 3, char_ngram_max: 3, min_df: 2, char_min_df: 2 };
  // Naive Bayes takes no numbers below 0.
  const params = { ...text, numeric: { scaling: 'minmax', add_indicator: true }, categorical: { min_frequency: 2 } };
  const options = need(featureOptions(need(readFields({ params }, 'params', featurizeFields)), inputs));
  const { features, matrix } = need(await fitFeatures(options, texts, {}, { table: columns }));
  const data = { x: matrix, ...encodeLabels(labels) };
  const made: Package[] = [];
  for (const { name } of algorithms) {
    const estimator = need(readField({ train: { algorithm: name } }, 'train', estimatorField));
    const fitted = await estimator.fit(data);
    if (!fitted.ok) continue;
    const { json, weights } = packageFiles({
      name,
      features,
      classifier: fitted.value,
      hyperparameters: estimator.params,
      example: exampleRow({ texts, columns }, inputs),
      fingerprint: null,
      profile: profileOf(features, data, texts, columns),
    });
    made.push({ name, json, weights: Buffer.from(weights) });
  }
  return made;
}

/** Models that LightGBM and XGBoost made, behind a vocabulary of as many made-up words as they have columns. */
function treePackages(): Package[] {
  const cases = JSON.parse(readFileSync('test/peers/trees.json', 'utf8')) as {
    name: string;
    library: string;
    model: string;
    columns: number;
    classes: number;
  }[];
  return cases.map(({ name, library, model, columns, classes }) => {
    const bytes = inflateSync(Buffer.from(model, 'base64'));
    const trees = library === 'lightgbm' ? treesFromLightgbm(bytes.toString()) : treesFromXgboost(bytes);
    if (typeof trees === 'string') throw new Error(trees);
    const known = { algorithm: library, classes: Array.from({ length: classes }, (_, c) => `c${c}`), metrics: {} };
    const classifier = treeClassifier(known, trees);
    if (typeof classifier === 'string') throw new Error(classifier);
    const terms = TermTable.of(Array.from({ length: columns }, (_, at) => (at === 0 ? 'love' : `film${at}`)));
    const words = { ...defaultVectorizer, weighting: { ...defaultVectorizer.weighting, kind: 'bow' as const } };
    const features = new FittedFeatures(plainCleaning, [new FittedVectorizer(words, terms, null)]);
    const facts = { hyperparameters: {}, example: 'love', fingerprint: null, profile: null };
    const { json, weights } = packageFiles({ name, features, classifier, ...facts });
    return { name, json, weights: Buffer.from(weights) };
  });
}

type Description = Record<string, unknown> & { weights: { arrays: Record<string, unknown>[] } };

/** Makes the hashes right again, as a forger would, where there is still something to seal. */
function seal(json: string, weights: Buffer): string {
  const description = JSON.parse(json) as Description;
  if (typeof description.weights === 'object' && (description.weights as unknown) !== null) {
    Object.assign(description.weights, { bytes: weights.length, sha256: sha256(weights) });
  }
  return JSON.stringify({ ...description, sha256: descriptionHash(description as unknown as JsonObject) });
}

const oddNumbers = [NaN, Infinity, -Infinity, 1e308, -1e308, 5e-324, 0, -1, 2 ** 31, 2 ** 32, 2 ** 53];
const oddCounts = [-1, 0, 1, 7, 2 ** 16, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 40, 2 ** 53, 1e300, 0.5, null, '3'];
const oddNames = [
  '__proto__',
  'constructor',
  '../weights.bin',
  '/etc/passwd',
  '',
  '\0',
  'hasOwnProperty',
  'a'.repeat(10_000),
];

/** Each takes a good package to bad content; `seal` where it is to get past the hashes. */
const attacks: readonly ((good: Package, random: Random) => { json: string; weights: Buffer })[] = [
  // Bits of the weights.
  ({ json, weights }, random) => {
    const bad = Buffer.from(weights);
    for (let bits = Math.ceil(random() * 4); bits > 0; bits--) {
      const at = Math.floor(random() * bad.length);
      bad[at] = (bad[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    return { json: seal(json, bad), weights: bad };
  },
  // Whole numbers of the weights.
  ({ json, weights }, random) => {
    const bad = Buffer.from(weights);
    const { arrays } = (JSON.parse(json) as Description).weights;
    const { type, length, offset } = pick(arrays, random) as { type: string; length: number; offset: number };
    const at = Math.floor(random() * length);
    if (length === 0) return { json, weights };
    if (type === 'f64') bad.writeDoubleLE(pick(oddNumbers, random), offset + at * 8);
    else if (type === 'f32') bad.writeFloatLE(pick(oddNumbers, random), offset + at * 4);
    else if (type === 'i32') bad.writeInt32LE(Math.floor((random() - 0.5) * 2 ** 32 * random() ** 8), offset + at * 4);
    else bad.writeUInt8(Math.floor(random() * 256), offset + at);
    return { json: seal(json, bad), weights: bad };
  },
  // Where the arrays lie.
  ({ json, weights }, random) => {
    const bad = JSON.parse(json) as Description;
    const place = pick(bad.weights.arrays, random);
    const field = pick(['length', 'offset', 'type', 'name'] as const, random);
    if (field === 'type') place['type'] = pick(['u8', 'u16', 'i32', 'f32', 'f64', 'toString', 7], random);
    else if (field === 'name') place['name'] = pick([...oddNames, pick(bad.weights.arrays, random)['name']], random);
    else place[field] = pick(oddCounts, random);
    return { json: seal(JSON.stringify(bad), weights), weights };
  },
  // Counts, names and paths anywhere in the description.
  ({ json, weights }, random) => {
    const value = JSON.stringify(pick([...oddCounts, ...oddNames], random));
    const spots = [...json.matchAll(/: ("(?:[^"\\\n]|\\.)*"|-?[\d.]+(?:e[-+]?\d+)?)/gu)];
    const spot = pick(spots, random);
    const bad = `${json.slice(0, spot.index)}: ${value}${json.slice(spot.index + spot[0].length)}`;
    return { json: seal(bad, weights), weights };
  },
  // The form of the description.
  ({ json, weights }, random) => ({ json: seal(mutateTree(JSON.parse(json), random), weights), weights }),
  // Cut off or lengthened.
  ({ json, weights }, random) => {
    const cut = Math.floor(random() * (weights.length + 16));
    const bad = Buffer.concat([weights, Buffer.alloc(16)]).subarray(0, cut);
    return { json: seal(json, bad), weights: bad };
  },
  // Text that was not sealed.
  ({ json, weights }, random) => ({ json: mutateText(json, random), weights }),
];

describe('hostile packages', () => {
  it(
    `end in a model that predicts finite numbers, or in a reason: ${cases} seeded cases`,
    { timeout: 300_000 },
    async () => {
      const good = [...(await packages()), ...treePackages()];
      for (const { name, json, weights } of good) expect(typeof modelFromFiles(json, weights), name).toBe('object');
      const random = seededRandom(20_001);
      const reasons = new Set<string>();
      let loaded = 0;
      for (let number = 0; number < cases; number++) {
        const from = pick(good, random);
        const attack = number % attacks.length;
        const { json, weights } = attacks[attack]!(from, random);
        const where = `case ${number}, attack ${attack} on ${from.name}`;
        let outcome: ReturnType<typeof modelFromFiles>;
        try {
          outcome = modelFromFiles(json, weights);
          if (typeof outcome === 'string') {
            expect(outcome.length, where).toBeGreaterThan(0);
            reasons.add(outcome);
            continue;
          }
          loaded++;
          const predictions = outcome.predict(asked);
          const numbers = predictions.flatMap(({ probabilities }) => probabilities);
          expect(numbers.length, where).toBe(asked.length * outcome.info.classes.length);
          expect(numbers.every(Number.isFinite), `${where}: ${numbers.join(' ')}`).toBe(true);
        } catch (error) {
          throw new Error(`${where} threw`, { cause: error });
        }
      }
      process.stderr.write(
        `${cases} hostile packages: ${loaded} loaded, the others refused for ${reasons.size} reasons\n`,
      );
      expect(loaded).toBeGreaterThan(0);
      expect(reasons.size).toBeGreaterThan(20);
    },
  );
});
