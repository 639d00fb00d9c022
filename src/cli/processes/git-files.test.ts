import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { textsAt } from './git-files.ts';

let top = '';
const git = (...words: string[]): string =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], {
    cwd: top,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
function commit(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), text);
  }
  git('add', '-A');
  git('commit', '-qm', 'c');
}

/** A history with a side branch, a merge that is like neither parent, a rename, a removal and a second root. */
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'mlp-history-'));
  git('init', '-q', '-b', 'main');
  commit({ 'sub/pipeline.lock': 'one', 'sub/data/ü x.mlp': 'data', 'outer.lock': 'outside', 'sub/code.ts': 'no' });
  git('checkout', '-qb', 'side');
  commit({ 'sub/pipeline.lock': 'side' });
  git('checkout', '-q', 'main');
  commit({ 'sub/pipeline.lock': 'two' });
  try {
    git('merge', 'side');
  } catch {
    commit({ 'sub/pipeline.lock': 'merged' });
  }
  git('mv', 'sub/data/ü x.mlp', 'sub/data/y.mlp');
  commit({});
  git('rm', '-q', 'sub/data/y.mlp');
  commit({ 'sub/pipeline.lock': 'one' });
  git('checkout', '-q', '--orphan', 'other');
  commit({ 'sub/d.dvc': 'orphan' });
  git('checkout', '-q', 'main');
});
afterAll(() => {
  rmSync(top, { recursive: true, force: true });
});

const none = { named: [], allBranches: false, allTags: false, allCommits: false };
const endings = ['.lock', '.mlp', '.dvc'];
const told = async (folder: string, revisions: Parameters<typeof textsAt>[1]): Promise<string[]> => {
  const found = await textsAt(join(top, folder), revisions, endings);
  if (!found.ok) throw new Error(found.error.reason);
  return found.value.map(({ path, text }) => `${path}: ${text}`).sort();
};

it('the versions of all commits are those that each commit lists', async () => {
  const commits = git('rev-list', '--all').trim().split('\n');
  for (const folder of ['.', 'sub']) {
    const each = await told(folder, { ...none, named: commits });
    expect(await told(folder, { ...none, allCommits: true })).toEqual(each);
  }
  expect(await told('sub', { ...none, allCommits: true })).toEqual([
    'd.dvc: orphan',
    'data/y.mlp: data',
    'data/ü x.mlp: data',
    'pipeline.lock: merged',
    'pipeline.lock: one',
    'pipeline.lock: side',
    'pipeline.lock: two',
  ]);
});

it('of branches only their ends count', async () => {
  expect(await told('sub', { ...none, allBranches: true })).toEqual([
    'd.dvc: orphan',
    'data/ü x.mlp: data',
    'pipeline.lock: one',
    'pipeline.lock: side',
  ]);
});
