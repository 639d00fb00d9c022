import { readFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { step, test } from './rig.ts';

describe.concurrent('a hostile project', () => {
  test('a link out of the workspace that the command puts in the way of its out fails the stage; nothing outside is touched', async ({
    rig,
  }) => {
    const outside = join(rig.folder, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'keep'), 'precious');
    rig.pipeline({ s: { cmd: step('s', 'rm -rf d; ln -s ../outside d'), outs: ['d/keep'] } });
    for (const round of [1, 2]) {
      const ended = await rig.mlp('repro');
      // The second time the link stands there before the command runs.
      expect([round, ended.code]).toEqual([round, 2]);
      expect(ended.out).toContain('refusing to touch d/keep: it lies outside the workspace');
      expect(readFileSync(join(outside, 'keep'), 'utf8')).toBe('precious');
    }
    expect(rig.has('pipeline.lock')).toBe(false);
  });

  test('control characters and line ends in names do not reach the terminal', async ({ rig }) => {
    rig.pipeline({ s: { cmd: 'true', deps: ['a\u001b]0;title\u0007b\nc'] } });
    const { code, err } = await rig.mlp('repro');
    expect(code).toBe(2);
    expect(err).toContain('dep ab↵c does not exist');
    expect(err).not.toMatch(/[\u001b\u0007]/);
  });

  test('a params file that is a link to itself is told as that, not as one without the param', async ({ rig }) => {
    symlinkSync('params.yaml', rig.path('params.yaml'));
    rig.pipeline({ s: { cmd: step('s', 'true'), params: ['a'] } });
    for (const command of ['repro', 'status']) {
      const { code, err } = await rig.mlp(command);
      expect([command, code, err]).toEqual([
        command,
        1,
        expect.stringMatching(/cannot read params\.yaml: a symbolic link leads back to itself.*\(ELOOP\)\n +next: /),
      ]);
    }
    expect(rig.ran()).toEqual([]);
  });

  test('a run cache entry that names other paths than the outs of its stage is not taken: nothing else is written', async ({
    rig,
  }) => {
    rig.write('in.txt', '1');
    rig.write('mine', 'precious');
    rig.pipeline({ s: { cmd: step('s', 'cp in.txt o'), deps: ['in.txt'], outs: ['o'] } });
    expect((await rig.repro()).ran).toEqual(['s']);
    const [[name, text] = ['', '']] = Object.entries(rig.tree('.mlp/cache/runs'));
    const entry = JSON.parse(text) as { outs: object[] };
    for (const path of ['mine', '../mine', '.git/config']) {
      entry.outs[1] = { ...entry.outs[0], path };
      rig.write(`.mlp/cache/runs/${name}`, JSON.stringify(entry));
      rig.remove('pipeline.lock');
      rig.remove('o');
      expect(await rig.repro()).toMatchObject({ code: 0, ran: ['s'] });
      expect([rig.read('mine'), rig.has('../mine'), rig.has('.git')]).toEqual(['precious', false, false]);
    }
  });

  test('a stage that leaves a daemon behind ends, and is up to date next time', async ({ rig }) => {
    rig.pipeline({ s: { cmd: step('s', 'setsid sleep 5 & sleep 5 & echo 1 > o'), outs: ['o'] } });
    const startedAt = performance.now();
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['s'] });
    expect(performance.now() - startedAt).toBeLessThan(4500);
    expect((await rig.repro()).ran).toEqual([]);
  });

  test('a stage that removes .mlp with the history in it: outs are right, and the loss is told', async ({ rig }) => {
    const cmd = step('s', 'if test -e bad; then rm -rf .mlp; fi; cat in.txt > o');
    rig.pipeline({
      s: { cmd, deps: ['in.txt'], outs: ['o'] },
      t: { cmd: step('t', 'cat o > p'), deps: ['o'], outs: ['p'] },
    });
    rig.write('in.txt', '1');
    expect((await rig.repro()).ran).toEqual(['s', 't']);
    rig.write('bad', '');
    rig.write('in.txt', '2');
    const { code, out, err } = await rig.mlp('repro');
    expect([code, out + err]).toEqual([
      2,
      expect.stringMatching(/mlp\.db: it was removed while the stages ran[^]*not recorded/),
    ]);
    expect([rig.read('o'), rig.read('p')]).toEqual(['2', '2']);
    rig.remove('bad');
    rig.write('in.txt', '3');
    expect(await rig.repro()).toMatchObject({ code: 0, ran: expect.arrayContaining(['s', 't']) as string[] });
    expect(rig.read('p')).toBe('3');
    expect((await rig.mlp('doctor')).code).toBe(0);
  });

  test('a stage that edits the pipeline file: this run is by the old text, the next by the new one', async ({
    rig,
  }) => {
    rig.pipeline({
      s: {
        cmd: step('s', 'test -e done || sed -i s/first/second/ pipeline.yaml; touch done; echo 1 > o'),
        outs: ['o'],
      },
      t: { cmd: step('t', 'echo first > p'), deps: ['o'], outs: ['p'] },
    });
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['s', 't'] });
    expect(rig.read('p')).toBe('first\n');
    expect(await rig.repro()).toMatchObject({ code: 0, ran: expect.arrayContaining(['t']) as string[] });
    expect(rig.read('p')).toBe('second\n');
    expect((await rig.repro()).ran).toEqual([]);
  });

  test('names with line ends and control characters are made, restored, recorded and put into one line', async ({
    rig,
  }) => {
    const names = ['a\nb', 'd/c\nd\u001b[31m', 'd/\u00e9'];
    rig.write('make.sh', `mkdir -p d\n${names.map((name) => `printf x > '${name}'`).join('\n')}\n`);
    rig.pipeline({
      s: { cmd: step('s', 'sh make.sh'), deps: ['make.sh'], outs: ['a\nb', 'd'] },
      t: { cmd: step('t', 'cat a* d/* > p'), deps: ['a\nb', 'd'], outs: ['p'] },
    });
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['s', 't'] });
    expect((await rig.repro()).ran).toEqual([]);
    for (const name of ['a\nb', 'd']) rig.remove(name);
    const { code, out } = await rig.mlp('repro');
    expect([code, out]).toEqual([0, expect.stringContaining('a↵b')]);
    expect(out).not.toContain('\u001b[31m');
    expect([rig.ran(), names.map((name) => rig.read(name))]).toEqual([[], ['x', 'x', 'x']]);
    expect((await rig.mlp('doctor')).code).toBe(0);
  });

  test('binary output of a stage neither stops it nor reaches the terminal as control characters', async ({ rig }) => {
    const cmd = step('s', 'head -c 300000 /dev/urandom; head -c 300000 /dev/urandom >&2; echo 1 > o; exit 3');
    rig.pipeline({ s: { cmd, outs: ['o'] } });
    const { code, out, err } = await rig.mlp('repro');
    expect(code).toBe(1);
    expect(out).toContain('s: exit 3');
    expect(out + err).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
  });

  for (const closed of ['| head -0', '>&-', '>&- 2>&-', '> /dev/full']) {
    test(`a standard output that takes nothing (${closed}) keeps no stage from being recorded`, async ({ rig }) => {
      rig.pipeline({
        s: { cmd: step('s', 'seq 10000; echo 1 > o'), outs: ['o'] },
        t: { cmd: step('t', 'cat o > p'), deps: ['o'], outs: ['p'] },
      });
      const { code, err } = await rig.startBelow(['/bin/sh', '-c', `"$@" repro ${closed}`, 'sh']).ended;
      const isFull = closed.includes('full');
      expect([code, err]).toEqual([
        isFull ? 1 : 0,
        isFull ? expect.stringContaining('cannot write to the standard output: the disk is full') : '',
      ]);
      expect(err).not.toMatch(/met a bug|EPIPE/);
      expect(rig.ran()).toEqual(['s', 't']);
      expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
      expect(rig.read('p')).toBe('1\n');
    });
  }
});

describe('a pipeline file that stands for too much', () => {
  const bombs = {
    'aliases of aliases': [
      [
        'a0: &a0 [x,x,x,x,x,x,x,x,x,x]',
        ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(10)}]`),
        'stages: {s: {cmd: echo, deps: *a9}}',
      ].join('\n'),
      'its aliases stand for more than',
    ],
    'a matrix of a billion': [
      `stages: {s: {cmd: echo, matrix: {${['a', 'b', 'c'].map((key) => `${key}: [${[...Array(1000).keys()].join()}]`).join(', ')}}}}`,
      '"s" stands for 1000000000 stages; at most 100000 are taken',
    ],
    'a foreach of many': [
      `stages: {s: {foreach: [${[...Array(150_000).keys()].join()}], do: {cmd: echo}}}`,
      '"s" stands for 150000 stages; at most 100000 are taken',
    ],
    '50 MB': [`stages: {s: {cmd: echo}}\n${'# filler\n'.repeat(5_600_000)}`, 'it has over 16777216 characters'],
  } as const;
  for (const [name, [text, says]] of Object.entries(bombs)) {
    test(`${name}: is refused in words, with its place, at once`, async ({ rig }) => {
      rig.write('pipeline.yaml', text);
      const startedAt = performance.now();
      const { code, err } = await rig.mlp('repro');
      expect([code, err]).toEqual([2, expect.stringContaining(says)]);
      expect(err).toMatch(/pipeline\.yaml:1:\d+/);
      expect(performance.now() - startedAt).toBeLessThan(8000);
    });
  }
});
