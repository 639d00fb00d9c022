import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { walkFolder } from '../walk.ts';
import { IgnoreRules } from './ignore-rules.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mlp-ignore-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, text = ''): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Paths below a folder that count, without the ignore files. */
function counted(folder = '.'): string[] {
  const walked = walkFolder(root, join(root, folder), { ignoring: { rules: new IgnoreRules(root), folder } });
  if (!walked.ok) throw new Error(walked.error.reason);
  return walked.value.files.map(({ path }) => path).filter((path) => !path.endsWith('ignore'));
}

/** The same from git, which reads `.gitignore` where mlp reads `.mlpignore`. */
function countedByGit(): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--others', '--exclude-standard'], { cwd: root });
  const paths = listed.toString('utf8').split('\0').slice(0, -1);
  return paths.filter((path) => !path.endsWith('ignore')).sort();
}

const pick = <T>(random: () => number, from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

test('rules in any folders mean what git makes of them', { timeout: 60_000 }, () => {
  execFileSync('git', ['init', '-q'], { cwd: root });
  const folders = ['', 'a/', 'a/b/', 'a/b/c/', 'a[x]/', 'd e/'];
  const names = ['f.txt', 'g.log', 'F.TXT', 'b', '#h', '!i', 'k l', 'é.log'];
  for (const folder of folders) for (const name of names) if (name !== 'b' || folder !== 'a/') write(folder + name);
  const bodies = ['*', '*.log', 'f.txt', 'b', 'b/', 'a', 'a/b', 'c/*', 'a/**', '**/c', 'a/**/f.txt', '[fg].*', '?.txt'];
  const rest = ['\\#h', '\\!i', 'k l', 'F.*', 'd e/', '# note', '', 'x', 'é.log', 'a\\[x\\]', '*.log  '];
  const random = seededRandom(29);
  let left = 0;
  for (let round = 0; round < 150; round++) {
    for (const folder of folders) {
      const lines = Array.from({ length: random() < 0.5 ? 0 : 1 + Math.floor(random() * 3) }, () => {
        const body = pick(random, [...bodies, ...rest]);
        return `${pick(random, ['', '', '!'])}${pick(random, ['', '', '/'])}${body}`;
      });
      for (const name of ['.gitignore', '.mlpignore']) write(folder + name, lines.join('\n'));
    }
    const expected = countedByGit();
    left += expected.length;
    expect(counted(), `round ${round}`).toEqual(expected);
  }
  // Neither everything nor nothing was left out.
  expect(left / 150).toBeGreaterThan(5);
  expect(left / 150).toBeLessThan(40);
});

test('a directory that is named counts although a rule leaves it out; rules act on what is in it', () => {
  write('.dvcignore', 'data/\n*.tmp\n');
  for (const path of ['data/raw/x.csv', 'data/raw/y.tmp', 'data/z.csv']) write(path);
  expect(counted('data/raw')).toEqual(['x.csv']);
  expect(counted('data')).toEqual(['raw/x.csv', 'z.csv']);
  expect(counted()).toEqual([]);
});

test('what is left out may be anything: a socket, a broken link, a name in no known encoding', () => {
  write('.mlpignore', 'cache/\n');
  write('d/a');
  mkdirSync(join(root, 'd/cache'));
  writeFileSync(Buffer.concat([Buffer.from(join(root, 'd/cache/')), Buffer.from([0xff])]), '');
  expect(counted('d')).toEqual(['a']);
});

test('a folder in which nothing counts is there, as an empty one', () => {
  write('.mlpignore', '*.tmp\n');
  write('d/sub/x.tmp');
  const walked = walkFolder(root, join(root, 'd'), { ignoring: { rules: new IgnoreRules(root), folder: 'd' } });
  expect(walked).toMatchObject({ ok: true, value: { files: [], emptyFolders: ['sub'] } });
});

test('the rule against a path is told with its place', () => {
  write('.mlpignore', '# ours\n*.tmp\n!keep.tmp\n');
  write('d/.dvcignore', '/out\n');
  const rules = new IgnoreRules(root);
  expect(rules.ruleAgainst('d/x.tmp')).toEqual({ place: '.mlpignore:2', pattern: '*.tmp' });
  expect(rules.ruleAgainst('d/keep.tmp')).toBeUndefined();
  expect(rules.ruleAgainst('d/out')).toEqual({ place: 'd/.dvcignore:1', pattern: '/d/out' });
  expect(rules.ruleAgainst('out')).toBeUndefined();
});
