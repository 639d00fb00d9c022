import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { step, test, type Rig } from './rig.ts';

const git = (rig: Rig, ...words: string[]): Promise<unknown> =>
  rig.startProcess('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...words]).ended;

const make = {
  make: {
    cmd: step('make', 'cp in.txt o; mkdir d; cp in.txt d/x; echo same > d/y'),
    deps: ['in.txt'],
    outs: ['o', 'd'],
  },
};

async function build(rig: Rig, input: string): Promise<void> {
  rig.write('in.txt', input);
  expect((await rig.repro()).code).toBe(0);
}

/** Forgets the runs, so that only what the test is about names content. */
const forgetRuns = (rig: Rig): void => {
  for (const suffix of ['', '-wal', '-shm']) rig.remove(`.mlp/mlp.db${suffix}`);
};

function objects(rig: Rig, folder = 'sha256'): string[] {
  const root = rig.path(`.mlp/cache/${folder}`);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Which of these inputs are restored without running, by how often the stage really ran. */
async function restorable(rig: Rig, inputs: readonly string[]): Promise<string[]> {
  const known: string[] = [];
  for (const input of inputs) {
    rig.write('in.txt', input);
    if ((await rig.repro('--dry')).out.includes('"restore"')) known.push(input);
  }
  return known;
}

describe.concurrent('mlp gc', () => {
  test('67: keeps what workspace, chosen revisions and tracked data name; --dry shows what goes, with sizes', async ({
    rig,
  }) => {
    await git(rig, 'init', '-q', '-b', 'main');
    rig.write('.gitignore', '/o\n/d\n');
    rig.pipeline(make);
    for (const input of ['tagged', 'branched', 'lost one', 'last']) {
      await build(rig, input);
      if (input === 'lost one') continue;
      await git(rig, 'add', '.');
      await git(rig, 'commit', '-qm', input);
      if (input === 'tagged') await git(rig, 'tag', 'v1');
      if (input === 'branched') await git(rig, 'branch', 'side');
    }
    rig.write('raw', 'raw data');
    await rig.mlp('add', 'raw');
    forgetRuns(rig);
    const all = objects(rig).length;
    const dry = await rig.mlp('gc', '--dry', '--rev', 'v1', '--all-branches', '--json');
    expect(dry).toMatchObject({ code: 0, err: '' });
    const would = JSON.parse(dry.out) as { bytes: number; objects: object[]; outs: { path: string; size: number }[] };
    // o and d/x share their bytes; d/y is needed by others.
    expect(would.objects).toHaveLength(2);
    expect(would.outs.map(({ path, size }) => [path, size])).toEqual([
      ['d', 'lost one'.length + 'same\n'.length],
      ['o', 'lost one'.length],
    ]);
    expect(objects(rig)).toHaveLength(all);
    expect((await rig.mlp('gc', '--rev', 'v1', '-a', '--yes')).out).toContain('removed 2 objects, 1 cache entry');
    expect(objects(rig)).toHaveLength(all - 2);
    rig.remove('raw');
    expect(await restorable(rig, ['tagged', 'branched', 'lost one'])).toEqual(['tagged', 'branched']);
    rig.write('in.txt', 'last');
    expect((await rig.mlp('checkout')).code).toBe(0);
    expect(rig.read('raw')).toBe('raw data');
    // Every commit of the history keeps its own; without being asked for, only the last one does.
    expect((await rig.mlp('gc', '--all-commits', '-y')).out).toContain('nothing to remove');
    await rig.mlp('gc', '-y');
    expect(await restorable(rig, ['tagged', 'branched'])).toEqual([]);
    rig.write('in.txt', 'last');
    for (const path of ['o', 'd', 'raw']) rig.remove(path);
    expect((await rig.mlp('checkout')).out).toContain('3 added');
  });

  test('67: runs keep what they read and made, unless they are older than asked for', async ({ rig }) => {
    rig.pipeline(make);
    for (const input of ['one', 'two']) await build(rig, input);
    expect((await rig.mlp('gc', '-y')).out).toContain('nothing to remove');
    expect((await rig.mlp('gc', '-y', '--older-than', '1h')).out).toContain('nothing to remove');
    expect((await rig.mlp('gc', '-y', '--older-than', '0h')).out).toContain('removed 2 objects');
    expect(await restorable(rig, ['one'])).toEqual([]);
    rig.write('in.txt', 'two');
    expect((await rig.repro()).ran).toEqual([]);
  });

  test('removes what was set aside, and asks where nobody answers for a yes', async ({ rig }) => {
    rig.pipeline(make);
    await build(rig, 'one');
    for (const file of objects(rig)) {
      chmodSync(file, 0o644);
      writeFileSync(file, 'damaged');
    }
    rig.remove('o');
    await rig.repro();
    expect(objects(rig, 'quarantine')).not.toEqual([]);
    const refused = await rig.mlp('gc');
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('agree with --yes')]);
    expect(objects(rig, 'quarantine')).not.toEqual([]);
    await rig.mlp('gc', '-y');
    expect(objects(rig, 'quarantine')).toEqual([]);
  });

  test('a lock file that cannot be read stops it, and so does another mlp at work', async ({ rig }) => {
    rig.pipeline(make);
    await build(rig, 'one');
    forgetRuns(rig);
    const lock = rig.read('pipeline.lock');
    rig.write('pipeline.lock', `${lock}<<<<<<< HEAD\n`);
    expect((await rig.mlp('gc', '-y')).code).toBe(2);
    rig.write('pipeline.lock', lock);
    rig.pipeline({ ...make, slow: { cmd: step('slow', 'sleep 20'), deps: ['in.txt'] } });
    const { child, ended } = rig.start('repro');
    await rig.untilRan('slow');
    const object = join('.mlp/cache/sha256', 'ab', 'c'.repeat(62));
    rig.write(object, 'of nothing');
    const busy = await rig.mlp('gc', '-y');
    expect([busy.code, busy.err]).toEqual([5, expect.stringContaining('another mlp')]);
    expect(rig.has(object)).toBe(true);
    child.kill('SIGINT');
    await ended;
  });

  test('67: killed at any moment, it leaves all that is reachable', async ({ rig }) => {
    rig.pipeline({
      many: {
        cmd: step('many', 'mkdir m; for i in $(seq 300); do cat in.txt > m/$i; echo $i >> m/$i; done'),
        deps: ['in.txt'],
        outs: ['m'],
      },
    });
    for (const input of ['one', 'two', 'three']) await build(rig, input);
    forgetRuns(rig);
    const all = objects(rig).length;
    for (const delay of [150, 250, 300, 350, 400]) {
      const { child, ended } = rig.start('gc', '-y');
      await sleep(delay);
      child.kill('SIGKILL');
      await ended;
      rig.remove('m');
      expect(await rig.repro()).toMatchObject({ code: 0, ran: [], actions: { many: 'checked-out' } });
      expect(rig.read('m/300')).toBe('three300\n');
    }
    forgetRuns(rig);
    expect((await rig.mlp('gc', '-y')).code).toBe(0);
    expect(objects(rig).length).toBe(301);
    expect(all).toBe(903);
  });
});
