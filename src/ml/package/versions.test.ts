import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadModelPackage } from './load.ts';

/** Written by the program when 1 was the version of the day; never made anew. */
const first = 'test/fixtures/package-v1';

it('a package of version 1 loads, predicts as it did, and says that nothing is known of its training data', async () => {
  const loaded = await loadModelPackage(first);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  expect(loaded.value.reproduceExample()).toMatchObject({ same: true, text: 'love it 😂' });
  expect(loaded.value.info).toMatchObject({ formatVersion: 1, name: 'mood', profile: null });
  expect(loaded.value.predict(['so bad', 'what time']).map(({ label }) => label)).toEqual(['neg', 'neu']);
});

it('a package that says it is of another version than it was written as is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ml-version-'));
  cpSync(first, folder, { recursive: true });
  const json = readFileSync(join(folder, 'model.json'), 'utf8');
  writeFileSync(join(folder, 'model.json'), json.replace('"formatVersion": 1', '"formatVersion": 2'));
  const loaded = await loadModelPackage(folder);
  rmSync(folder, { recursive: true });
  expect(loaded.ok ? '' : loaded.error.detail).toMatchObject({
    problem: expect.stringContaining('changed after it was written') as string,
  });
});
