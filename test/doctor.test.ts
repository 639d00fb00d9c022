import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { chain, step, test, type Rig } from './rig.ts';

interface Check {
  readonly subject: string;
  readonly verdict: string;
  readonly text: string;
  readonly next?: string;
  readonly fixable?: boolean;
  readonly mended?: string;
}

interface Doctor {
  readonly code: number | null;
  readonly healthy: boolean;
  readonly problems: readonly Check[];
  readonly of: (subject: string) => Check | undefined;
}

async function doctor(rig: Rig, ...words: string[]): Promise<Doctor> {
  const { code, out } = await rig.mlp('doctor', '--json', ...words);
  const { healthy, checks } = JSON.parse(out) as { healthy: boolean; checks: Check[] };
  const problems = checks.filter(({ verdict }) => verdict === 'problem');
  return { code, healthy, problems, of: (subject) => checks.find((check) => check.subject === subject) };
}

/** A file out and a directory out, so that the cache has objects of both kinds. */
async function built(rig: Rig): Promise<void> {
  rig.write('in.txt', 'in\n');
  rig.pipeline({
    one: { cmd: step('one', 'cp in.txt one.txt'), deps: ['in.txt'], outs: ['one.txt'] },
    many: { cmd: step('many', 'mkdir -p many; cp one.txt many/a; echo b > many/b'), deps: ['one.txt'], outs: ['many'] },
  });
  expect(await rig.repro()).toMatchObject({ code: 0, ran: ['one', 'many'] });
}

/** Paths of the cached objects with exactly this text. */
function objectsWith(rig: Rig, text: string): string[] {
  const tree = rig.tree('.mlp/cache/sha256');
  return Object.keys(tree)
    .filter((path) => tree[path] === text)
    .map((path) => `.mlp/cache/sha256/${path}`);
}

function damage(rig: Rig, path: string): void {
  chmodSync(rig.path(path), 0o644);
  rig.write(path, 'damaged');
}

describe.concurrent('mlp doctor', () => {
  test('finds nothing in a healthy workspace, and leaves every file as it was', async ({ rig }) => {
    await built(rig);
    const before = rig.tree();
    expect(await doctor(rig)).toMatchObject({ code: 0, healthy: true, problems: [] });
    expect(rig.tree()).toEqual(before);
    expect((await rig.mlp('doctor')).out).toMatch(/each as its name says[^]*\n {2}healthy \(/);
  });

  test('looks at the machine alone where there is no project', async ({ rig }) => {
    const { code, healthy, of } = await doctor(rig);
    expect([code, healthy]).toEqual([0, true]);
    expect([of('node')?.verdict, of('sqlite')?.verdict, of('pipeline')?.verdict]).toEqual(['ok', 'ok', 'note']);
    expect(readdirSync(rig.root)).toEqual([]);
  });

  test('54: finds a damaged object, sets it aside with --fix, and the next repro makes it again', async ({ rig }) => {
    await built(rig);
    const [object = ''] = objectsWith(rig, 'in\n');
    damage(rig, object);
    const found = await doctor(rig);
    expect(found).toMatchObject({ code: 1, healthy: false });
    expect(found.problems).toMatchObject([
      { subject: '.mlp/cache', fixable: true },
      { subject: 'directories', fixable: true },
    ]);
    expect(found.problems[0]?.text).toContain('1 of 3 objects damaged');
    expect((await doctor(rig, '--quick')).healthy).toBe(true);
    expect(rig.read(object)).toBe('damaged');
    expect(await doctor(rig, '--fix')).toMatchObject({ code: 0, healthy: true });
    expect(rig.has(object)).toBe(false);
    expect(await doctor(rig)).toMatchObject({ code: 0, healthy: true });
    rig.remove('one.txt');
    expect(await rig.repro()).toMatchObject({ code: 0 });
    expect(rig.read('one.txt')).toBe('in\n');
    expect(objectsWith(rig, 'in\n')).toEqual([object]);
    const last = await doctor(rig);
    expect(last).toMatchObject({ code: 0, problems: [] });
    expect(last.of('.mlp/cache/quarantine')?.text).toContain('2 damaged objects set aside before');
  });

  test('finds a directory of which the cache lacks a file', async ({ rig }) => {
    await built(rig);
    rig.remove(objectsWith(rig, 'b\n')[0] ?? 'none');
    const found = await doctor(rig, '--quick');
    expect(found).toMatchObject({ code: 1, problems: [{ subject: 'directories', fixable: true }] });
    expect(await doctor(rig, '--fix')).toMatchObject({ code: 0 });
    expect(await doctor(rig)).toMatchObject({ code: 0, problems: [] });
    rig.remove('many');
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['many'] });
    expect(rig.read('many/b')).toBe('b\n');
  });

  test('finds entries of the run cache that cannot be read', async ({ rig }) => {
    await built(rig);
    const [entry = ''] = Object.keys(rig.tree('.mlp/cache/runs'));
    rig.write(`.mlp/cache/runs/${entry}`, '{"fingerprint":');
    expect((await doctor(rig)).of('.mlp/cache/runs')?.text).toBe('1 of 2 known results cannot be read');
    expect(await doctor(rig, '--fix')).toMatchObject({ code: 0 });
    expect((await doctor(rig)).of('.mlp/cache/runs')).toMatchObject({ verdict: 'ok', text: '1 known result' });
  });

  test('renews a damaged state.db with --fix, and never touches a damaged mlp.db', async ({ rig }) => {
    await built(rig);
    for (const name of ['state.db', 'mlp.db'])
      rig.write(`.mlp/${name}`, 'no database at all, but long enough to be read');
    const found = await doctor(rig);
    expect(found.problems.map(({ subject, fixable }) => [subject, fixable])).toEqual([
      ['.mlp/mlp.db', false],
      ['.mlp/state.db', true],
    ]);
    expect(found.of('.mlp/mlp.db')?.next).toContain('.recover');
    expect(await doctor(rig, '--fix')).toMatchObject({ code: 1 });
    expect(rig.read('.mlp/mlp.db')).toContain('no database');
    expect((await doctor(rig)).problems.map(({ subject }) => subject)).toEqual(['.mlp/mlp.db']);
  });

  test('finds a store of a newer mlp, and rows that name a row which is not there', async ({ rig }) => {
    await built(rig);
    const { default: Sqlite } = await import('better-sqlite3');
    const db = new Sqlite(rig.path('.mlp/mlp.db'));
    db.pragma('foreign_keys = OFF');
    db.exec('DELETE FROM runs');
    db.close();
    expect((await doctor(rig)).of('.mlp/mlp.db')?.text).toContain('a row of runs that is not there');
    const newer = new Sqlite(rig.path('.mlp/mlp.db'));
    newer.pragma('user_version = 999');
    newer.close();
    expect((await doctor(rig)).of('.mlp/mlp.db')?.text).toContain('has format 999');
  });

  test('tells what is wrong with the pipeline file and the lock file, with the place and what to do', async ({
    rig,
  }) => {
    await built(rig);
    rig.write('pipeline.lock', `<<<<<<< ours\n${rig.read('pipeline.lock')}=======\n>>>>>>> theirs\n`);
    rig.pipeline({ a: { cmd: 'x', deps: ['b'], outs: ['a'] }, b: { cmd: 'x', deps: ['a'], outs: ['b'] } });
    const { problems } = await doctor(rig);
    expect(problems.map(({ subject }) => subject)).toEqual(['pipeline.yaml', 'pipeline.lock']);
    expect(problems[0]?.text).toMatch(/^pipeline\.yaml:\d+:\d+: .*a -> b -> a/);
    expect(problems[1]?.next).toContain('mlp repro rebuilds it');
  });
});

describe.concurrent('mlp doctor after a killed run', () => {
  test('53: puts the last good outs back with --fix', async ({ rig }) => {
    rig.write('in.txt', '1');
    const cmd = step('s', 'if grep -q 2 in.txt; then echo half > o; sleep 60; fi; cp in.txt o');
    rig.pipeline({ s: { cmd, deps: ['in.txt'], outs: ['o'] } });
    await rig.repro();
    rig.write('in.txt', '2');
    const { child, ended } = rig.start('repro');
    await rig.untilRan('s');
    await sleep(50);
    expect((await doctor(rig)).of('leftovers')?.text).toContain('mlp repro (process');
    expect((await rig.mlp('doctor', '--json')).code).toBe(0);
    child.kill('SIGKILL');
    await ended;
    expect(await doctor(rig)).toMatchObject({ code: 1, problems: [{ subject: 'leftovers', fixable: true }] });
    expect(await doctor(rig, '--fix')).toMatchObject({ code: 0 });
    expect(rig.read('o')).toBe('1');
    expect(await doctor(rig)).toMatchObject({ code: 0, problems: [] });
  });

  test('53: finds nothing once repro has run: it removes half-written files of the killed one', async ({ rig }) => {
    rig.write('in.txt', '1\n');
    rig.write('other.txt', '1\n');
    rig.pipeline(chain);
    await rig.repro();
    const left = ['.mlp/tmp/.0123456789abcdef.tmp', '.mlp/cache/tmp/.0123456789abcdef.tmp'];
    for (const path of left) rig.write(path, 'half');
    const found = await doctor(rig);
    expect(found.of('leftovers')).toMatchObject({ verdict: 'note', fixable: true });
    expect(found.of('leftovers')?.text).toBe('2 temporary files of killed commands, 8 B');
    rig.write('in.txt', '2\n');
    await rig.repro();
    expect(left.filter((path) => rig.has(path))).toEqual([]);
    expect((await doctor(rig)).of('leftovers')?.verdict).toBe('ok');
  });

  test('--fix waits for nobody: another mlp that works here is named, with exit code 5', async ({ rig }) => {
    rig.pipeline({ long: { cmd: step('long', 'until test -e ../go; do sleep 0.02; done; echo 1 > l'), outs: ['l'] } });
    rig.write('.mlp/state.db', 'no database at all, but long enough to be read');
    const { ended } = rig.start('repro');
    await rig.untilRan('long');
    rig.write(join('.mlp/cache/runs/ab', 'c'.repeat(62)), 'unreadable');
    const fixing = await rig.mlp('doctor', '--fix');
    rig.write('../go', '');
    await ended;
    expect(fixing.code).toBe(5);
    expect(fixing.err).toContain('another mlp works in this folder: mlp repro (process');
  });
});

test('looks at every pipeline file and every record of data, and tells what is wrong under the file it is in', async ({
  rig,
}) => {
  rig.pipeline({ a: { cmd: step('a', 'true'), deps: ['data/x'] } });
  rig.write('sub/dvc.yaml', JSON.stringify({ stages: { b: { cmd: 'true' }, c: { cmd: 'true' } } }));
  rig.write('data/x', 'x');
  expect(await rig.mlp('add', 'data/x')).toMatchObject({ code: 0 });
  const sound = await doctor(rig, '--quick');
  expect(sound.of('pipeline.yaml')).toMatchObject({ verdict: 'ok', text: '1 stage' });
  expect(sound.of('sub/dvc.yaml')).toMatchObject({ verdict: 'ok', text: '2 stages' });
  expect(sound.of('data')).toMatchObject({ verdict: 'ok', text: '1 record of tracked data' });

  rig.write('data/deep/y.dvc', 'outs: none\n');
  expect((await doctor(rig, '--quick')).problems).toMatchObject([{ subject: 'data/deep/y.dvc' }]);
  rig.write('sub/dvc.yaml', 'stages: {b: {cmmd: x}}');
  expect((await doctor(rig, '--quick')).of('sub/dvc.yaml')?.text).toContain('sub/dvc.yaml:1:1');
});
