import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asStageName } from '../core/brands.ts';
import type { Evidence, StageEvidence } from '../plan/types.ts';
import { parseLock } from './lock-file.ts';
import { LockWriter } from './lock-writer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const entry = (cmd: string): StageEvidence => ({ cmd: [cmd], deps: [], params: {}, outs: [] });
const evidenceOf = (...names: string[]): Evidence => new Map(names.map((name) => [asStageName(name), entry(name)]));

function writerOf(evidence: Evidence, keep: readonly string[]): { writer: LockWriter; writes: () => number } {
  let writes = 0;
  const onText = (): void => {
    writes++;
  };
  const path = join(folder, 'pipeline.lock');
  return {
    writer: new LockWriter({
      scratch: folder,
      path,
      evidence,
      keep: new Set(keep.map(asStageName)),
      onText,
    }),
    writes: () => writes,
  };
}

async function stagesInLock(): Promise<string[]> {
  const lock = await parseLock(readFileSync(join(folder, 'pipeline.lock'), 'utf8'), 'pipeline.lock');
  return lock.ok ? [...lock.value.keys()] : [lock.error.reason];
}

test('73: of hundreds of stages that end close together only some are followed by a write, and the last write has all', async () => {
  const names = Array.from({ length: 300 }, (_, i) => `s${String(i).padStart(3, '0')}`);
  const { writer, writes } = writerOf(new Map(), names);
  for (const name of names) {
    writer.note(asStageName(name), entry(name));
    await sleep(1);
  }
  expect(writer.flush()).toEqual({ ok: true, value: undefined });
  expect(writes()).toBeLessThan(100);
  expect(await stagesInLock()).toEqual(names);
});

test('the first stage is written at once, and without news nothing is', async () => {
  const { writer, writes } = writerOf(evidenceOf('a'), ['a', 'b']);
  writer.flush();
  expect(writes()).toBe(0);
  writer.note(asStageName('b'), entry('b'));
  expect(writes()).toBe(1);
  expect(await stagesInLock()).toEqual(['a', 'b']);
});

test('entries of stages that the pipeline has no more are dropped', async () => {
  const { writer } = writerOf(evidenceOf('a', 'gone'), ['a']);
  writer.flush();
  expect(await stagesInLock()).toEqual(['a']);
});

test('a lock file that cannot be written is a failure at the end, and no half-written file is left', () => {
  mkdirSync(join(folder, 'pipeline.lock/in-the-way'), { recursive: true });
  const { writer, writes } = writerOf(new Map(), ['a']);
  writer.note(asStageName('a'), entry('a'));
  expect(writer.flush()).toMatchObject({
    ok: false,
    error: { reason: 'file-access', detail: { path: 'pipeline.lock' } },
  });
  expect(writes()).toBe(0);
});
