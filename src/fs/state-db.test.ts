import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashBytes } from './hash-file.ts';
import { StateDb } from './state-db.ts';

test('more files than wait in memory are all remembered, by this process and the next, also while many are read together', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlp-state-'));
  const count = 25_000;
  const identity = (ino: number) => ({ size: 1, mtimeMs: 2, ctimeMs: 3, ino, mode: 0o644 });
  const known = (state: StateDb): number => {
    const afterwards = state.readTogether();
    let sum = 0;
    for (let index = 0; index < count; index++) {
      if (state.fileHash(`d/f${index}`, identity(index)) === hashBytes(String(index))) sum++;
    }
    afterwards();
    return sum;
  };
  const first = new StateDb(join(folder, 'state.db'));
  const afterwards = first.readTogether();
  for (let index = 0; index < count; index++) {
    first.rememberFile(`d/f${index}`, identity(index), hashBytes(String(index)));
  }
  afterwards();
  expect(known(first)).toBe(count);
  first.close();
  const second = new StateDb(join(folder, 'state.db'));
  expect(known(second)).toBe(count);
  second.close();
  rmSync(folder, { recursive: true });
});
