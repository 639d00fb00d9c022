import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Artifact } from '../core/artifact.ts';
import { asContentHash, asFingerprint } from '../core/brands.ts';
import { hashBytes } from '../fs/hash-file.ts';
import { Hasher } from '../fs/hasher.ts';
import { identityOf } from '../fs/identity.ts';
import type { LinkKind } from '../fs/link.ts';
import { StateDb } from '../fs/state-db.ts';
import { ArtifactCache } from './artifact-cache.ts';
import { ContentChanged, ObjectStore } from './object-store.ts';
import { RunCache } from './run-cache.ts';

let root: string;
let state: StateDb;
let objects: ObjectStore;
let hasher: Hasher;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mlp-cache-'));
  state = new StateDb(join(root, '.mlp/state.db'));
  objects = new ObjectStore({ folder: join(root, '.mlp/cache'), state });
  hasher = new Hasher({ root, state });
});
afterEach(() => {
  state.close();
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const cacheWith = (...kinds: LinkKind[]): ArtifactCache => new ArtifactCache({ root, objects, hasher, kinds });

async function hashed(path: string): Promise<Artifact> {
  const found = await hasher.artifact(path);
  if (!found.ok || found.value === undefined) throw new Error(`nothing at ${path}`);
  return found.value;
}

async function stored(path: string, cache = cacheWith('copy')): Promise<Artifact> {
  const artifact = await hashed(path);
  expect(await cache.store(artifact)).toEqual({ ok: true, value: undefined });
  return artifact;
}

function damage(artifact: Pick<Artifact, 'hash'>): void {
  chmodSync(objects.pathOf(artifact.hash), 0o644);
  writeFileSync(objects.pathOf(artifact.hash), 'damaged');
}

describe('a directory of thousands of files', () => {
  const many = 2100;
  async function storedFolder(): Promise<Artifact> {
    for (let index = 0; index < many; index++) write(`d/${index % 7}/f${index}`, `file ${index}`);
    write('d/large', Buffer.alloc(3 << 20, 'large'));
    write('d/run.sh', '#!/bin/sh');
    chmodSync(join(root, 'd/run.sh'), 0o755);
    return stored('d');
  }

  test('is put back whole, with modes, and is known where it stands without being read', async () => {
    const artifact = await storedFolder();
    rmSync(join(root, 'd'), { recursive: true });
    expect(await cacheWith('reflink', 'copy').restore(artifact)).toEqual({ ok: true, value: undefined });
    expect(read('d/3/f3')).toBe('file 3');
    expect(statSync(join(root, 'd/large')).size).toBe(3 << 20);
    expect(statSync(join(root, 'd/run.sh')).mode & 0o777).toBe(0o755);
    expect(statSync(join(root, 'd/3/f3')).mode & 0o777).toBe(0o644);
    const identity = identityOf(statSync(join(root, 'd/3/f3')));
    expect(state.fileHash('d/3/f3', identity)).toBe(hashBytes('file 3'));
    expect(await hashed('d')).toEqual(artifact);
    const other = new StateDb(join(root, '.mlp/other.db'));
    const found = await new Hasher({ root, state: other }).artifact('d');
    other.close();
    expect(found).toEqual({ ok: true, value: artifact });
  });

  test('with a damaged file in the cache stays as it stands, and the damaged one is set aside', async () => {
    const artifact = await storedFolder();
    damage({ hash: hashBytes('file 2000') });
    write('d/3/f3', 'mine');
    const restored = await cacheWith('copy').restore(artifact);
    expect(restored).toMatchObject({ ok: false, error: { reason: 'cache-object-corrupt' } });
    expect(read('d/3/f3')).toBe('mine');
    expect(objects.has(hashBytes('file 2000'))).toBe(false);
    expect(readdirSync(join(root, '.mlp/tmp'))).toEqual([]);
  });
});

describe('the object store', () => {
  test('keeps each content once, read-only, under its hash, with nothing half-written beside it', async () => {
    write('f', 'content');
    const hash = hashBytes('content');
    await objects.put(join(root, 'f'), hash);
    await objects.put(join(root, 'f'), hash);
    objects.putBytes('content', hash);
    const path = join(root, '.mlp/cache/sha256', hash.slice(0, 2), hash.slice(2));
    expect(readFileSync(path, 'utf8')).toBe('content');
    expect(statSync(path).mode & 0o777).toBe(0o444);
    expect(readdirSync(dirname(path))).toEqual([hash.slice(2)]);
  });

  test('refuses a file that is not what was hashed, and keeps nothing of it', async () => {
    write('f', 'now');
    const hash = hashBytes('before');
    await expect(objects.put(join(root, 'f'), hash)).rejects.toThrow(ContentChanged);
    await expect(objects.put(join(root, 'gone'), hash)).rejects.toThrow(ContentChanged);
    expect(objects.has(hash)).toBe(false);
  });

  test('never hands on a damaged object: it is set aside, and its place is free', async () => {
    const hash = hashBytes('content');
    objects.putBytes('content', hash);
    damage({ hash });
    expect(objects.read(hash)).toBeUndefined();
    expect(objects.has(hash)).toBe(false);
    objects.putBytes('content', hash);
    damage({ hash });
    expect(await objects.place(hash, join(root, 'to'), { kinds: ['copy'], executable: false, scratch: root })).toBe(
      'corrupt',
    );
    expect(objects.has(hash)).toBe(false);
    expect(existsSync(join(root, 'to'))).toBe(false);
    expect(readdirSync(join(root, '.mlp/cache/quarantine'))).toHaveLength(2);
  });
});

describe('restoring', () => {
  test.each([['copy'], ['hardlink'], ['reflink']] as const)(
    'by %s gives the same bytes, modes and empty folders',
    async (kind) => {
      const cache = cacheWith(kind);
      write('d/a', 'one');
      write('d/s/run', 'two');
      if (kind !== 'hardlink') chmodSync(join(root, 'd/s/run'), 0o755);
      mkdirSync(join(root, 'd/none/deep'), { recursive: true });
      const artifact = await stored('d', cache);
      rmSync(join(root, 'd'), { recursive: true });
      write('d', 'a file in its place');
      expect(await cache.restore(artifact)).toEqual({ ok: true, value: undefined });
      expect(await hashed('d')).toEqual(artifact);
      expect(read('d/s/run')).toBe('two');
      expect(statSync(join(root, 'd/none/deep')).isDirectory()).toBe(true);
    },
  );

  test('a copy that is written to afterwards leaves the cache as it was', async () => {
    write('f', 'one');
    const artifact = await stored('f');
    await cacheWith('reflink', 'copy').restore(artifact);
    writeFileSync(join(root, 'f'), 'two');
    expect(readFileSync(objects.pathOf(artifact.hash), 'utf8')).toBe('one');
  });

  test('a directory with a damaged file fails, and is not called whole again before it is', async () => {
    write('d/a', 'one');
    write('d/b', 'two');
    const cache = cacheWith('copy');
    const artifact = await stored('d', cache);
    damage({ hash: hashBytes('two') });
    expect(await cache.restore(artifact)).toMatchObject({ ok: false, error: { reason: 'cache-object-corrupt' } });
    expect(cache.has(artifact)).toBe(false);
    write('d/a', 'one');
    write('d/b', 'two');
    await stored('d', cache);
    rmSync(join(root, 'd'), { recursive: true });
    expect((await cache.restore(artifact)).ok).toBe(true);
    expect(read('d/b')).toBe('two');
  });

  test('with a file missing nothing in the workspace is touched', async () => {
    write('d/a', 'one');
    write('d/b', 'two');
    const cache = cacheWith('copy');
    const artifact = await stored('d', cache);
    rmSync(objects.pathOf(hashBytes('two')));
    write('d/a', 'edited');
    expect(await cache.restore(artifact)).toMatchObject({ ok: false, error: { reason: 'cache-object-missing' } });
    expect(read('d/a')).toBe('edited');
  });

  test('nothing is put through a link that leads out of the workspace', async () => {
    write('d/f', 'one');
    const artifact = await stored('d/f');
    const outside = mkdtempSync(join(tmpdir(), 'mlp-outside-'));
    rmSync(join(root, 'd'), { recursive: true });
    symlinkSync(outside, join(root, 'd'));
    expect(await cacheWith('copy').restore(artifact)).toMatchObject({
      ok: false,
      error: { reason: 'outside-workspace' },
    });
    expect(readdirSync(outside)).toEqual([]);
    rmSync(outside, { recursive: true });
  });
});

describe('storing', () => {
  test.each([10, 9 << 20])('fails when a file of %d bytes was written to since it was hashed', async (size) => {
    write('f', Buffer.alloc(size, 1));
    write('d/f', Buffer.alloc(size, 1));
    const artifacts = [await hashed('f'), await hashed('d')];
    for (const path of ['f', 'd/f']) write(path, Buffer.alloc(size, 2));
    for (const artifact of artifacts) {
      expect(await cacheWith('copy').store(artifact)).toMatchObject({
        ok: false,
        error: { reason: 'out-changed-while-stored' },
      });
      expect(objects.has(artifact.hash)).toBe(false);
    }
  });
});

describe('the run cache', () => {
  const fingerprint = asFingerprint('f'.repeat(64));
  const entry = {
    outs: [{ path: 'o', hash: asContentHash('a'.repeat(64)), size: 1, executable: true as const }],
    madeBy: 'calm-otter-1',
  };

  test('remembers the last result of a fingerprint', () => {
    const cache = new RunCache(join(root, 'cache'));
    expect(cache.find(fingerprint)).toBeUndefined();
    cache.remember(fingerprint, { outs: [] });
    cache.remember(fingerprint, entry);
    expect(new RunCache(join(root, 'cache')).find(fingerprint)).toEqual(entry);
  });

  test.each(['', '{', '[]', '{"fingerprint":"other","outs":[]}', '{"fingerprint":"FP","outs":[{"path":"o"}]}'])(
    'ignores and removes the damaged entry %j',
    (text) => {
      const cache = new RunCache(join(root, 'cache'));
      cache.remember(fingerprint, entry);
      const file = join(root, 'cache/runs/ff', 'f'.repeat(62));
      writeFileSync(file, text.replace('FP', fingerprint));
      expect(cache.find(fingerprint)).toBeUndefined();
      expect(existsSync(file)).toBe(false);
    },
  );
});
