import { createHash } from 'node:crypto';
import { chmodSync, statSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { step, test, type Rig } from './rig.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const readBoth = {
  read: { cmd: step('read', 'cat data/x.csv data/d/f > o'), deps: ['data/x.csv', 'data/d'], outs: ['o'] },
};

async function added(rig: Rig): Promise<void> {
  await rig.startProcess('git', ['init', '-q']).ended;
  rig.pipeline(readBoth);
  rig.write('data/x.csv', 'x\n');
  rig.write('data/d/f', 'f\n');
  expect(await rig.mlp('add', 'data/x.csv', 'data/d')).toMatchObject({ code: 0, err: '' });
}

describe.concurrent('mlp add', () => {
  test('stores the content, writes a record for git, and lets git ignore the data', async ({ rig }) => {
    await added(rig);
    expect(rig.read('data/x.csv.mlp')).toContain(`sha256: ${sha256('x\n')}\nsize: 2\n`);
    expect(rig.read('data/d.mlp')).toContain('files: 1\n');
    expect(rig.read('data/.gitignore')).toBe('/x.csv\n/d\n');
    const untracked = await rig.startProcess('git', ['status', '--porcelain', '-uall']).ended;
    expect(untracked.out).not.toMatch(/x\.csv\n|d\/f/);
  });

  test('repro puts missing tracked data back from the cache, checked, with its mode, and nothing runs', async ({
    rig,
  }) => {
    rig.write('data/x.csv', 'x\n');
    chmodSync(rig.path('data/x.csv'), 0o755);
    await added(rig);
    expect((await rig.repro()).ran).toEqual(['read']);
    rig.remove('data/x.csv');
    rig.remove('data/d');
    const status = await rig.mlp('status');
    expect(status).toMatchObject({ code: 0, err: '' });
    expect(status.out).toMatch(/data\/x\.csv +would be put back +missing; recorded in data\/x\.csv\.mlp\n/);
    expect(status.out).toContain('2 paths of data missing, 1 up to date\n  next: mlp repro\n');
    expect(await rig.mlp('status', '--check')).toMatchObject({ code: 3 });
    expect([rig.has('data/x.csv'), rig.has('data/d')]).toEqual([false, false]);
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
    expect([rig.read('data/x.csv'), rig.read('data/d/f')]).toEqual(['x\n', 'f\n']);
    expect(statSync(rig.path('data/x.csv')).mode & 0o100).toBe(0o100);
  });

  test('status, dry run and explain judge by what missing data will hold, whole or in part', async ({ rig }) => {
    await added(rig);
    rig.pipeline({
      inner: { cmd: step('inner', 'cat data/d/f > i'), deps: ['data/d/f'], outs: ['i'] },
      around: { cmd: step('around', 'ls data > a'), deps: ['data'], outs: ['a'] },
    });
    await rig.repro();
    rig.remove('data/x.csv');
    rig.remove('data/d');
    for (const words of [['status'], ['repro', '--dry']]) {
      const { out } = await rig.mlp(...words, '--json');
      const plan = JSON.parse(out) as { data: unknown; stages: { action: string }[] };
      expect(plan.stages.map(({ action }) => action)).toEqual(['skip', 'skip']);
      expect(plan.data).toEqual([
        { path: 'data/d', record: 'data/d.mlp', from: 'cache' },
        { path: 'data/x.csv', record: 'data/x.csv.mlp', from: 'cache' },
      ]);
    }
    expect((await rig.mlp('explain', 'inner')).out).toContain('inner is up to date');
    rig.write('data/more.txt', 'm');
    const stages = await rig.status();
    expect([stages['inner']?.action, stages['around']?.action]).toEqual(['skip', 'run']);
  });

  test('a dep that was deleted from a tracked folder names the checkout that puts it back', async ({ rig }) => {
    rig.write('data/d/g', 'g\n');
    await added(rig);
    rig.pipeline({ read: { cmd: step('read', 'cat data/d/f > o'), deps: ['data/d/f'], outs: ['o'] } });
    rig.remove('data/d/f');
    const { code, err } = await rig.mlp('status');
    expect([code, err]).toEqual([2, expect.stringContaining('next: mlp checkout data/d puts it back')]);
    expect(await rig.mlp('checkout', 'data/d')).toMatchObject({ code: 0 });
    expect((await rig.repro()).ran).toEqual(['read']);
    // What the folder never held is a typing error, not something to put back.
    rig.pipeline({ read: { cmd: step('read', 'true'), deps: ['data/d/never'], outs: ['o'] } });
    expect((await rig.mlp('status')).err).toContain('dep data/d/never does not exist, and no stage makes it');
  });

  test('a changed tracked file makes its readers stale, and adding it again brings its record up to date', async ({
    rig,
  }) => {
    await added(rig);
    await rig.repro();
    rig.write('data/x.csv', 'other\n');
    expect((await rig.status())['read']).toMatchObject({ action: 'run', reasons: [{ kind: 'dep-changed' }] });
    const again = await rig.mlp('add', 'data/x.csv', 'data/d', '--json');
    expect(JSON.parse(again.out)).toMatchObject([
      { path: 'data/x.csv', action: 'updated', hash: sha256('other\n') },
      { path: 'data/d', action: 'unchanged' },
    ]);
    expect((await rig.repro()).ran).toEqual(['read']);
  });

  test.for([
    ['o', 'stage read makes it'],
    ['data', 'data/d.mlp tracks a part of it'],
    ['data/d/f', 'data/d, tracked as a whole, holds it'],
    ['../outside', 'it is not inside the project'],
    ['kept.txt', 'git rm -r -q --cached kept.txt'],
    ['none', 'it does not exist'],
    ['.mlp/lock', 'that folder is not for data'],
    ['data/d.mlp', 'it is for git to keep'],
  ] as const)('refuses %s, says why, and adds nothing', async ([path, why], { rig }) => {
    await added(rig);
    rig.write('kept.txt', 'k');
    rig.write('new.txt', 'n');
    await rig.startProcess('git', ['add', 'kept.txt']).ended;
    const { code, err } = await rig.mlp('add', 'new.txt', path);
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
    expect(rig.has('new.txt.mlp')).toBe(false);
  });

  test('data whose content no cache has is an error that names record and path', async ({ rig }) => {
    await added(rig);
    rig.remove('.mlp/cache');
    rig.remove('data/x.csv');
    const { code, err } = await rig.mlp('repro');
    expect([code, err]).toEqual([1, expect.stringContaining('the cache does not have what data/x.csv.mlp says')]);
    expect(await rig.mlp('status')).toMatchObject({ code: 1, err });
  });
});

/** A project as `dvc add data/x.csv` and `dvc add data/d` leave it, without the data. */
function dvcProject(rig: Rig, layout: 'files/md5/' | ''): void {
  rig.pipeline(readBoth);
  const listing = `[{"md5": "${md5('f\n')}", "relpath": "f"}]`;
  const hash = layout === '' ? '' : '  hash: md5\n';
  rig.write('data/x.csv.dvc', `outs:\n- md5: ${md5('x\n')}\n  size: 2\n${hash}  path: x.csv\n`);
  rig.write('data/d.dvc', `outs:\n- md5: ${md5(listing)}.dir\n  size: 2\n  nfiles: 1\n${hash}  path: d\n`);
  for (const [name, text] of [
    [md5('x\n'), 'x\n'],
    [md5('f\n'), 'f\n'],
    [`${md5(listing)}.dir`, listing],
  ] as const) {
    rig.write(`.dvc/cache/${layout}${name.slice(0, 2)}/${name.slice(2)}`, text);
  }
}

describe.concurrent('data that DVC tracks', () => {
  test.for(['files/md5/', ''] as const)(
    'is put back from the cache of DVC, laid out as %j',
    async (layout, { rig }) => {
      dvcProject(rig, layout);
      const planned = JSON.parse((await rig.mlp('status', '--json')).out) as { data: unknown };
      expect(planned.data).toMatchObject([{ path: 'data/d' }, { path: 'data/x.csv' }]);
      expect((await rig.mlp('status')).out).toContain('2 paths of data missing, 1 would run');
      expect(await rig.repro()).toMatchObject({ code: 0, ran: ['read'] });
      expect(rig.read('o')).toBe('x\nf\n');
      // Once taken over, it is in our own cache.
      rig.remove('.dvc/cache');
      rig.remove('data/x.csv');
      rig.remove('data/d');
      expect((await rig.status())['read']).toMatchObject({ action: 'skip' });
      expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
    },
  );

  test('is not taken from a damaged copy', async ({ rig }) => {
    dvcProject(rig, 'files/md5/');
    const name = md5('x\n');
    rig.write(`.dvc/cache/files/md5/${name.slice(0, 2)}/${name.slice(2)}`, 'bad');
    const { code, err } = await rig.mlp('repro');
    expect([code, err]).toEqual([1, expect.stringContaining('does not have the MD5 that its name says')]);
    expect(rig.has('data/x.csv')).toBe(false);
  });

  test('a record that lies below a folder that a stage reads counts too', async ({ rig }) => {
    dvcProject(rig, 'files/md5/');
    rig.pipeline({ all: { cmd: step('all', 'cat data/x.csv > o'), deps: ['data'], outs: ['o'] } });
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['all'] });
  });
});
