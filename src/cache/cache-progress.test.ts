import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Hasher } from '../fs/hasher.ts';
import { StateDb } from '../fs/state-db.ts';
import { ArtifactCache } from './artifact-cache.ts';
import { ObjectStore } from './object-store.ts';

const root = mkdtempSync(join(tmpdir(), 'mlp-progress-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

it('tells how much of a large file is stored and put back, never more than there is, and the bytes are right', async () => {
  const size = 30 << 20;
  const bytes = Buffer.alloc(size, 'abcdefg');
  writeFileSync(join(root, 'large'), bytes);
  mkdirSync(join(root, '.mlp'));
  const state = new StateDb(join(root, '.mlp/state.db'));
  const hasher = new Hasher({ root, state });
  const told: Record<string, number[]> = { store: [], restore: [] };
  const cache = new ArtifactCache({
    root,
    objects: new ObjectStore({ folder: join(root, '.mlp/cache'), state }),
    hasher,
    // Only a copy takes time; a file system that shares blocks is done at once.
    kinds: ['copy'],
    onProgress: (task, path, done, total) => {
      expect([path, total]).toEqual(['large', size]);
      told[task]?.push(done);
    },
  });
  const artifact = await hasher.artifact('large');
  if (!artifact.ok || artifact.value === undefined) throw new Error('not hashed');
  expect(await cache.store(artifact.value)).toEqual({ ok: true, value: undefined });
  rmSync(join(root, 'large'));
  expect(await cache.restore(artifact.value)).toEqual({ ok: true, value: undefined });
  expect(readFileSync(join(root, 'large')).equals(bytes)).toBe(true);
  const steps = told['restore'] ?? [];
  expect(steps.length).toBeGreaterThan(5);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(steps.at(-1)).toBe(size);
  expect(Math.max(0, ...(told['store'] ?? []))).toBeLessThanOrEqual(size);
  state.close();
});
