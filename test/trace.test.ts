import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { describe, expect } from 'vitest';
import { runs, step, test, until, type Rig } from './rig.ts';

interface Traced {
  readonly stage: string;
  readonly action: string;
  readonly failure?: { readonly reason: string };
  readonly undeclared?: readonly { readonly field?: string; readonly line?: string; readonly path: string }[];
  readonly unread?: readonly string[];
}

const has = (program: string): boolean => {
  try {
    execFileSync('/bin/sh', ['-c', `command -v ${program}`]);
    return true;
  } catch {
    return false;
  }
};
const traces = process.platform === 'linux' && has('strace');

async function traced(rig: Rig, ...words: string[]): Promise<{ code: number | null; stages: readonly Traced[] }> {
  const { code, out, err } = await rig.mlp('repro', '--json', '--trace', ...words);
  if (out === '') throw new Error(err);
  return { code, stages: (JSON.parse(out) as { stages: Traced[] }).stages };
}

/** `field line` of everything undeclared, in order. */
const linesOf = (stage: Traced | undefined): string[] =>
  (stage?.undeclared ?? []).map(({ field, line, path }) => (field === undefined ? path : `${field} ${line ?? ''}`));

describe.runIf(traces).concurrent('--trace', () => {
  test('names what a shell stage read and wrote: after cd, by rename, through a link, in a child of a child', async ({
    rig,
  }) => {
    for (const name of ['sub/deep.txt', 'far/a.txt', 'real/data.txt', 'in.txt']) rig.write(name, `${name}\n`);
    mkdirSync(rig.path('links'));
    symlinkSync('../real/data.txt', rig.path('links/data.txt'));
    const work = [
      'cat in.txt > out.txt',
      '(cd sub && cat deep.txt)',
      'sh -c "sh -c \'cd far; cat a.txt\'"',
      'cat links/data.txt',
      'echo x > half && mv half whole.txt',
      'echo gone > tmp.txt && cat tmp.txt && rm tmp.txt',
    ];
    rig.pipeline({ s: { cmd: work.join(' && '), deps: ['in.txt', 'unused.txt'], outs: ['out.txt'] } });
    rig.write('unused.txt', '');
    const { code, stages } = await traced(rig);
    expect(code).toBe(0);
    expect(linesOf(stages[0])).toEqual([
      'deps - far/a.txt',
      'deps - links/data.txt',
      'deps - sub/deep.txt',
      'outs - whole.txt',
    ]);
    expect(stages[0]?.unread).toEqual(['unused.txt']);
  });

  test('writes paths with blanks, newlines and letters of any language as YAML takes them', async ({ rig }) => {
    const names = ['a b.txt', 'new\nline', 'größe 日本.txt', "it's", '#x', '${y}', 'a: b', '-'];
    for (const name of names) rig.write(`d/${name}`, 'x');
    rig.write(
      'cat.py',
      `import json\nfor name in json.loads(${JSON.stringify(JSON.stringify(names))}): open('d/' + name).read()\n`,
    );
    const cmd = 'python3 cat.py > o; touch d/out';
    rig.pipeline({ s: { cmd, deps: ['cat.py'], outs: ['o', 'd/out'] } });
    const { stages } = await traced(rig);
    const lines = (stages[0]?.undeclared ?? []).map(({ line }) => `    ${line ?? ''}`);
    expect(lines).toHaveLength(names.length);
    // What it tells to write is taken as it is, and then all is declared.
    rig.write(
      'pipeline.yaml',
      ['stages:', '  s:', `    cmd: ${cmd}`, '    outs: [o, d/out]', '    deps:', '    - cat.py', ...lines, ''].join(
        '\n',
      ),
    );
    const again = await traced(rig);
    expect([again.code, linesOf(again.stages[0])]).toEqual([0, []]);
  });

  test('sees an mmap-ed read, a module that Python has compiled, and a list of names', async ({ rig }) => {
    rig.write('lib/helper.py', 'value = 1\n');
    for (const name of ['1', '2']) rig.write(`many/${name}`, name);
    rig.write('big.bin', 'x'.repeat(5000));
    rig.write(
      's.py',
      [
        'import sys, mmap, os; sys.path.insert(0, "lib"); import helper',
        'f = open("big.bin", "rb"); m = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ); len(m[:])',
        'open("o", "w").write(str(len(os.listdir("many"))))',
      ].join('\n'),
    );
    rig.pipeline({ s: { cmd: 'python3 s.py', deps: ['s.py'], outs: ['o'] } });
    const expected = ['deps - big.bin', 'deps - lib/helper.py', 'deps - many'];
    expect(linesOf((await traced(rig)).stages[0])).toEqual(expected);
    expect(readdirSync(rig.path('lib'))).toContain('__pycache__');
    expect(linesOf((await traced(rig, '--force')).stages[0])).toEqual(expected);
  });

  test('sees what a Node stage requires and reads, and not its package.json and modules', async ({ rig }) => {
    rig.write('package.json', '{"type": "commonjs"}');
    rig.write('node_modules/dep/package.json', '{"main": "x.js"}');
    rig.write('node_modules/dep/x.js', 'module.exports = 1');
    rig.write('util/a.js', 'module.exports = require("dep")');
    rig.write('data.txt', 'd');
    rig.write(
      'run.js',
      'const fs = require("fs"); require("./util/a.js"); fs.promises.readFile("data.txt").then((t) => fs.writeFileSync("o", t));',
    );
    rig.pipeline({ s: { cmd: 'node run.js', deps: ['run.js'], outs: ['o'] } });
    expect(linesOf((await traced(rig)).stages[0])).toEqual(['deps - data.txt', 'deps - util/a.js']);
  });

  test('takes a declared folder for all in it, a declared param for its file, and names the folder of many files', async ({
    rig,
  }) => {
    for (const name of ['1', '2', '3', '4', '5']) {
      rig.write(`declared/${name}`, name);
      rig.write(`many/sub/${name}`, name);
    }
    rig.write('params.yaml', 'a: 1\n');
    rig.write('other.yaml', 'b: 1\n');
    rig.pipeline({
      first: { cmd: 'mkdir made; echo 1 > made/x', outs: ['made'] },
      s: {
        cmd: 'cat ../declared/* ../many/sub/* ../params.yaml ../other.yaml ../made/x > ../o',
        wdir: 'w',
        deps: ['../declared'],
        params: [{ '../params.yaml': ['a'] }],
        outs: ['../o'],
      },
      t: { cmd: 'true', params: [{ 'other.yaml': ['b'] }] },
    });
    mkdirSync(rig.path('w'));
    await rig.mlp('repro', 'first');
    const { stages } = await traced(rig);
    const s = stages.find(({ stage }) => stage === 's');
    expect(linesOf(s)).toEqual(['deps - ../made', 'deps - ../many/sub', 'params - ../other.yaml:']);
    expect(s?.undeclared?.[0]).toMatchObject({ madeBy: 'first' });
  });

  test('is silent about what .mlpignore names and about virtual environments', async ({ rig }) => {
    rig.write('.mlpignore', '*.tmp\nnotes/\n');
    for (const name of ['a.tmp', 'notes/n.txt', 'myenv/pyvenv.cfg', 'myenv/lib/x.py', '.git/config'])
      rig.write(name, 'x');
    rig.pipeline({ s: { cmd: 'cat a.tmp notes/n.txt myenv/lib/x.py .git/config > o', outs: ['o'] } });
    expect(linesOf((await traced(rig)).stages[0])).toEqual([]);
  });

  test('strict: fails the stage, leaves no evidence, puts its outs back, and exits 1', async ({ rig }) => {
    rig.write('in.txt', '1');
    rig.write('secret.txt', '2');
    const stage = { cmd: step('s', 'cat in.txt > o; cat secret.txt'), deps: ['in.txt'], outs: ['o'] };
    rig.pipeline({ s: stage });
    await rig.repro();
    const lock = rig.read('pipeline.lock');
    rig.write('in.txt', '3');
    const { code, out } = await rig.mlp('repro', '--trace=strict');
    expect(code).toBe(1);
    expect(out).toContain('    deps:\n      - secret.txt\n');
    expect([rig.read('o'), rig.read('pipeline.lock')]).toEqual(['1', lock]);
    const failed = JSON.parse((await rig.mlp('repro', '--json', '--trace=strict')).out) as { stages: Traced[] };
    expect(failed.stages[0]).toMatchObject({ action: 'failed', failure: { reason: 'undeclared-files' } });
    rig.pipeline({ s: { ...stage, deps: ['in.txt', 'secret.txt'] } });
    expect((await traced(rig)).code).toBe(0);
    expect((await rig.mlp('repro', '--trace=strict', '--force')).code).toBe(0);
  });

  test('leaves status, signal and output of a stage as they are', async ({ rig }) => {
    rig.pipeline({
      status: { cmd: 'echo out; echo err >&2; exit 9' },
      signal: { cmd: 'echo before; kill -KILL $$' },
    });
    const plain = await rig.mlp('repro', '--json', '--keep-going');
    const watched = await rig.mlp('repro', '--json', '--keep-going', '--trace');
    const told = ({ out }: { out: string }): unknown =>
      (JSON.parse(out) as { stages: Record<string, unknown>[] }).stages.map(
        ({ exitStatus, signal, logFile, failure }) => [
          exitStatus,
          signal,
          readFileSync(rig.path(String(logFile)), 'utf8'),
          failure,
        ],
      );
    expect(told(watched)).toEqual(told(plain));
    expect(watched.code).toBe(plain.code);
  });

  for (const how of ['SIGTERM', 'timeout'] as const) {
    test(`ends all processes of a stage after ${how}`, async ({ rig }) => {
      const cmd = 'sh -c "echo \\$\\$ > ../pid; exec sleep 60" & sleep 60; wait';
      rig.pipeline({ long: { cmd, outs: ['o'], ...(how === 'timeout' ? { timeout: 2 } : {}) } });
      const { child, ended } = rig.start('repro', '--trace');
      await until(() => rig.has('../pid') && rig.read('../pid') !== '');
      const pid = Number(rig.read('../pid'));
      const tracer = Number(/TracerPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
      if (how === 'SIGTERM') child.kill('SIGTERM');
      const { code } = await ended;
      expect(code).toBe(how === 'SIGTERM' ? 130 : 1);
      await until(() => !runs(pid) && !runs(tracer));
    });
  }

  test('a process that a stage leaves behind does not hold it up, and goes on', async ({ rig }) => {
    rig.pipeline({
      s: {
        cmd: '(while [ ! -e ../stop ]; do sleep 0.1; done; echo 1 > ../stopped) > /dev/null 2>&1 & echo 1 > o',
        outs: ['o'],
      },
    });
    expect((await traced(rig)).code).toBe(0);
    writeFileSync(rig.path('../stop'), '');
    await until(() => rig.has('../stopped'));
  });
});

describe.concurrent('--trace without strace', () => {
  /** A PATH with what stages need, and no strace. */
  function withoutStrace(rig: Rig): void {
    mkdirSync(`${rig.folder}/bin`);
    const cp = execFileSync('/bin/sh', ['-c', 'command -v cp']).toString().trim();
    symlinkSync(cp, `${rig.folder}/bin/cp`);
    rig.env['PATH'] = `${rig.folder}/bin`;
  }

  test('warns which package to install, and runs', async ({ rig }) => {
    withoutStrace(rig);
    rig.write('in', '1');
    rig.pipeline({ s: { cmd: 'cp in o', deps: ['in'], outs: ['o'] } });
    const { code, out } = await rig.mlp('repro', '--trace');
    expect(code).toBe(0);
    expect(out).toMatch(/warning: .*strace|warning: .*Linux/);
    expect(rig.read('o')).toBe('1');
  });

  test('strict: says so and runs nothing', async ({ rig }) => {
    withoutStrace(rig);
    rig.write('in', '1');
    rig.pipeline({ s: { cmd: step('s', 'cp in o'), deps: ['in'], outs: ['o'] } });
    const { code, err, ran } = { ...(await rig.mlp('repro', '--trace=strict')), ran: rig.ran() };
    expect([code, ran, rig.has('o')]).toEqual([2, [], false]);
    expect(err).toMatch(/error: --trace: /);
  });
});
