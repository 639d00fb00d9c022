import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Result } from '../../core/result.ts';
import type { ColumnInput, TableColumns } from '../columns/column.ts';
import { exampleRow } from '../columns/example.ts';
import { encodeLabels } from '../data/labelled-texts.ts';
import { trainField } from '../estimators.ts';
import { featureOptions, featurizeFields } from '../features/options.ts';
import { fitFeatures } from '../features/pipeline.ts';
import { profileOf } from '../features/profile.ts';
import { readFeatureArtifact, writeFeatureArtifact } from '../features/training-file.ts';
import { readField, readFields } from '../fields.ts';
import { descriptionHash } from './format.ts';
import { loadModelPackage } from './load.ts';
import { writeModelPackage } from './write.ts';

const folder = mkdtempSync(join(tmpdir(), 'ml-columns-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const texts = ['a thing', 'a thing', 'some thing', 'some thing', 'thing', 'thing'];
const labels = ['high', 'low', 'high', 'low', 'high', 'low'];
const columns: TableColumns = new Map([
  ['likes', ['900', '1', '850', '2', '910', '']],
  ['channel', ['up', 'down', 'up', 'down', 'up', 'down']],
]);
const inputs: readonly ColumnInput[] = [
  { name: 'likes', type: 'number' },
  { name: 'channel', type: 'string' },
];

function need<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

/** Through the files between stages, as a pipeline does it. */
async function train(to: string, featurize: JsonObject = {}): Promise<void> {
  const options = need(featureOptions(need(readFields({ featurize }, 'featurize', featurizeFields)), inputs));
  const { features, matrix } = need(await fitFeatures(options, texts, {}, { table: columns }));
  const data = { x: matrix, ...encodeLabels(labels) };
  const profile = profileOf(features, data, texts, columns);
  await writeFeatureArtifact(`${to}-features`, {
    features,
    data,
    example: exampleRow({ texts, columns }, inputs),
    profile,
  });
  const read = need(await readFeatureArtifact(`${to}-features`));
  const { estimator } = need(readField({ train: { name: 'reach' } }, 'train', trainField));
  const classifier = need(await estimator.fit(read.data));
  await writeModelPackage(to, {
    ...read,
    name: 'reach',
    classifier,
    hyperparameters: estimator.params,
    fingerprint: null,
  });
}

const good = join(folder, 'good');
beforeAll(() => train(good, { numeric: { add_indicator: true } }));

it('a package takes rows with other columns, in any order and as texts or numbers, and says which it takes', async () => {
  const model = need(await loadModelPackage(good));
  expect(model.info.signature.columns).toEqual([
    { name: 'likes', type: 'number', required: false },
    { name: 'channel', type: 'string', required: false },
  ]);
  const asked = [
    { text: 'thing', likes: 880, channel: 'up', unknown: 'passed over' },
    { channel: 'down', likes: '3', text: 'thing' },
    { text: 'thing', channel: 'never seen', likes: 905 },
  ];
  expect(model.predict(asked).map(({ label }) => label)).toEqual(['high', 'low', 'high']);
  expect(model.predict(asked)).toEqual(asked.flatMap((row) => model.predict([row])));
});

it('takes a column that a row lacks for a missing value, as it does with a text alone', async () => {
  const model = need(await loadModelPackage(good));
  const [alone] = model.predict(['thing']);
  for (const row of [
    { text: 'thing' },
    { text: 'thing', likes: null, channel: '' },
    { text: 'thing', likes: 'many' },
  ]) {
    expect(model.predict([row])).toEqual([alone]);
  }
  expect(alone?.probabilities.every(Number.isFinite)).toBe(true);
});

it('reproduces its example, which holds the other columns, and tells them on its card and in its profile', async () => {
  const model = need(await loadModelPackage(good));
  expect(model.reproduceExample()).toMatchObject({
    same: true,
    text: 'a thing',
    input: { text: 'a thing', likes: 900, channel: 'up' },
  });
  expect(readFileSync(join(good, 'MODEL.md'), 'utf8')).toContain('| `likes` | a number |');
  expect(model.info.profile?.columns).toMatchObject([
    { name: 'likes', missing: 0.1667, quantiles: expect.arrayContaining([1, 850, 910]) as number[] },
    {
      name: 'channel',
      missing: 0,
      categories: 2,
      shares: [
        ['down', 0.5],
        ['up', 0.5],
      ],
    },
  ]);
});

it('needs no text features where it has others', async () => {
  const to = join(folder, 'textless');
  await train(to, { ngram_max: 0, char_ngram_max: 0 });
  const model = need(await loadModelPackage(to));
  expect(model.predict([{ text: '', likes: 900, channel: 'up' }])[0]?.label).toBe('high');
});

it.each<[string, string, (description: Record<string, unknown>) => void]>([
  [
    'a profile of columns that is none',
    'the profile of its training data',
    (d) => ((d['profile'] as JsonObject & { columns: unknown }).columns = [{ name: 'likes' }]),
  ],
  [
    'an example whose columns are no cells',
    'its example is broken',
    (d) => ((d['example'] as { columns: unknown }).columns = { likes: { $: 1 } }),
  ],
])('is refused with %s, though every hash is right', async (_, problem, change) => {
  const to = mkdtempSync(join(folder, 'forged-'));
  const description = JSON.parse(readFileSync(join(good, 'model.json'), 'utf8')) as Record<string, unknown>;
  change(description);
  writeFileSync(
    join(to, 'model.json'),
    JSON.stringify({ ...description, sha256: descriptionHash(description as JsonObject) }),
  );
  writeFileSync(join(to, 'weights.bin'), readFileSync(join(good, 'weights.bin')));
  const loaded = await loadModelPackage(to);
  expect(loaded.ok ? 'it loaded' : failureMessage(loaded.error)).toContain(problem);
});
