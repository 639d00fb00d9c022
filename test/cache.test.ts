import { appendFileSync, chmodSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { step, test, type Rig } from './rig.ts';

const copy = {
  cmd: step('copy', 'cp in.txt o; mkdir d; cp in.txt d/x; cp in.txt d/y'),
  deps: ['in.txt'],
  outs: ['o', 'd'],
};

async function built(rig: Rig, ...inputs: string[]): Promise<void> {
  rig.pipeline({ copy });
  for (const input of inputs) {
    rig.write('in.txt', input);
    expect((await rig.repro()).ran).toEqual(['copy']);
  }
}

/** The files below a folder of the cache, absolute. */
const objects = (rig: Rig, folder: string): string[] =>
  readdirSync(rig.path(`.mlp/cache/${folder}`), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

function damage(files: readonly string[]): void {
  for (const file of files) {
    chmodSync(file, 0o644);
    writeFileSync(file, 'damaged');
  }
}

describe.concurrent('results that are known', () => {
  test('58 and 59: an input put back to any of its old values is restored, and no command runs', async ({ rig }) => {
    await built(rig, 'one', 'two', 'three');
    for (const input of ['one', 'three', 'two']) {
      rig.write('in.txt', input);
      expect(await rig.repro()).toMatchObject({ code: 0, ran: [], actions: { copy: 'restored' } });
      expect([rig.read('o'), rig.tree('d')]).toEqual([input, { x: input, y: input }]);
    }
    expect((await rig.mlp('repro')).out).toContain('1 stage up to date');
  });

  test('14 and 15: a lock file that is gone, or lacks a stage, is filled from the run cache', async ({ rig }) => {
    await built(rig, 'one');
    const lock = rig.read('pipeline.lock');
    rig.remove('pipeline.lock');
    expect(await rig.repro()).toMatchObject({ ran: [], actions: { copy: 'restored' } });
    expect(rig.read('pipeline.lock')).toBe(lock);
    rig.pipeline({ copy, more: { cmd: step('more', 'echo 1 > m'), outs: ['m'] } });
    expect((await rig.repro()).ran).toEqual(['more']);
  });

  test('56: a lock file with merge-conflict markers is rebuilt without running what was built before', async ({
    rig,
  }) => {
    await built(rig, 'one');
    const lock = rig.read('pipeline.lock');
    const middle = lock.indexOf('    deps:');
    rig.write('pipeline.lock', `${lock.slice(0, middle)}<<<<<<< HEAD\n${lock.slice(middle)}=======\n>>>>>>> other\n`);
    expect((await rig.status())['copy']?.action).toBe('restore');
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
    expect(rig.read('pipeline.lock')).toBe(lock);
  });

  test('60: an out that was deleted or edited is put back without running', async ({ rig }) => {
    await built(rig, 'one');
    const tampered = [
      (): void => {
        rig.remove('o');
        rig.remove('d');
      },
      (): void => {
        rig.write('o', 'edited');
        rig.write('d/stray', '');
      },
      (): void => {
        rig.remove('d/x');
      },
    ];
    for (const tamper of tampered) {
      tamper();
      expect(await rig.repro()).toMatchObject({ ran: [], actions: { copy: 'checked-out' } });
      expect([rig.read('o'), rig.tree('d')]).toEqual(['one', { x: 'one', y: 'one' }]);
    }
  });

  test('22: a directory out that was tampered with is repaired: edited, added, removed and renamed files', async ({
    rig,
  }) => {
    await built(rig, 'one');
    for (const tamper of [
      () => {
        rig.write('d/x', 'edited');
      },
      () => {
        rig.write('d/sub/stray', '');
      },
      () => {
        rig.remove('d/y');
      },
      () => {
        rig.write('d/z', rig.read('d/y'));
        rig.remove('d/y');
      },
    ]) {
      tamper();
      expect(await rig.status()).toMatchObject({ copy: { action: 'checkout', reasons: [{ kind: 'out-changed' }] } });
      expect(await rig.repro()).toMatchObject({ ran: [], actions: { copy: 'checked-out' } });
      expect(rig.tree('d')).toEqual({ x: 'one', y: 'one' });
    }
  });

  test('61: a cache that was wiped is filled from outs that are intact, and nothing runs', async ({ rig }) => {
    await built(rig, 'one');
    const count = objects(rig, 'sha256').length;
    rig.remove('.mlp/cache');
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
    expect(objects(rig, 'sha256')).toHaveLength(count);
    rig.remove('o');
    rig.remove('d');
    expect(await rig.repro()).toMatchObject({ ran: [], actions: { copy: 'checked-out' } });
  });

  test('64: an out with cache: false is tracked and not stored', async ({ rig }) => {
    rig.pipeline({
      m: { cmd: step('m', 'echo "{\\"f1\\": 0.5}" > m.json'), metrics: [{ 'm.json': { cache: false } }] },
    });
    const first = await rig.repro();
    expect(JSON.parse(first.out)).toMatchObject({ metrics: { f1: 0.5 } });
    expect(rig.has('.mlp/cache/sha256')).toBe(false);
    expect((await rig.repro()).ran).toEqual([]);
    rig.write('m.json', '{}');
    expect((await rig.repro()).ran).toEqual(['m']);
  });

  test('65: a stage that rewrites its out in place, and a user who does, never change the cache', async ({ rig }) => {
    rig.write('in.txt', 'one');
    rig.pipeline({
      add: { cmd: step('add', 'cat in.txt >> log'), deps: ['in.txt'], outs: [{ log: { persist: true } }] },
    });
    await rig.repro();
    rig.remove('log');
    expect((await rig.repro()).actions).toEqual({ add: 'checked-out' });
    rig.write('in.txt', 'two');
    await rig.repro();
    appendFileSync(rig.path('log'), 'by hand');
    expect((await rig.repro()).actions).toEqual({ add: 'checked-out' });
    expect(rig.read('log')).toBe('onetwo');
    for (const object of objects(rig, 'sha256')) expect(statSync(object).mode & 0o222).toBe(0);
  });

  test('26: a persist out is kept between runs, and what it gathered is not thrown away for an older result', async ({
    rig,
  }) => {
    rig.pipeline({
      add: { cmd: step('add', 'cat in.txt >> log'), deps: ['in.txt'], outs: [{ log: { persist: true } }] },
    });
    for (const input of ['1', '2', '1']) {
      rig.write('in.txt', input);
      expect((await rig.repro()).ran).toEqual(['add']);
    }
    expect(rig.read('log')).toBe('121');
  });
});

describe.concurrent('a damaged store', () => {
  test('62: damaged cache objects are set aside, said so, rebuilt, and whole from then on', async ({ rig }) => {
    await built(rig, 'one', 'two');
    damage(objects(rig, 'sha256'));
    rig.write('in.txt', 'one');
    const repaired = await rig.repro();
    expect(repaired).toMatchObject({ code: 0, ran: ['copy'] });
    expect(repaired.err).toMatch(/the cached copy of \w was damaged and is set aside; copy runs again/);
    expect([rig.read('o'), rig.tree('d')]).toEqual(['one', { x: 'one', y: 'one' }]);
    expect(objects(rig, 'quarantine').length).toBeGreaterThan(0);
    rig.remove('d');
    rig.remove('o');
    expect(await rig.repro()).toMatchObject({ ran: [], actions: { copy: 'checked-out' } });
  });

  test('62: one damaged file of a directory is stored anew when the directory is built again', async ({ rig }) => {
    rig.pipeline({ d: { cmd: step('d', 'mkdir d; cp in.txt d/x; echo same > d/y'), deps: ['in.txt'], outs: ['d'] } });
    rig.write('in.txt', 'one');
    await rig.repro();
    damage(objects(rig, 'sha256').filter((file) => statSync(file).size === 'same\n'.length));
    rig.remove('d');
    expect((await rig.repro()).ran).toEqual(['d']);
    rig.remove('d');
    expect((await rig.repro()).actions).toEqual({ d: 'checked-out' });
    expect(rig.tree('d')).toEqual({ x: 'one', y: 'same\n' });
  });

  test('62: a damaged run-cache entry is ignored and removed', async ({ rig }) => {
    await built(rig, 'one');
    damage(objects(rig, 'runs'));
    rig.remove('pipeline.lock');
    expect((await rig.repro()).ran).toEqual(['copy']);
    rig.remove('pipeline.lock');
    expect((await rig.repro()).actions).toEqual({ copy: 'restored' });
  });

  test('a damaged .mlp/state.db is renewed silently', async ({ rig }) => {
    await built(rig, 'one');
    rig.write('.mlp/state.db', 'no database '.repeat(1000));
    expect(await rig.mlp('repro')).toMatchObject({ code: 0, err: '' });
    const bytes = Buffer.from(rig.read('.mlp/state.db'), 'latin1');
    rig.write('.mlp/state.db', Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(bytes.length - 4096, 7)]));
    for (const suffix of ['-wal', '-shm']) rmSync(rig.path(`.mlp/state.db${suffix}`), { force: true });
    expect(await rig.mlp('repro')).toMatchObject({ code: 0, err: '' });
    rig.remove('.mlp/state.db');
    rig.write('.mlp/state.db/folder', '');
    expect(await rig.mlp('repro')).toMatchObject({ code: 0, err: '' });
    expect(rig.ran()).toEqual([]);
  });

  test('a damaged .mlp/mlp.db stops a run with a clear error and stays as it is; a damaged .mlp/lock is made anew', async ({
    rig,
  }) => {
    await built(rig, 'one');
    rig.write('.mlp/lock', 'no database '.repeat(1000));
    rig.write('in.txt', 'two');
    expect((await rig.repro()).ran).toEqual(['copy']);
    const junk = 'no database '.repeat(1000);
    for (const suffix of ['-wal', '-shm']) rmSync(rig.path(`.mlp/mlp.db${suffix}`), { force: true });
    rig.write('.mlp/mlp.db', junk);
    expect(await rig.mlp('repro')).toMatchObject({ code: 0 });
    rig.write('in.txt', 'three');
    const refused = await rig.mlp('repro');
    expect(refused.code).toBeGreaterThan(0);
    expect(refused.code).toBeLessThan(70);
    expect(refused.err).toMatch(/mlp\.db/);
    expect(refused.err).toMatch(/next: /);
    expect([rig.read('.mlp/mlp.db'), rig.read('o')]).toEqual([junk, 'two']);
  });

  test('57: without a way to write .mlp at all the error says so', async ({ rig }) => {
    rig.pipeline({ copy });
    rig.write('in.txt', '1');
    rig.write('.mlp', 'a file');
    const refused = await rig.mlp('repro');
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/cannot (make|take) .*\.mlp.*: .*(place|file) \((EEXIST|ENOTDIR)\)/);
    expect(rig.has('o')).toBe(false);
  });
});
