import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const mlp = resolve('bin/mlp.js');
let root = '';

const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
};
const git = (...words: string[]): string => execFileSync('git', words, { cwd: root, encoding: 'utf8' });
const run = (words: string, folder = '.') => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [mlp, ...words.split(' ')], {
    cwd: join(root, folder),
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mlp-values-'));
  git('init', '-q', '-b', 'main');
  git('config', 'user.email', 'test@example.org');
  git('config', 'user.name', 'test');
  write(
    'project/pipeline.yaml',
    // Written with a template, so that params.yaml of the revision decides which files matter.
    `stages:
  train:
    cmd: [cp source.json cached.json, cp rows.json committed.json]
    deps: [source.json, rows.json]
    params: [train, {other.json: [seed]}]
    metrics: ["\${prefix}.json", {committed.json: {cache: false}}]
`,
  );
  write('project/.gitignore', '.mlp\ncached.json\n');
  write('project/params.yaml', 'train: {c: 0.5, kind: svm}\nprefix: cached\n');
  write('project/other.json', '{"seed": 1, "rest": 2}');
  write('project/source.json', '{"accuracy": 0.85, "by": {"a": 1}, "note": "text"}');
  write('project/rows.json', '{"loss": NaN, "rows": 100}');
  // The first run stores cached.json in the cache; git has only the lock file that names its hash.
  const first = run('repro', 'project');
  expect(first.status, first.stderr + first.stdout).toBe(0);
  git('add', '-A');
  git('commit', '-qm', 'one');
  git('tag', 'one');
  write('project/params.yaml', 'train: {c: 0.3, kind: svm}\nprefix: cached\nadded: [1, 2]\n');
  write('project/source.json', '{"accuracy": 0.875, "by": {"a": 1}}');
  write('project/rows.json', '{"loss": 0.25, "rows": 90}');
  run('repro', 'project');
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('mlp metrics', () => {
  it('diffs the workspace against HEAD, also for metrics that only the cache has', () => {
    const { status, stdout, stderr } = run('metrics diff', 'project');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toBe(`  file             metric       HEAD   workspace    change
  cached.json      accuracy   0.8500      0.8750   +0.0250
  committed.json   loss            -      0.2500       new
                   rows          100          90       -10
  1 unchanged
`);
  });

  it('prints the same as data', () => {
    const { stdout } = run('metrics diff --json', 'project');
    expect(JSON.parse(stdout)).toMatchObject({
      before: 'HEAD',
      after: 'workspace',
      changes: [
        { file: 'cached.json', key: 'accuracy', before: 0.85, after: 0.875, delta: 0.025 },
        { file: 'committed.json', key: 'loss', before: null, after: 0.25 },
        { file: 'committed.json', key: 'rows', before: 100, after: 90, delta: -10 },
      ],
    });
  });

  it('shows the workspace, or revisions side by side', () => {
    expect(run('metrics show', 'project').stdout).toContain('accuracy   0.8750');
    expect(run('metrics show one HEAD --md', 'project').stdout).toContain(
      '| cached.json | accuracy | 0.8500 | 0.8500 |',
    );
  });

  it('says which files a revision lacks', () => {
    write('project/pipeline.yaml', 'stages:\n  train: {cmd: x, metrics: [nowhere.json]}\n');
    const { status, stderr, stdout } = run('metrics show', 'project');
    git('checkout', '-q', '--', 'project/pipeline.yaml');
    expect(status).toBe(0);
    expect(stderr).toContain('nowhere.json is not in the workspace');
    expect(stdout).toContain('no metrics in workspace');
  });
});

describe('mlp params', () => {
  it('diffs whole params.yaml and the declared keys of other files', () => {
    write('project/other.json', '{"seed": 7, "rest": 3}');
    const { status, stdout } = run('params diff one', 'project');
    expect(status).toBe(0);
    expect(stdout).toBe(`  file          param      one   workspace   change
  params.yaml   train.c    0.5   0.3         -0.2
                added[0]   -     1           new
                added[1]   -     2           new
  other.json    seed       1     7           +6
  2 unchanged
`);
  });

  it('diffs two revisions', () => {
    expect(run('params diff one HEAD', 'project').stdout).toBe('  no change from one to HEAD (4 params)\n');
  });
});

it.each(['metrics', 'params'])('mlp %s alone shows them', (command) => {
  const { status, stdout } = run(command, 'project');
  expect(status).toBe(0);
  expect(stdout).toBe(run(`${command} show`, 'project').stdout);
});

it('a folder among metrics or params stands for the files in it, as in DVC 3.67, at revisions and in runs too', () => {
  const made = 'mkdir -p made; cp in made/r.json';
  write(
    'dirs/pipeline.yaml',
    `stages: {s: {cmd: "${made}", deps: [in], metrics: [made]}}\nmetrics: [kept]\nparams: [settings]\n`,
  );
  write('dirs/.gitignore', '.mlp\nmade\n');
  write('dirs/in', '{"a": 1}');
  write('dirs/kept/sub/y.json', '{"b": 2}');
  write('dirs/kept/notes.txt', 'no values');
  write('dirs/settings/one.yaml', 'lr: 1\n');
  expect(run('repro', 'dirs').status).toBe(0);
  git('add', '-A');
  git('commit', '-qm', 'folders');
  write('dirs/in', '{"a": 5}');
  write('dirs/kept/sub/y.json', '{"b": 3}');
  write('dirs/settings/one.yaml', 'lr: 2\n');
  const second = JSON.parse(run('repro --json', 'dirs').stdout) as { metrics: object };
  expect(second.metrics).toEqual({ a: 5, b: 3 });
  const values = (words: string): string =>
    run(words, 'dirs').stdout.replace(/ +/g, ' ').split('\n').slice(1).join('|');
  expect(values('metrics show')).toBe(' made/r.json a 5| kept/sub/y.json b 3|');
  expect(values('metrics diff')).toBe(' made/r.json a 1 5 +4| kept/sub/y.json b 2 3 +1|');
  expect(values('params diff')).toBe(' lr 1 2 +1|');
  expect(run('metrics show', 'dirs').stderr).toBe('');
});

describe('wrong use', () => {
  it.each([
    ['metrics diff no-such-revision', 2, 'could not find the revision "no-such-revision"'],
    ['metrics diff --output=x', 2, 'unknown option'],
    ['params diff --json --md', 2, 'choose one of --json and --md'],
  ])('ends with its code and a message: mlp %s', (words, code, message) => {
    const { status, stdout, stderr } = run(words, 'project');
    expect(status).toBe(code);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
  });

  it('of a malformed params file names the place', () => {
    write('project/params.yaml', 'a: 1\na: 2\n');
    const { status, stderr } = run('params show', 'project');
    expect(status).toBe(2);
    expect(stderr).toContain('params.yaml:2:1');
  });
});
