import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { Rig, step, test } from './rig.ts';

const python = process.env['MLP_TEST_PYTHON'];
const hasDvc = python !== undefined && spawnSync(python, ['-m', 'dvc', '--version']).status === 0;
if (!hasDvc) process.stderr.write('moving from the real DVC skipped: MLP_TEST_PYTHON names no Python that has dvc\n');

async function dvc(rig: Rig, ...words: string[]): Promise<string> {
  const { code, out, err } = await rig.startProcess(python ?? '', ['-m', 'dvc', ...words]).ended;
  if (code !== 0) throw new Error(`dvc ${words.join(' ')}: ${err}`);
  return out;
}

const git = (rig: Rig, ...words: string[]): Promise<unknown> =>
  rig.startProcess('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...words]).ended;

const dvcYaml = `stages:
  prep:
    cmd: ${step('prep', 'mkdir prep; cp data/dir/* prep; cat data/x.csv > prep/x')}
    deps: [data/dir, data/x.csv]
    outs: [prep]
  each:
    foreach: [a, b]
    do:
      cmd: sh do.sh \${item}
      deps:
        - do.sh
        - prep/\${item}
      params: [k, opt.lr]
      outs:
        - out-\${item}.txt
  cross:
    matrix:
      left: [a]
      right: [1, 2]
    wdir: sub
    cmd: ${step('cross', 'cat ../out-\${item.left}.txt > \${item.left}-\${item.right}.txt')}
    deps:
      - ../out-\${item.left}.txt
    params:
      - ../params.yaml:
    outs:
      - \${item.left}-\${item.right}.txt
  score:
    cmd:
      - ${step('score', `echo '{"a":1}' > m.json`)}
      - echo done
    deps: [out-a.txt, out-b.txt]
    metrics:
      - m.json:
          cache: false
`;

/** A project that the real DVC has run twice, with another param, and that git has. */
async function makeDvcProject(rig: Rig): Promise<void> {
  rig.env['DVC_NO_ANALYTICS'] = '1';
  await git(rig, 'init', '-q');
  await dvc(rig, 'init', '-q');
  rig.write('dvc.yaml', dvcYaml);
  rig.write('params.yaml', 'k: 1\nopt: {lr: 0.1}\n');
  rig.write('do.sh', 'echo each >> "$RAN"; cp prep/$1 out-$1.txt; chmod +x out-$1.txt\n');
  rig.write('data/x.csv', 'x\r\nwith CR LF\r\n');
  rig.write('data/dir/a', 'a\n');
  rig.write('data/dir/b é', 'named\n');
  rig.write('data/dir/b', 'b\n');
  rig.write('sub/keep', '');
  chmodSync(rig.path('data/dir/a'), 0o755);
  await dvc(rig, 'add', '-q', 'data/x.csv', 'data/dir');
  await dvc(rig, 'repro', '-q');
  rig.write('params.yaml', 'k: 2\nopt: {lr: 0.1}\n');
  await dvc(rig, 'repro', '-q');
  await git(rig, 'add', '-A');
  await git(rig, 'commit', '-qm', 'all');
  rig.ran();
}

/** Made once, for DVC takes its time. */
const made = new Rig();
beforeAll(() => (hasDvc ? makeDvcProject(made) : Promise.resolve()));
afterAll(() => {
  made.dispose();
});

function dvcProject(rig: Rig): void {
  rig.env['DVC_NO_ANALYTICS'] = '1';
  cpSync(made.root, rig.root, { recursive: true, preserveTimestamps: true });
}

interface Report {
  readonly stages: readonly { readonly stage: string; readonly outcome: string; readonly why?: string }[];
  readonly data: readonly { readonly path: string; readonly outcome: string }[];
  readonly runs: { readonly found: number; readonly taken: number };
}

async function migrated(rig: Rig): Promise<Report> {
  const ended = await rig.mlp('migrate', '--json');
  expect(ended).toMatchObject({ code: 0, err: '' });
  return JSON.parse(ended.out) as Report;
}

describe.skipIf(!hasDvc).concurrent('mlp migrate of a project that the real DVC made', () => {
  test('what DVC calls up to date is up to date, and nothing of DVC changes', async ({ rig }) => {
    dvcProject(rig);
    expect(await dvc(rig, 'status')).toContain('up to date');
    const report = await migrated(rig);
    expect(report.stages.map(({ outcome }) => outcome)).toEqual(Array(6).fill('taken'));
    expect(report.data.map(({ outcome }) => outcome)).toEqual(['taken', 'taken']);
    expect(report.runs.taken).toBe(report.runs.found);
    expect(Object.values(await rig.status()).map(({ action }) => action)).toEqual(Array(6).fill('skip'));
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
    expect(await dvc(rig, 'status')).toContain('up to date');
    const again = await migrated(rig);
    expect(again.stages.map(({ outcome }) => outcome)).toEqual(Array(6).fill('already'));
  });

  test('results of former params are restored, and what only the cache of DVC had is put back', async ({ rig }) => {
    dvcProject(rig);
    rig.remove('prep');
    rig.remove('out-b.txt');
    rig.remove('data/x.csv');
    await migrated(rig);
    rig.remove('.dvc/cache');
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
    expect(rig.read('data/x.csv')).toBe('x\r\nwith CR LF\r\n');
    expect(Object.keys(rig.tree('prep')).sort()).toEqual(['a', 'b', 'b é', 'x']);
    rig.write('params.yaml', 'k: 1\nopt: {lr: 0.1}\n');
    // The metrics file is not cached, so its stage runs where its content does not stand; here it stands.
    expect((await rig.repro()).ran).toEqual([]);
  });

  test('--dry tells what would be taken over, and changes nothing', async ({ rig }) => {
    dvcProject(rig);
    rig.remove('prep');
    rig.remove('out-b.txt');
    const before = rig.tree('.dvc/cache');
    const dry = await rig.mlp('migrate', '--dry', '--json');
    const would = JSON.parse(dry.out) as Report;
    expect([rig.has('pipeline.lock'), rig.has('.mlp/cache')]).toEqual([false, false]);
    expect(rig.tree('.dvc/cache')).toEqual(before);
    const { stages, data, runs } = await migrated(rig);
    expect(would).toEqual({ dry: true, stages, data, runs });
  });

  test('what DVC calls stale is stale for the same reason', async ({ rig }) => {
    dvcProject(rig);
    rig.write('do.sh', `${rig.read('do.sh')}# changed\n`);
    rig.write('data/dir/b', 'changed\n');
    rig.write('params.yaml', 'k: 3\nopt: {lr: 0.1}\n');
    rig.write('dvc.yaml', rig.read('dvc.yaml').replace('- echo done', '- echo other'));
    const theirs = JSON.parse(await dvc(rig, 'status', '--json')) as Record<string, unknown>;
    expect(Object.keys(theirs)).toEqual(
      expect.arrayContaining(['prep', 'each@a', 'each@b', 'cross@a-1', 'cross@a-2', 'score']),
    );
    const report = await migrated(rig);
    expect(report.stages.filter(({ outcome }) => outcome === 'left')).toEqual([]);
    const ours = await rig.status();
    const kinds = (stage: string): string[] => (ours[stage]?.reasons ?? []).map(({ kind }) => kind);
    expect(kinds('prep')).toEqual(['dep-changed']);
    expect(kinds('each@a')).toEqual(['param-changed', 'dep-changed', 'upstream']);
    expect(kinds('cross@a-1')).toContain('param-changed');
    expect(kinds('score')).toContain('cmd-changed');
  });

  test('a stage whose recorded input is nowhere to be had is left, and named', async ({ rig }) => {
    dvcProject(rig);
    await git(rig, 'checkout', '-q', '--orphan', 'bare');
    rig.write('do.sh', 'echo none\n');
    await git(rig, 'add', '-A');
    await git(rig, 'commit', '-qm', 'without history');
    await git(rig, 'branch', '-qD', 'master', 'main');
    const left = (await migrated(rig)).stages.filter(({ outcome }) => outcome === 'left');
    expect(left.map(({ stage }) => stage)).toEqual(['each@a', 'each@b']);
    expect(left[0]?.why).toBe('dep do.sh: its recorded content is nowhere to be had');
    expect((await rig.status())['each@a']?.reasons[0]).toEqual({ kind: 'never-run' });
  });
});

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

describe.concurrent('mlp migrate', () => {
  test('reads the layouts and hashes of earlier versions of DVC', async ({ rig }) => {
    rig.write(
      'dvc.yaml',
      `stages:\n  s: {cmd: "${step('s', 'cp in.txt o').replaceAll('"', '\\"')}", deps: [in.txt], outs: [o]}\n`,
    );
    rig.write('in.txt', 'one\r\ntwo\r\n');
    // DVC before 3 hashed text without its carriage returns, kept it under that name, and recorded no name of the hash.
    const name = md5('one\ntwo\n');
    rig.write(`.dvc/cache/${name.slice(0, 2)}/${name.slice(2)}`, 'one\r\ntwo\r\n');
    const cmd = JSON.stringify(step('s', 'cp in.txt o'));
    const entry = `  cmd: ${cmd}\n  deps:\n  - path: in.txt\n    md5: ${name}\n  outs:\n  - path: o\n    md5: ${name}\n`;
    rig.write('dvc.lock', `s:\n${entry}gone:\n  cmd: x\n`);
    expect((await migrated(rig)).stages).toEqual([
      { stage: 's', outcome: 'taken' },
      { stage: 'gone', outcome: 'left', why: 'the pipeline has no such stage' },
    ]);
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [], actions: { s: 'checked-out' } });
    expect(rig.read('o')).toBe('one\r\ntwo\r\n');
  });

  test('a damaged object of DVC is not taken over', async ({ rig }) => {
    rig.write('dvc.yaml', 'stages:\n  s: {cmd: cp in.txt o, deps: [in.txt], outs: [o]}\n');
    rig.write('in.txt', 'one');
    const name = md5('one');
    rig.write(`.dvc/cache/files/md5/${name.slice(0, 2)}/${name.slice(2)}`, 'another');
    const path = (at: string): string => `    - {path: ${at}, hash: md5, md5: ${name}, size: 3}\n`;
    const entry = `    cmd: cp in.txt o\n    deps:\n${path('in.txt')}    outs:\n${path('o')}`;
    rig.write('dvc.lock', `schema: '2.0'\nstages:\n  s:\n${entry}`);
    const [row] = (await migrated(rig)).stages;
    expect(row).toMatchObject({ outcome: 'left', why: expect.stringContaining('does not have the MD5') as string });
    expect(rig.has('pipeline.lock')).toBe(false);
  });

  test('a folder without anything of DVC is refused', async ({ rig }) => {
    rig.pipeline({ s: { cmd: 'echo 1 > o', outs: ['o'] } });
    const { code, err } = await rig.mlp('migrate');
    expect([code, err]).toEqual([2, expect.stringContaining('there is no dvc.lock')]);
  });
});
