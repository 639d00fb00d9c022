import { appendFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { chain, step, test, type Rig } from './rig.ts';

const git = (rig: Rig, ...words: string[]): Promise<unknown> =>
  rig.startProcess('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...words]).ended;

const folder = {
  d: { cmd: step('d', 'mkdir d; cp in.txt d/x; echo same > d/y'), deps: ['in.txt'], outs: ['d'] },
};

/** Two branches with other inputs, another stage and other tracked data; `one` is checked out. */
async function branches(rig: Rig): Promise<void> {
  await git(rig, 'init', '-q', '-b', 'one');
  rig.write('.gitignore', '*.txt\n!in.txt\n!other.txt\n/d\n');
  rig.write('other.txt', 'other\n');
  rig.write('in.txt', 'one\n');
  rig.write('raw', 'raw of one\n');
  rig.pipeline({ ...chain, ...folder });
  await rig.mlp('add', 'raw');
  await rig.mlp('repro');
  await git(rig, 'add', '.');
  await git(rig, 'commit', '-qm', 'one');
  await git(rig, 'checkout', '-qb', 'two');
  rig.write('in.txt', 'two\n');
  rig.pipeline({ a: chain.a, b: chain.b });
  rig.remove('raw.mlp');
  rig.write('more', 'more of two\n');
  await rig.mlp('add', 'more');
  rig.remove('.gitignore');
  rig.write('.gitignore', '*.txt\n!in.txt\n!other.txt\n/raw\n/more\n/d\n');
  await rig.mlp('repro');
  await git(rig, 'add', '.');
  await git(rig, 'commit', '-qm', 'two');
  await git(rig, 'checkout', '-q', 'one');
}

describe.concurrent('mlp checkout', () => {
  test('68: brings the workspace to the lock file, also after git checkout of another branch', async ({ rig }) => {
    await branches(rig);
    const back = await rig.mlp('checkout', '--json');
    expect(back).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(back.out)).toMatchObject({
      changes: [
        { path: 'a.txt', change: 'modified' },
        { path: 'b.txt', change: 'modified' },
        { path: 'more', change: 'deleted' },
      ],
      unchanged: 3,
      problems: [],
    });
    expect([rig.read('b.txt'), rig.read('raw'), rig.read('c.txt')]).toEqual([
      'one\na\nb\n',
      'raw of one\n',
      'other\nc\n',
    ]);
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
    await git(rig, 'checkout', '-q', 'two');
    const there = JSON.parse((await rig.mlp('checkout', '--json')).out) as { changes: object[] };
    // What only the other branch made or tracked goes, for the cache has it; what it made and this one names is brought over.
    expect(there.changes).toEqual([
      { path: 'a.txt', change: 'modified' },
      { path: 'b.txt', change: 'modified' },
      { path: 'more', change: 'added' },
      { path: 'c.txt', change: 'deleted' },
      { path: 'd', change: 'deleted' },
      { path: 'raw', change: 'deleted' },
    ]);
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
  });

  test('68: work that no cache has is left alone and named, everything else is done, and --force replaces it', async ({
    rig,
  }) => {
    rig.write('in.txt', 'one\n');
    rig.pipeline({ a: chain.a, ...folder });
    await rig.repro();
    rig.write('a.txt', 'by hand');
    rig.write('d/new', 'by hand');
    rig.remove('d/x');
    rig.write('in.txt', 'one\n');
    const refused = await rig.mlp('checkout');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('a.txt was changed, and no cache has it as it is now');
    expect(refused.err).toContain('no cache has d/new');
    expect([rig.read('a.txt'), rig.tree('d')]).toEqual(['by hand', { new: 'by hand', y: 'same\n' }]);
    rig.remove('d/new');
    expect((await rig.mlp('checkout')).out).toContain('M  d\n');
    expect(rig.tree('d')).toEqual({ x: 'one\n', y: 'same\n' });
    expect(rig.read('a.txt')).toBe('by hand');
    expect((await rig.mlp('checkout', '--force')).code).toBe(0);
    expect(rig.read('a.txt')).toBe('one\na\n');
  });

  test('68: what the cache lacks is listed, the rest is put back, and the exit code is 1', async ({ rig }) => {
    rig.write('in.txt', 'one\n');
    rig.write('raw', 'raw');
    rig.pipeline({ a: chain.a, ...folder });
    await rig.repro();
    await rig.mlp('add', 'raw');
    const hash = /path: a\.txt\n\s+hash: (\w+)/.exec(rig.read('pipeline.lock'))?.[1] ?? '';
    rmSync(rig.path(join('.mlp/cache/sha256', hash.slice(0, 2), hash.slice(2))));
    for (const path of ['a.txt', 'd', 'raw']) rig.remove(path);
    const { code, out, err } = await rig.mlp('checkout');
    expect([code, out]).toEqual([1, expect.stringContaining('2 added')]);
    expect(err).toContain('the cache does not have a.txt');
    expect([rig.has('a.txt'), rig.has('d/x'), rig.read('raw')]).toEqual([false, true, 'raw']);
  });

  test('targets are stages, outs, tracked data and folders with such; an unknown one is refused', async ({ rig }) => {
    rig.write('in.txt', 'one\n');
    rig.write('data/raw', 'raw');
    rig.pipeline({ a: chain.a, ...folder });
    await rig.repro();
    await rig.mlp('add', 'data/raw');
    for (const path of ['a.txt', 'd', 'data/raw']) rig.remove(path);
    await rig.mlp('checkout', 'data');
    expect([rig.has('a.txt'), rig.has('d'), rig.has('data/raw')]).toEqual([false, false, true]);
    await rig.mlp('checkout', 'a');
    expect([rig.has('a.txt'), rig.has('d')]).toEqual([true, false]);
    await rig.mlp('checkout', 'd');
    expect(rig.has('d')).toBe(true);
    const unknown = await rig.mlp('checkout', 'data/rav');
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('did you mean "data/raw"?')]);
  });

  test('65: what is placed can be written to, and the cache keeps what it had', async ({ rig }) => {
    rig.write('in.txt', 'one\n');
    rig.pipeline({ a: chain.a, ...folder });
    await rig.repro();
    const before = statSync(rig.path('a.txt')).ctimeMs;
    expect((await rig.mlp('checkout', '--relink')).out).toContain('2 relinked');
    expect(statSync(rig.path('a.txt')).ctimeMs).toBeGreaterThan(before);
    appendFileSync(rig.path('a.txt'), 'more');
    appendFileSync(rig.path('d/y'), 'more');
    await rig.mlp('checkout', '--force');
    expect([rig.read('a.txt'), rig.read('d/y')]).toEqual(['one\na\n', 'same\n']);
  });
});

describe.concurrent('mlp clean', () => {
  test('removes outs that the cache can give back, and never deps or work that it lacks', async ({ rig }) => {
    rig.write('in.txt', 'one\n');
    rig.pipeline({
      a: chain.a,
      b: chain.b,
      m: { cmd: 'echo "{}" > m.json', deps: ['in.txt'], metrics: [{ 'm.json': { cache: false } }] },
    });
    await rig.repro();
    rig.write('b.txt', 'by hand');
    const before = readdirSync(rig.root);
    expect((await rig.mlp('clean', '--dry', 'a')).out).toContain('would remove 1 out');
    expect(readdirSync(rig.root)).toEqual(before);
    const cleaned = await rig.mlp('clean', '--json');
    expect(cleaned.code).toBe(1);
    expect(JSON.parse(cleaned.out)).toMatchObject({
      removed: [{ path: 'a.txt' }],
      kept: ['m.json'],
      problems: [{ reason: 'unsaved-data', path: 'b.txt' }],
    });
    expect([rig.has('a.txt'), rig.read('b.txt'), rig.has('in.txt')]).toEqual([false, 'by hand', true]);
    expect((await rig.mlp('clean', '--force')).code).toBe(0);
    expect([rig.has('b.txt'), rig.has('m.json'), rig.has('in.txt')]).toEqual([false, false, true]);
    await rig.mlp('checkout');
    expect(rig.read('b.txt')).toBe('one\na\nb\n');
  });
});
