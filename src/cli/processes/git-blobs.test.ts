import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BlobReader, gitBlobs } from './git-blobs.ts';

const id = (digit: string): string => digit.repeat(40);
const printed = Buffer.concat([
  Buffer.from(`${id('1')} blob 5\none\n\n\n`),
  Buffer.from(`${id('2')} missing\n`),
  Buffer.from(`${id('3')} blob 0\n\n`),
  Buffer.from(`${id('4')} blob 3\n`),
  Buffer.from([0, 255, 10, 10]),
]);

describe('what git cat-file --batch prints', () => {
  it.each([1, 2, 7, 50, 1000])('is taken apart in pieces of %i bytes', (length) => {
    const reader = new BlobReader();
    for (let at = 0; at < printed.length; at += length) reader.take(printed.subarray(at, at + length));
    expect([...reader.found].map(([key, bytes]) => [key, [...bytes]])).toEqual([
      [id('1'), [...Buffer.from('one\n\n')]],
      [id('3'), []],
      [id('4'), [0, 255, 10]],
    ]);
  });
});

describe('blobs of a repository', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'mlp-blobs-'));
    execFileSync('git', ['init', '-q'], { cwd: root });
  });
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('are read whole, a large one too, and one that is not there is told', async () => {
    const texts = ['small', 'ü'.repeat(600_000), ''];
    const ids = texts.map((text) => {
      writeFileSync(join(root, 'file'), text);
      return execFileSync('git', ['hash-object', '-w', 'file'], { cwd: root, encoding: 'utf8' }).trim();
    });
    const found = await gitBlobs(root, ids);
    const read = found.ok ? ids.map((each) => Buffer.from(found.value.get(each) ?? []).toString('utf8')) : [];
    expect(read.map((text) => text.length)).toEqual([5, 600_000, 0]);
    expect(read).toEqual(texts);
    expect(await gitBlobs(root, [...ids, id('a')])).toMatchObject({
      error: { reason: 'git-failed', detail: { problem: `it does not have the object ${id('a')}` } },
    });
  });
});
