import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashManyFiles } from './hash-many.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-many-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('files of all sizes, shared out to workers, have the hashes that sha256sum gives them', async () => {
  const sizes = [0, 1, 1 << 20, (1 << 20) + 1, 9 << 20, ...Array.from({ length: 300 }, (_, i) => i * 7)];
  const files = sizes.map((size, index) => {
    const path = join(folder, `${index}`);
    writeFileSync(path, Buffer.alloc(size, `${index} bytes `));
    return { path, size };
  });
  const found: string[] = [];
  await hashManyFiles(files, (index, hash) => {
    found[index] = hash;
  });
  const sums = execFileSync(
    'sha256sum',
    files.map(({ path }) => path),
    { encoding: 'utf8' },
  );
  const expected = sums.trimEnd().split('\n');
  expect(found).toEqual(expected.map((line) => line.slice(0, 64)));
});

test("a file that is gone is told with the system's code and its path", async () => {
  const path = join(folder, 'gone');
  await expect(hashManyFiles([{ path, size: 1 }], () => undefined)).rejects.toMatchObject({ code: 'ENOENT', path });
});
