import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { remount, withMounted } from './mounted.ts';
import { step, test, type Rig } from './rig.ts';

const copy = { cmd: step('s', 'cat ../$(cat in.txt) > o'), deps: ['in.txt'], outs: ['o'] };
const old = 'a'.repeat(400_000);
const large = 'b'.repeat(900_000);

/** Runs one stage that copies `old`, and then asks for `large`. */
async function builtOnce(rig: Rig): Promise<void> {
  rig.write('../old', old);
  rig.write('../large', large);
  rig.write('in.txt', 'old');
  rig.pipeline({ s: copy });
  expect(await rig.repro()).toMatchObject({ code: 0, ran: ['s'] });
  rig.write('in.txt', 'large');
}

/** Leaves so many bytes of the file system free; gives the way back. */
function fill(folder: string, free: number): () => void {
  const filler = join(folder, 'filler');
  const { bavail, bsize } = statfsSync(folder);
  writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - free)));
  return () => {
    rmSync(filler);
  };
}

/** What must hold after a refusal: told with its cause, the last good out there, no record of what was not done. */
async function expectHarmless(rig: Rig, refused: { code: number | null; out: string; err: string }): Promise<void> {
  expect([refused.code, refused.out + refused.err]).toEqual([1, expect.stringMatching(/full|No space left|ENOSPC/)]);
  expect(rig.read('o')).toBe(old);
  const doctor = await rig.mlp('doctor');
  expect([doctor.code, doctor.out]).toEqual([0, expect.not.stringMatching(/damaged|left over|half/i)]);
}

describe('a file system that refuses', () => {
  // Enough for the command, but not for the cache.
  for (const free of [1_400_000]) {
    test(`57: on a workspace with ${free} bytes free repro fails clearly, half-writes nothing, and is right when there is room`, async ({
      rig,
      skip,
    }) => {
      await withMounted({ skip }, { folder: rig.root, megabytes: 5 }, async () => {
        await builtOnce(rig);
        const lock = rig.read('pipeline.lock');
        const makeRoom = fill(rig.root, free);
        const refused = await rig.mlp('repro');
        expect(rig.read('pipeline.lock')).toBe(lock);
        makeRoom();
        await expectHarmless(rig, refused);
        expect((await rig.repro()).code).toBe(0);
        expect(rig.read('o')).toBe(large);
        expect((await rig.repro()).ran).toEqual([]);
      });
    });
  }

  for (const free of [0, 400_000]) {
    test(`57: with ${free} bytes free for the cache alone, the stage fails clearly and its last good out comes back`, async ({
      rig,
      skip,
    }) => {
      const folder = rig.path('.mlp/cache');
      await withMounted({ skip }, { folder, megabytes: 3 }, async () => {
        await builtOnce(rig);
        const makeRoom = fill(folder, free);
        const refused = await rig.mlp('repro');
        expect(refused.out).toContain('cannot store o in .mlp/cache: the disk is full (ENOSPC)');
        expect(refused.out).toContain('free some space');
        makeRoom();
        await expectHarmless(rig, refused);
        expect(await rig.repro()).toMatchObject({ code: 0, ran: ['s'] });
        expect(rig.read('o')).toBe(large);
      });
    });
  }

  // Too little for the lock, for the index of the store's log, and for what the command prints.
  for (const kilobytes of [0, 20, 60, 80, 500]) {
    test(`with ${kilobytes} kB free in the workspace the full disk is told, with the place and what to do`, async ({
      rig,
      skip,
    }) => {
      await withMounted({ skip }, { folder: rig.root, megabytes: 5 }, async () => {
        const failing = (then: string): void => {
          rig.pipeline({ s: { ...copy, cmd: step('s', `cat in.txt > o; seq 200000; echo WHY; ${then}`) } });
        };
        rig.write('in.txt', '1');
        failing('true');
        expect(await rig.repro()).toMatchObject({ code: 0, ran: ['s'] });
        failing('exit 7');
        const makeRoom = fill(rig.root, kilobytes << 10);
        const refused = await rig.mlp('repro');
        const told = refused.out + refused.err;
        expect([refused.code, told]).toEqual([1, expect.stringContaining('the disk is full')]);
        expect(told).toMatch(/\.mlp\/(lock|mlp\.db|logs)/);
        expect(told).toMatch(/next: free some space/);
        expect(told.match(/no room to write/g)?.length ?? 0).toBeLessThan(2);
        if (kilobytes === 500) expect(told).toContain('(this log may lack its end: the disk is full)');
        makeRoom();
        expect(rig.read('o')).toBe('1');
        expect((await rig.mlp('doctor')).out).not.toMatch(/damaged|left over|half/i);
        expect(await rig.mlp('repro')).toMatchObject({ code: 1, out: expect.stringContaining('| WHY') as string });
      });
    });
  }

  test('a read-only cache is told as such where something must be stored; what it holds is still put back', async ({
    rig,
    skip,
  }) => {
    const folder = rig.path('.mlp/cache');
    await withMounted({ skip }, { folder, megabytes: 3 }, async () => {
      await builtOnce(rig);
      remount(folder, 'ro');
      const refused = await rig.mlp('repro');
      expect(refused.code).toBe(1);
      expect(refused.out).toMatch(
        /cannot store o in \.mlp\/cache: the file system is read-only \(EROFS\)[^]*next: make it writable/,
      );
      expect(rig.read('o')).toBe(old);
      const { code, out } = await rig.mlp('doctor');
      expect([code, out.replaceAll(/\s+/g, ' ')]).toEqual([1, expect.stringContaining('nothing can be stored in')]);
      rig.write('in.txt', 'old');
      rig.remove('o');
      expect((await rig.repro()).code).toBe(0);
      expect(rig.read('o')).toBe(old);
    });
  });

  test('a read-only workspace says what, where and what next, also before its first run and to commands that only read', async ({
    rig,
    skip,
  }) => {
    await withMounted({ skip }, { folder: rig.root, megabytes: 3 }, async () => {
      rig.write('../old', old);
      rig.write('in.txt', 'old');
      rig.pipeline({ s: copy });
      remount(rig.root, 'ro');
      expect((await rig.mlp('repro')).err).toMatch(
        /cannot make \.mlp: the file system is read-only.*\n +next: make it/,
      );
      remount(rig.root, 'rw');
      expect((await rig.repro()).code).toBe(0);
      rig.write('in.txt', 'large');
      remount(rig.root, 'ro');
      const takesLock = await rig.mlp('repro');
      expect(takesLock.err).toMatch(/take the lock \.mlp\/lock: the file system is read-only.*\n +next: make it/);
      const reads = await rig.mlp('runs', 'list');
      expect(reads.err).toMatch(/cannot use .*mlp\.db: the file system is read-only.*\n +next: make it/);
    });
  });

  test('57: a workspace on a read-only file system is told as such, and nothing runs', async ({ rig, skip }) => {
    await withMounted({ skip }, { folder: rig.root, megabytes: 3 }, async () => {
      await builtOnce(rig);
      remount(rig.root, 'ro');
      const refused = await rig.mlp('repro');
      expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/read-?only.*\n +next: /)]);
      expect([rig.ran(), rig.read('o')]).toEqual([[], old]);
    });
  });
});

describe('outs on another file system than the workspace', () => {
  const stages = {
    'a folder on it': { cmd: 'cp in.txt far/o', outs: ['far/o'] },
    'the place where it is mounted': { cmd: 'cp in.txt far/o', outs: ['far'] },
    'one that is added to': { cmd: 'cat in.txt >> far/o', outs: [{ 'far/o': { persist: true } }] },
  };
  for (const [title, { cmd, outs }] of Object.entries(stages)) {
    test(`${title}: is cleared, made again, restored, and put back after a failure or a kill`, async ({
      rig,
      skip,
    }) => {
      const folder = rig.path('far');
      const built = (value: string, more = ''): void => {
        rig.write('in.txt', value);
        rig.pipeline({ s: { cmd: step('s', `${cmd}${more}`), deps: ['in.txt'], outs } });
      };
      await withMounted({ skip }, { folder, megabytes: 2 }, async () => {
        built('1');
        expect(await rig.repro()).toMatchObject({ code: 0, ran: ['s'] });
        built('2');
        expect(await rig.repro()).toMatchObject({ code: 0, ran: ['s'] });
        const good = title === 'one that is added to' ? '12' : '2';
        expect(rig.read('far/o')).toBe(good);
        built('3', '; exit 4');
        expect(await rig.repro()).toMatchObject({ code: 1, ran: ['s'] });
        expect(rig.read('far/o')).toBe(good);
        built('3', '; sleep 30');
        const { child, ended } = rig.start('repro');
        await rig.untilRan();
        child.kill('SIGKILL');
        await ended;
        rig.ran();
        built('2');
        expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
        expect(rig.read('far/o')).toBe(good);
        rig.remove('far/o');
        expect(await rig.repro()).toMatchObject({ code: 0 });
        expect(existsSync(rig.path('.mlp/tmp/outs'))).toBe(false);
      });
    });
  }
});
