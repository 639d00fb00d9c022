import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { expect } from 'vitest';
import { dvcInit, pythonWithDvc, reproByDvc } from './dvc-peer.ts';
import { Rig, step, test } from './rig.ts';

const file = (stages: object, more: object = {}): string => JSON.stringify({ stages, ...more });
const copy = (name: string, from: string, to: string): object => ({
  cmd: step(name, `cat ${from} > ${to}`),
  deps: [from],
  outs: [to],
});

/** raw -> data/dvc.yaml:clean -> train here; data/more/dvc.yaml:extra reads what clean makes. */
function threeFiles(rig: Rig): void {
  rig.write('dvc.yaml', file({ train: copy('train', 'data/clean.txt', 'model.txt') }));
  rig.write(
    'data/dvc.yaml',
    file({ clean: copy('clean', 'raw.txt', 'clean.txt'), other: copy('other', 'raw.txt', 'o.txt') }),
  );
  rig.write('data/more/dvc.yaml', file({ extra: copy('extra', '../clean.txt', 'extra.txt') }));
  rig.write('data/raw.txt', 'raw\n');
  mkdirSync(rig.path('.mlp'));
}

/** `mlp WORDS` in a folder of the rig. */
async function inFolder(rig: Rig, folder: string, ...words: string[]): Promise<{ out: string; err: string }> {
  const { root } = rig;
  rig.root = rig.path(folder);
  const running = rig.start(...words);
  rig.root = root;
  return running.ended;
}

test('stages of all pipeline files below the root make one graph; repro runs those of its own file and what they need', async ({
  rig,
}) => {
  threeFiles(rig);
  const first = await rig.repro();
  expect(first.ran).toEqual(['clean', 'train']);
  expect(rig.read('model.txt')).toBe('raw\n');
  rig.ran();
  await inFolder(rig, 'data/more', 'repro');
  expect(rig.ran()).toEqual(['extra']);
  const all = await rig.repro('-P');
  expect(all.ran).toEqual(['other']);
  expect(Object.keys(all.actions).sort()).toEqual(
    ['data/dvc.yaml:clean', 'data/dvc.yaml:other', 'data/more/dvc.yaml:extra', 'train'].sort(),
  );
  expect(Object.values(await rig.status()).map(({ action }) => action)).toEqual(['skip', 'skip', 'skip', 'skip']);
});

test('a stage of another file is called by its file, one of the nearest file by its name alone', async ({ rig }) => {
  threeFiles(rig);
  expect((await rig.repro('data/dvc.yaml:other')).ran).toEqual(['other']);
  await inFolder(rig, 'data', 'repro', 'clean');
  expect(rig.ran()).toEqual(['clean']);
  await inFolder(rig, 'data', 'repro', 'more/dvc.yaml:extra');
  expect(rig.ran()).toEqual(['extra']);
  const { out } = await inFolder(rig, 'data', 'explain', 'clean');
  expect(out).toContain('data/dvc.yaml:clean');
  expect((await inFolder(rig, 'data', 'repro', 'cleen')).err).toContain('did you mean "clean"');
  expect((await rig.mlp('stage', 'list')).out).toContain('data/more/dvc.yaml:extra');
  expect((await rig.mlp('dag')).out).toContain('data/dvc.yaml:clean');
});

test('a pipeline file that is added, changed or removed below is noticed at once', async ({ rig }) => {
  threeFiles(rig);
  await rig.repro('-P');
  rig.write('later/pipeline.yaml', file({ late: { cmd: step('late', 'touch x'), outs: ['x'] } }));
  expect((await rig.repro('-P')).ran).toEqual(['late']);
  rig.write('later/pipeline.yaml', file({ later: { cmd: step('later', 'touch y'), outs: ['y'] } }));
  expect((await rig.repro('-P')).ran).toEqual(['later']);
  rig.remove('later/pipeline.yaml');
  expect(Object.keys(await rig.status())).toHaveLength(4);
  expect(rig.read('pipeline.lock')).toContain('data/dvc.yaml:clean');
});

test('params.yaml and vars are those beside each file; metrics of all files are shown', async ({ rig }) => {
  const scored = (k: string): object => ({ cmd: `echo '{"k": \${k}}' > m.json`, params: [k], metrics: ['m.json'] });
  for (const [folder, k] of [
    ['', 1],
    ['sub/', 2],
  ] as const) {
    rig.write(`${folder}dvc.yaml`, file({ score: scored('k') }));
    rig.write(`${folder}params.yaml`, `k: ${k}\n`);
  }
  expect((await rig.repro('-P')).code).toBe(0);
  const { out } = await rig.mlp('metrics', 'show', '--json');
  expect(out).toContain('sub/m.json');
  expect([rig.read('m.json'), rig.read('sub/m.json')]).toEqual(['{"k": 1}\n', '{"k": 2}\n']);
});

test('values of a git revision are those of all its pipeline files, also of one that is gone', async ({ rig }) => {
  const git = (...words: string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], { cwd: rig.root });
  git('init', '-q');
  for (const folder of ['', 'sub/', 'node_modules/p/', 'own/']) {
    rig.write(`${folder}dvc.yaml`, file({}, { metrics: ['m.json'] }));
    rig.write(`${folder}m.json`, '{"k": 1}');
  }
  rig.write('own/.dvc/config', '');
  git('add', '-Af');
  git('commit', '-qm', 'one');
  rig.write('m.json', '{"k": 2}');
  rig.remove('sub');
  const { out } = await rig.mlp('metrics', 'diff', 'HEAD', '--json');
  expect(out).toContain('sub/m.json');
  expect(out).not.toContain('node_modules');
  expect(out).not.toContain('own/');
});

test('a stage of the nearest file is frozen by its name alone', async ({ rig }) => {
  threeFiles(rig);
  await inFolder(rig, 'data', 'freeze', 'clean');
  expect(rig.read('data/dvc.yaml')).toContain('frozen');
  expect(rig.read('dvc.yaml')).not.toContain('frozen');
  expect((await rig.repro('data/dvc.yaml:other')).ran).toEqual(['other']);
  expect((await rig.repro('data/dvc.yaml:clean')).ran).toEqual([]);
});

test('projects of their own, ignored folders, installed packages and what a stage makes hold no part of the pipeline', async ({
  rig,
}) => {
  rig.write(
    'pipeline.yaml',
    file({ gen: { cmd: 'mkdir made; echo "stages: {x: {cmd: x}}" > made/dvc.yaml', outs: ['made'] } }),
  );
  for (const folder of ['own/sub', 'node_modules/p', 'left/out', '.hidden', 'venv/lib']) {
    rig.write(`${folder}/dvc.yaml`, file({ [folder.replaceAll(/\W/g, '_')]: { cmd: 'x' } }));
  }
  rig.write('own/.dvc/config', '');
  rig.write('venv/pyvenv.cfg', '');
  rig.write('.mlpignore', 'left/\n');
  expect((await rig.repro('-P')).code).toBe(0);
  expect(Object.keys(await rig.status())).toEqual(['gen']);
});

test('what does not go together in several files is refused with both places', async ({ rig }) => {
  rig.write('dvc.yaml', file({ a: { cmd: 'x', outs: ['sub/f'] } }));
  rig.write('sub/dvc.yaml', file({ b: { cmd: 'x', outs: ['f'] } }));
  const twice = await rig.mlp('status');
  expect([twice.code, twice.err]).toEqual([2, expect.stringMatching(/"a" and "sub\/dvc.yaml:b" both make sub\/f/)]);
  rig.write('dvc.yaml', file({ a: { cmd: 'x', deps: ['sub/g'], outs: ['f'] } }));
  rig.write('sub/dvc.yaml', file({ b: { cmd: 'x', deps: ['../f'], outs: ['g'] } }));
  expect((await rig.mlp('status')).err).toContain('a -> sub/dvc.yaml:b -> a');
});

test.skipIf(pythonWithDvc === undefined)(
  'over several files, mlp and the real DVC run the same stages',
  async ({ rig }) => {
    const theirs = new Rig();
    for (const one of [rig, theirs]) threeFiles(one);
    dvcInit(theirs);
    for (const words of [[], ['data/dvc.yaml:other'], ['-P'], ['data/more/dvc.yaml:extra']]) {
      for (const edit of ['one', 'two']) {
        for (const one of [rig, theirs]) one.write('data/raw.txt', `${words.join()} ${edit}`);
        const ours = (await rig.repro(...words)).ran;
        // Branches that do not depend on each other run in any order.
        expect([words, [...ours].sort()]).toEqual([words, reproByDvc(theirs, ...words).sort()]);
      }
    }
    theirs.dispose();
  },
);

test('in a root without a pipeline file of its own, those below are named, with what to do, which works', async ({
  rig,
}) => {
  rig.write('b/dvc.yaml', file({ b: copy('b', 'in', 'out') }));
  rig.write('b/in', 'in');
  rig.write('a/deep/pipeline.yaml', file({ a: copy('a', 'in', 'out') }));
  rig.write('a/deep/in', 'in');
  mkdirSync(rig.path('.dvc'));
  const { code, err } = await rig.mlp('status');
  expect(code).toBe(2);
  expect(err).toContain('below it there are b/dvc.yaml, a/deep/pipeline.yaml\n');
  expect(err).toContain('next: cd b, or add -f b/dvc.yaml; ');
  expect((await rig.repro('-f', 'b/dvc.yaml')).ran).toEqual(['b']);
  rig.write('pipeline.yaml', 'stages: {}\n');
  expect((await rig.repro()).ran).toEqual(['a']);
});
