import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { asContentHash } from '../core/brands.ts';
import { manifestHash, manifestText, parseManifest } from './manifest.ts';

const hash = (text: string): ReturnType<typeof asContentHash> =>
  asContentHash(createHash('sha256').update(text).digest('hex'));
const file = (path: string, content = path, executable = false) => ({
  path,
  hash: hash(content),
  size: content.length,
  executable,
});
const manifest = { files: [file('b'), file('a/c', 'x', true), file('"é\n')], emptyFolders: ['a/none', 'z'] };

test('a manifest is sorted records as JSON, and its hash is the SHA-256 of that text', () => {
  const text = manifestText({ files: [file('b'), file('a')], emptyFolders: [] });
  const record = (path: string): string => `{"executable":false,"hash":"${hash(path)}","path":"${path}","size":1}`;
  expect(text).toBe(`[${record('a')},\n${record('b')}]\n`);
  expect(manifestHash({ files: [], emptyFolders: [] })).toBe(hash('[]\n'));
  expect(manifestHash(manifest)).toBe(hash(manifestText(manifest)));
});

test('order does not matter; name, content, executable bit and empty folders do', () => {
  const [first, ...rest] = manifest.files;
  if (first === undefined) throw new Error('unreachable');
  expect(manifestHash({ files: [...rest, first], emptyFolders: ['z', 'a/none'] })).toBe(manifestHash(manifest));
  const others = [
    manifest,
    { ...manifest, emptyFolders: ['z'] },
    { ...manifest, files: rest },
    { ...manifest, files: [{ ...first, executable: true }, ...rest] },
    { ...manifest, files: [{ ...first, path: 'B' }, ...rest] },
    { ...manifest, files: [{ ...first, hash: hash('other') }, ...rest] },
  ];
  expect(new Set(others.map(manifestHash)).size).toBe(others.length);
});

test('a manifest comes back from its text', () => {
  const back = parseManifest(manifestText(manifest));
  expect(back?.files).toHaveLength(3);
  expect(back?.files).toEqual(expect.arrayContaining([...manifest.files]));
  expect(back?.emptyFolders).toEqual(manifest.emptyFolders);
});

test('text that is no manifest, or that names a path outside of its folder, is refused', () => {
  const record = JSON.stringify([{ ...file('a'), path: 'PATH' }]);
  for (const path of ['../a', 'a/../../b', '/etc/passwd', '', '.', 'a//b', 'a/./b']) {
    expect([path, parseManifest(record.replace('PATH', path))]).toEqual([path, undefined]);
    expect(parseManifest(JSON.stringify([{ path, folder: true }]))).toBeUndefined();
  }
  for (const text of ['', '{}', '[1]', '[{"path":"a"}]', '[{"path":"a","hash":"x","size":1}]']) {
    expect(parseManifest(text)).toBeUndefined();
  }
});
