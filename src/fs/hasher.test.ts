import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Artifact } from '../core/artifact.ts';
import { Hasher } from './hasher.ts';
import { youthMs } from './identity.ts';
import { StateDb } from './state-db.ts';
import { walkFolder } from './walk.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mlp-hasher-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** What a new process with the same memory would find. */
async function look(path: string, state = new StateDb(join(root, 'state.db'))): Promise<Artifact | undefined> {
  const found = await new Hasher({ root, state }).artifact(path);
  state.close();
  if (!found.ok) throw new Error(found.error.reason);
  return found.value;
}

test('a file has the SHA-256 of its bytes, small or large', async () => {
  for (const size of [0, 1, (1 << 20) - 1, (1 << 20) + 1, 9_000_001]) {
    const bytes = Buffer.alloc(size, 'mlp');
    write('f', bytes);
    expect(await look('f')).toEqual({ path: 'f', hash: sha256(bytes), size });
  }
});

test('an edit that keeps the size is found, however soon after the hashing it comes', async () => {
  for (let round = 0; round < 50; round++) {
    const text = String(round).padStart(4, '0');
    write('f', text);
    expect((await look('f'))?.hash).toBe(sha256(text));
    expect((await look('f'))?.hash).toBe(sha256(text));
  }
});

test('a settled file is remembered, and read again when its time, size, mode or number changes', async () => {
  write('f', 'one');
  await sleep(60);
  await look('f');
  const reads = async (): Promise<boolean> => {
    let read = false;
    const state = new StateDb(join(root, 'state.db'));
    const hasher = new Hasher({ root, state });
    const remember = state.rememberFile.bind(state);
    state.rememberFile = (...about) => {
      read = true;
      remember(...about);
    };
    await hasher.artifact('f');
    state.close();
    return read;
  };
  expect(await reads()).toBe(false);
  chmodSync(join(root, 'f'), 0o755);
  await sleep(60);
  expect([await reads(), await reads()]).toEqual([true, false]);
  // The same bytes and the same mtime, put there anew.
  const before = readFileSync(join(root, 'f'));
  utimesSync(join(root, 'f'), 1_700_000_000.5, 1_700_000_000.5);
  rmSync(join(root, 'f'));
  write('f', before);
  utimesSync(join(root, 'f'), 1_700_000_000.5, 1_700_000_000.5);
  await sleep(60);
  expect(await reads()).toBe(true);
});

test('what was hashed a moment ago in the same process is not hashed again', async () => {
  write('f', Buffer.alloc(5 << 20));
  const state = new StateDb(join(root, 'state.db'));
  let progress = 0;
  const hasher = new Hasher({ root, state, onProgress: () => progress++ });
  await hasher.artifact('f');
  const first = progress;
  await hasher.artifact('f');
  state.close();
  expect(first).toBeGreaterThan(0);
  expect(progress).toBe(first);
});

test('youth: a file is young for a tick after its last change, and for two seconds where only whole seconds are kept', () => {
  const identity = { size: 1, mtimeMs: 1000.5, ctimeMs: 2000.25, ino: 1, mode: 0 };
  expect(youthMs(identity, 2000.25)).toBe(20);
  expect(youthMs(identity, 2020.25)).toBe(0);
  expect(youthMs(identity, 1000)).toBeGreaterThan(1000);
  const coarse = { ...identity, mtimeMs: 1000, ctimeMs: 2000 };
  expect([youthMs(coarse, 2000), youthMs(coarse, 4000)]).toEqual([2000, 0]);
});

test('a directory has names, contents, executable bits and empty folders in its hash, and nothing else', async () => {
  write('d/a', '1');
  write('d/s/b', '22');
  const first = await look('d');
  expect(first).toMatchObject({ size: 3, files: 2 });
  const changes: [() => void, boolean][] = [
    [
      () => {
        write('d/a', '1');
      },
      false,
    ],
    [
      () => {
        utimesSync(join(root, 'd/a'), 1, 1);
      },
      false,
    ],
    [
      () => {
        mkdirSync(join(root, 'd/.git'));
      },
      false,
    ],
    [
      () => {
        write('d/a', '3');
      },
      true,
    ],
    [
      () => {
        chmodSync(join(root, 'd/a'), 0o755);
      },
      true,
    ],
    [
      () => {
        mkdirSync(join(root, 'd/new\nfolder'));
      },
      true,
    ],
    [
      () => {
        write('d/c', '');
      },
      true,
    ],
    [
      () => {
        rmSync(join(root, 'd/c'));
      },
      true,
    ],
  ];
  let last = first?.hash;
  for (const [change, matters] of changes) {
    change();
    const now = (await look('d'))?.hash;
    expect([change.toString(), now !== last]).toEqual([change.toString(), matters]);
    last = now;
  }
});

test('links inside the root are followed; loops, dangling links and links out are refused', () => {
  write('d/a', '1');
  write('real/x', '2');
  symlinkSync('../real', join(root, 'd/link'));
  const walked = walkFolder(root, join(root, 'd'));
  expect(walked.ok && walked.value.files.map(({ path }) => path)).toEqual(['a', 'link/x']);
  const targets = [
    ['.', 'a link to a folder that holds it'],
    ['nowhere', 'a symbolic link to nothing'],
    ['/etc', 'out of the workspace, to /etc'],
  ];
  for (const [target = '', why = ''] of targets) {
    symlinkSync(target, join(root, 'd/bad'));
    expect(walkFolder(root, join(root, 'd'))).toMatchObject({
      ok: false,
      error: { reason: 'untrackable-file', detail: { path: 'd/bad', why: expect.stringContaining(why) as string } },
    });
    rmSync(join(root, 'd/bad'));
  }
});

test('a name that is not UTF-8 is refused and not mangled', () => {
  write('d/a', '1');
  writeFileSync(Buffer.concat([Buffer.from(join(root, 'd/')), Buffer.from([0xff, 0xfe])]), '');
  expect(walkFolder(root, join(root, 'd'))).toMatchObject({ ok: false, error: { reason: 'untrackable-file' } });
});
