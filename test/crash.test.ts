import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { runs, step, test, until, type Rig } from './rig.ts';

/** Three stages that take a moment and write their outs in several steps, so that a kill finds them half done. */
const slowly = (name: string, from: string): string =>
  step(
    name,
    `for i in 1 2 3 4 5 6; do echo ${name} $i >> ${name}.txt; mkdir -p ${name}; cp ${from} ${name}/$i; sleep 0.03; done`,
  );
const stages = {
  one: { cmd: slowly('one', 'in.txt'), deps: ['in.txt'], outs: ['one.txt', 'one'] },
  two: { cmd: slowly('two', 'one/3'), deps: ['one/3', 'one.txt'], outs: ['two.txt', 'two'] },
  three: { cmd: slowly('three', 'two.txt'), deps: ['two.txt'], outs: ['three.txt', 'three'] },
};

function results(rig: Rig): Record<string, string> {
  const all = Object.entries(rig.tree()).filter(([path]) => !path.startsWith('.mlp/') && path !== 'in.txt');
  return Object.fromEntries(all);
}

/** Every object of the cache has the SHA-256 of its bytes as its name; nothing half-written lies among them. */
async function checkCache(rig: Rig): Promise<void> {
  const folder = rig.path('.mlp/cache/sha256');
  if (!existsSync(folder)) return;
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const objects = names.filter(({ name }) => !name.endsWith('.tmp')).map((entry) => join(entry.parentPath, entry.name));
  const { out } = await rig.startProcess('sha256sum', objects).ended;
  for (const line of out.trimEnd().split('\n')) {
    const [hash = '', file = ''] = line.split('  ');
    expect(file.slice(-65).replace('/', '')).toBe(hash);
  }
}

describe.concurrent('kill -9 of mlp', () => {
  for (const [index, delays] of [
    [0, 150, 400, 60],
    [30, 250, 330, 100],
  ].entries()) {
    test(`53: at many moments (${index + 1}), the next runs end with the bytes of an undisturbed run`, async ({
      rig,
    }) => {
      rig.write('in.txt', 'old\n');
      rig.pipeline(stages);
      await rig.repro();
      rig.write('in.txt', 'new\n');
      await rig.repro();
      const undisturbed = results(rig);
      rig.write('in.txt', 'old\n');
      await rig.repro();
      for (const folder of ['.mlp/cache/runs', 'pipeline.lock']) rig.remove(folder);
      rig.write('in.txt', 'new\n');
      for (const delay of delays) {
        rig.ran();
        const { child, ended } = rig.start('repro');
        // From the moment on when the first of the stages that are left runs; with nothing left, from its end.
        await Promise.race([rig.untilRan(), ended]);
        await sleep(delay);
        child.kill('SIGKILL');
        await ended;
        await checkCache(rig);
      }
      rig.ran();
      expect(await rig.repro()).toMatchObject({ code: 0 });
      expect(results(rig)).toEqual(undisturbed);
      expect((await rig.repro()).ran).toEqual([]);
      expect(rig.has('.mlp/tmp/outs')).toBe(false);
      const statuses = (await rig.mlp('runs', 'list', '--json')).out.match(/"status":\s*"\w+"/g) ?? [];
      expect(statuses.join()).not.toContain('RUNNING');
    });
  }

  test('53: the stage that outlives it is ended by the next mlp, and its half-done outs are gone', async ({ rig }) => {
    rig.write('in.txt', '1');
    const writer =
      'if grep -q 2 in.txt; then echo $$ > ../pid; while :; do echo more >> o; ln -sf /nowhere o2; sleep 0.02; done; fi; cp in.txt o; cp in.txt o2';
    rig.pipeline({ writer: { cmd: step('writer', writer), deps: ['in.txt'], outs: ['o', 'o2'] } });
    await rig.repro();
    rig.write('in.txt', '2');
    const { child, ended } = rig.start('repro');
    await until(() => rig.has('../pid') && rig.read('../pid') !== '' && rig.has('o'));
    await sleep(50);
    child.kill('SIGKILL');
    await ended;
    const orphan = Number(rig.read('../pid'));
    expect(runs(orphan)).toBe(true);
    rig.ran();
    rig.write('in.txt', '1');
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
    expect(runs(orphan)).toBe(false);
    expect([rig.read('o'), rig.read('o2')]).toEqual(['1', '1']);
  });

  test('53: the last good outs come back even when the project was moved meanwhile', async ({ rig }) => {
    rig.write('in.txt', '1');
    const cmd = step('s', 'if grep -q 2 in.txt; then echo half > o; touch ../up; sleep 60; fi; cp in.txt o');
    rig.pipeline({ s: { cmd, deps: ['in.txt'], outs: [{ o: { cache: false } }] } });
    await rig.repro();
    rig.write('in.txt', '2');
    const { child, ended } = rig.start('repro');
    await until(() => existsSync(join(rig.folder, 'up')));
    child.kill('SIGKILL');
    await ended;
    rig.ran();
    rig.move();
    rig.write('in.txt', '1');
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
    expect(rig.read('o')).toBe('1');
  });
});

describe.concurrent('the disk refuses', () => {
  test('57: with a file-size limit in place of a full disk, the error is clear, nothing is half-written, and the next run is right', async ({
    rig,
  }) => {
    const big = (byte: string): string => byte.repeat(2_000_000);
    rig.write('../old', big('a'));
    rig.write('../new', big('b'));
    rig.write('in.txt', 'old');
    // A link is no write, so the limit stops mlp alone.
    rig.pipeline({ s: { cmd: step('s', 'ln ../$(cat in.txt) o'), deps: ['in.txt'], outs: ['o'] } });
    await rig.repro();
    const lock = rig.read('pipeline.lock');
    rig.write('in.txt', 'new');
    const limited = await rig.startLimited('ulimit -f 1000', 'repro').ended;
    expect(limited.out).toContain(
      'cannot store o in .mlp/cache: the file would be larger than this process may write (EFBIG)',
    );
    expect(limited.code).toBe(1);
    expect(rig.read('pipeline.lock')).toBe(lock);
    expect(rig.read('o')).toBe(big('a'));
    expect(Object.keys(rig.tree('.mlp/cache')).filter((path) => path.endsWith('.tmp'))).toEqual([]);
    await checkCache(rig);
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['s'] });
    expect(rig.read('o')).toBe(big('b'));
    expect((await rig.repro()).ran).toEqual([]);
  });

  test('57: a cache that cannot be written fails the stage clearly and keeps the last good outs', async ({ rig }) => {
    rig.write('in.txt', '1');
    rig.pipeline({ s: { cmd: step('s', 'cp in.txt o'), deps: ['in.txt'], outs: ['o'] } });
    await rig.repro();
    rig.write('in.txt', '2');
    // A file where a folder should be, because root may write into any folder.
    rig.remove('.mlp/cache/sha256');
    rig.write('.mlp/cache/sha256', 'in the way');
    const refused = await rig.mlp('repro');
    expect(refused.code).toBe(1);
    expect(refused.out).toMatch(/cannot store o in \.mlp\/cache: .*\((EEXIST|ENOTDIR)\)/);
    expect(rig.read('o')).toBe('1');
    rig.remove('.mlp/cache/sha256');
    expect(await rig.repro()).toMatchObject({ code: 0 });
    expect(rig.read('o')).toBe('2');
  });

  test('57: a lock file that cannot be replaced is a clear error, and its results are restored later', async ({
    rig,
  }) => {
    rig.pipeline({ s: { cmd: step('s', 'echo 1 > o'), outs: ['o'] } });
    rig.write('pipeline.lock/in-the-way', '');
    const refused = await rig.mlp('repro');
    expect(refused.code).not.toBe(0);
    expect(refused.code).not.toBe(70);
    expect(refused.err + refused.out).toMatch(/pipeline\.lock/);
    rig.remove('pipeline.lock');
    expect((await rig.repro()).code).toBe(0);
    expect(rig.read('o')).toBe('1\n');
  });
});
