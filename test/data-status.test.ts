import { describe, expect } from 'vitest';
import { chain, step, test, type Rig } from './rig.ts';

const git = (rig: Rig, ...words: string[]): Promise<unknown> =>
  rig.startProcess('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...words]).ended;

const folder = { d: { cmd: step('d', 'mkdir d; echo x > d/x; echo y > d/y'), outs: ['d'] } };

async function committed(rig: Rig): Promise<void> {
  await git(rig, 'init', '-q');
  rig.write('.gitignore', '/a.txt\n/d\n');
  rig.write('in.txt', 'one\n');
  rig.write('raw', 'raw\n');
  rig.pipeline({ a: chain.a, ...folder });
  await rig.mlp('add', 'raw');
  await rig.mlp('repro');
  await git(rig, 'add', '-A');
  await git(rig, 'commit', '-qm', 'all');
}

const nothing = { added: [], modified: [], deleted: [] };

describe.concurrent('mlp data status', () => {
  test('finds nothing after a commit, and then tells what changed in the workspace, down to files of folders', async ({
    rig,
  }) => {
    await committed(rig);
    const clean = await rig.mlp('data', 'status', '--check', '--json');
    expect([clean.code, JSON.parse(clean.out)]).toEqual([
      0,
      { notInCache: [], committed: nothing, uncommitted: nothing, unchanged: 3 },
    ]);
    rig.remove('a.txt');
    rig.write('raw', 'other\n');
    rig.write('d/x', 'changed');
    rig.write('d/new', 'new');
    rig.remove('d/y');
    const changed = await rig.mlp('data', 'status', '--granular', '--json');
    expect([changed.code, JSON.parse(changed.out)]).toEqual([
      0,
      {
        notInCache: [],
        committed: nothing,
        uncommitted: { added: ['d/new'], modified: ['d/', 'd/x', 'raw'], deleted: ['a.txt', 'd/y'] },
        unchanged: 0,
      },
    ]);
    expect((await rig.mlp('data', 'status', '--check')).code).toBe(3);
    expect((await rig.mlp('data', 'status', 'raw')).out).not.toContain('a.txt');
  });

  test('tells what records say otherwise than the last commit, what no cache has, and what nobody keeps', async ({
    rig,
  }) => {
    await committed(rig);
    rig.write('raw', 'other\n');
    rig.write('more', 'more\n');
    rig.write('notes.txt', 'notes\n');
    await rig.mlp('add', 'raw', 'more');
    rig.write('in.txt', 'two\n');
    await rig.mlp('repro');
    rig.pipeline({ a: chain.a });
    rig.remove('.mlp/cache');
    const { out } = await rig.mlp('data', 'status', '--untracked-files', '--json');
    expect(JSON.parse(out)).toEqual({
      notInCache: ['a.txt', 'more', 'raw'],
      committed: { added: ['more'], modified: ['a.txt', 'raw'], deleted: ['d'] },
      uncommitted: nothing,
      unchanged: 3,
      untracked: ['d/', 'more.mlp', 'notes.txt'],
    });
  });
});
