import { readdirSync, readFileSync, readlinkSync, statSync, truncateSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { runs, step, test, until } from './rig.ts';

/** Reads in.txt; fails when it says so, after having destroyed what it can. */
const picky = {
  cmd: step(
    'picky',
    'echo half > out.txt; echo stray > dir/stray; if grep -q bad in.txt; then exit 9; fi; cp in.txt out.txt; cp in.txt dir/in',
  ),
  deps: ['in.txt'],
  outs: ['out.txt', 'dir/'],
};

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

describe.concurrent('a stage that fails', () => {
  test('47, 50: its last good outs come back, what needs it is named, and the next run begins with it', async ({
    rig,
  }) => {
    const stages = {
      first: { cmd: step('first', 'echo 1 > first.txt'), outs: ['first.txt'] },
      picky: { ...picky, cmd: `mkdir -p dir; ${picky.cmd}`, deps: ['in.txt', 'first.txt'] },
      last: { cmd: step('last', 'cp out.txt last.txt'), deps: ['out.txt'], outs: ['last.txt'] },
    };
    rig.pipeline(stages);
    rig.write('in.txt', 'good\n');
    expect((await rig.repro()).ran).toEqual(['first', 'picky', 'last']);
    const lock = rig.read('pipeline.lock');
    const outs = { ...rig.tree('dir'), out: rig.read('out.txt') };

    rig.write('in.txt', 'bad\n');
    const failed = await rig.mlp('repro');
    expect(failed.code).toBe(1);
    expect(rig.ran()).toEqual(['picky']);
    expect(failed.out).toMatch(/picky +failed +\d\.\d\ds +exit 9/);
    expect(failed.out).toMatch(/log: \.mlp\/logs\/[^/]+\/picky\.log/);
    expect(failed.out).toContain('not run: last (needs picky)');
    expect({ ...rig.tree('dir'), out: rig.read('out.txt') }).toEqual(outs);
    expect(rig.read('pipeline.lock')).toBe(lock);
    expect(rig.has('.mlp/tmp/outs')).toBe(false);

    rig.write('in.txt', 'better\n');
    expect((await rig.repro()).ran).toEqual(['picky', 'last']);
    expect([rig.read('last.txt'), rig.tree('dir')]).toEqual(['better\n', { in: 'better\n', stray: 'stray\n' }]);
  });

  test('13: a declared out that was not made fails the stage after it ran, and leaves no evidence', async ({ rig }) => {
    rig.pipeline({ forgetful: { cmd: step('forgetful', 'echo 1 > one'), outs: ['one', 'two'] } });
    const failed = await rig.mlp('repro');
    expect(failed.code).toBe(1);
    expect(failed.out).toContain('the command ended well but did not make two');
    expect([rig.has('pipeline.lock'), rig.has('one')]).toEqual([false, false]);
    expect((await rig.repro()).ran).toEqual(['forgetful']);
  });

  test('a stage that is killed is reported with its signal', async ({ rig }) => {
    rig.pipeline({ victim: { cmd: step('victim', 'kill -9 $$'), outs: ['v'] } });
    const failed = await rig.repro();
    expect(failed).toMatchObject({ code: 1, actions: { victim: 'failed' } });
    expect(JSON.parse(failed.out)).toMatchObject({ stages: [{ signal: 'SIGKILL' }] });
    expect((await rig.mlp('repro')).out).toContain('killed by SIGKILL');
  });

  test('a stage that does not find a package says where to run npm install, until it is there', async ({ rig }) => {
    rig.write('package.json', JSON.stringify({ dependencies: { 'some-package': '1' } }));
    rig.write('stages/package.json', '{ "type": "module" }');
    rig.write('stages/a.js', "import 'some-package';\n");
    rig.pipeline({ a: { cmd: step('a', 'node stages/a.js && touch a'), outs: ['a'] } });
    const failed = await rig.mlp('repro');
    expect(failed.code).toBe(1);
    expect(failed.out).toContain(
      `next: the package some-package is not installed: run npm install in ${rig.root}, then mlp repro\n`,
    );
    rig.write('node_modules/some-package/index.js', '');
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['a'] });
  });

  test('55: retries begin without leftovers, and the attempts are told', async ({ rig }) => {
    const cmd = step('flaky', 'ls dir > seen.txt; echo x > dir/x; test -e ../again || { touch ../again; exit 1; }');
    rig.pipeline({ flaky: { cmd: `mkdir -p dir; ${cmd}`, retries: 2, outs: ['dir', 'seen.txt'] } });
    const { code, out } = await rig.mlp('repro');
    expect([code, rig.ran(), rig.read('seen.txt')]).toEqual([0, ['flaky', 'flaky'], '']);
    expect(out).toMatch(/flaky +ran .*attempt 2/);
  });

  test('55: timeout ends the whole process group, also a child that ignores SIGTERM', async ({ rig }) => {
    const stubborn = 'sh -c \'trap "" TERM; echo $$ > ../pid; sleep 60; echo late > ../late\' & wait';
    rig.pipeline({ slow: { cmd: step('slow', stubborn), timeout: 1, outs: ['never'] } });
    const { code, out } = await rig.mlp('repro');
    expect(code).toBe(1);
    expect(out).toContain('ended after its timeout of 1 s');
    expect(runs(Number(rig.read('../pid')))).toBe(false);
    expect(rig.has('../late')).toBe(false);
  });

  test('a stage that leaves a process behind does not keep mlp waiting', async ({ rig }) => {
    rig.pipeline({ parent: { cmd: step('parent', 'sleep 30 & echo $! > ../pid; echo 1 > p'), outs: ['p'] } });
    const startedAt = performance.now();
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['parent'] });
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    process.kill(Number(rig.read('../pid')), 'SIGKILL');
  });

  test('47: of stages that run side by side, one that fails lets the other finish, and starts none', async ({
    rig,
  }) => {
    rig.pipeline({
      bad: { cmd: step('bad', 'until test -e ../slow; do sleep 0.02; done; exit 3'), outs: ['x'] },
      slow: { cmd: step('slow', 'touch ../slow; sleep 0.5; echo 1 > s'), outs: ['s'] },
      next: { cmd: step('next', 'echo 1 > n'), outs: ['n'] },
    });
    const both = await rig.repro('-j', '2');
    expect(both).toMatchObject({ code: 1, actions: { bad: 'failed', slow: 'ran', next: 'not-run' } });
    expect([...both.ran].sort()).toEqual(['bad', 'slow']);
    expect(await rig.repro('-j', '1')).toMatchObject({ ran: ['bad'], actions: { bad: 'failed', next: 'not-run' } });
    expect(rig.read('s')).toBe('1\n');
  });
});

describe.concurrent('what a stage prints', () => {
  test('200 MB of it go whole into the log and not into memory', async ({ rig }) => {
    const megabytes = 200;
    rig.pipeline({
      loud: { cmd: step('loud', `head -c ${megabytes}M /dev/zero; echo; echo the end; exit 1`), outs: ['l'] },
    });
    const { child, ended } = rig.start('repro');
    let peak = 0;
    const look = setInterval(() => {
      peak = Math.max(peak, highWaterMark(child.pid ?? 0));
    }, 20);
    const { code, out } = await ended;
    clearInterval(look);
    expect(code).toBe(1);
    expect(out).toContain('the end');
    expect(out.length).toBeLessThan(100_000);
    const log = /log: (\S+)/.exec(out)?.[1] ?? '';
    expect(statSync(rig.path(log)).size).toBe(megabytes * 2 ** 20 + '\nthe end\n'.length);
    expect(peak).toBeGreaterThan(20 * 2 ** 20);
    expect(peak).toBeLessThan(200 * 2 ** 20);
  });

  test('51: each of several stages has its own log, whole, and the report has a fixed order', async ({ rig }) => {
    const lines = (name: string): string => `for i in 1 2 3 4 5 6 7 8 9; do echo ${name} $i; sleep 0.01; done`;
    rig.pipeline({
      late: { cmd: step('late', `sleep 0.3; ${lines('late')}; echo 1 > la`), outs: ['la'] },
      soon: { cmd: step('soon', `${lines('soon')}; echo 1 > so`), outs: ['so'] },
    });
    const { out, actions } = await rig.repro('-j', '2');
    expect(Object.keys(actions)).toEqual(['late', 'soon']);
    const { run } = JSON.parse(out) as { run: { name: string } };
    for (const name of ['late', 'soon']) {
      const expected = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `${name} ${i}\n`).join('');
      expect(rig.read(`.mlp/logs/${run.name}/${name}.log`)).toBe(expected);
    }
  });

  test('binary output and output without a last line end are shown harmlessly and logged as they are', async ({
    rig,
  }) => {
    rig.pipeline({ odd: { cmd: step('odd', "printf '\\033[31m\\000\\377\\rno end'; exit 1"), outs: ['o'] } });
    const { out } = await rig.mlp('repro');
    expect(out).toContain('no end');
    expect(out).not.toContain('\u001b');
    const log = readFileSync(rig.path(/log: (\S+)/.exec(out)?.[1] ?? ''));
    expect([...log]).toEqual([...Buffer.from('\u001b[31m\0'), 0xff, ...Buffer.from('\rno end')]);
  });
});

describe.concurrent('an interrupted run', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`54: ${signal} ends the stage and all it started, puts its outs back, exits 130, and the next run is right`, async ({
      rig,
    }) => {
      rig.write('in.txt', '1');
      const cmd = step(
        'long',
        'cp in.txt o; if grep -q 2 in.txt; then sh -c "echo \\$\\$ > ../pid; exec sleep 60"; fi',
      );
      rig.pipeline({ long: { cmd, deps: ['in.txt'], outs: ['o'] } });
      await rig.repro();
      rig.write('in.txt', '2');
      const { child, ended } = rig.start('repro');
      await until(() => rig.has('../pid') && rig.read('../pid') !== '');
      child.kill(signal);
      const { code, out, err } = await ended;
      expect(code).toBe(130);
      expect(out).toMatch(/long +ended .*the run was interrupted\n\n {2}ended: long · outputs as before\n$/);
      expect(lastLine(err)).toContain('mlp repro goes on where it stopped');
      expect(runs(Number(rig.read('../pid')))).toBe(false);
      expect(rig.read('o')).toBe('1');
      const list = JSON.parse((await rig.mlp('runs', 'list', '--json')).out) as { runs?: { status: string }[] };
      expect(JSON.stringify(list)).toMatch(/KILLED/);
      const shown = JSON.parse((await rig.mlp('runs', 'show', '@1', '--json')).out) as { stages: { action: string }[] };
      expect(shown.stages).toMatchObject([{ stage: 'long', action: 'ended' }]);
      rig.ran();
      rig.write('in.txt', '3');
      expect(await rig.repro()).toMatchObject({ code: 0, ran: ['long'] });
      expect(rig.read('o')).toBe('3');
    });
  }

  test('54: a stage gets the time to end by itself, and its exit 0 does not count as success', async ({ rig }) => {
    const cmd = step(
      'saver',
      `exec sh -c 'trap "sleep 0.5; echo saved > ../saved; exit 0" TERM; echo part > o; touch ../up; while :; do sleep 0.05; done'`,
    );
    rig.pipeline({ saver: { cmd, outs: ['o'] } });
    const { child, ended } = rig.start('repro', '--json');
    await until(() => rig.has('../up'));
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    expect([rig.has('../saved'), rig.has('o'), rig.has('pipeline.lock')]).toEqual([true, false, false]);
  });

  test('54: a second interrupt kills what does not end by itself, and its outs come back all the same', async ({
    rig,
  }) => {
    rig.write('in', '1');
    const stubborn = `cp in o; grep -q 2 in && { trap '' TERM; touch ../up; while :; do sleep 0.05; done; }; true`;
    rig.pipeline({ deaf: { cmd: step('deaf', stubborn), deps: ['in'], outs: ['o'] } });
    await rig.repro();
    rig.write('in', '2');
    const { child, ended } = rig.start('repro');
    await until(() => rig.has('../up'));
    child.kill('SIGINT');
    await sleep(300);
    const startedAt = performance.now();
    child.kill('SIGINT');
    const { code, err } = await ended;
    // Well below the five seconds that a stage gets after the first.
    expect(performance.now() - startedAt).toBeLessThan(3500);
    expect([code, rig.read('o'), rig.has('.mlp/tmp/outs')]).toEqual([130, '1', false]);
    expect(err).toContain('once more kills them');
  });

  test('54: an interrupt while files are looked at ends mlp at once', async ({ rig }) => {
    rig.write('big', '');
    truncateSync(rig.path('big'), 32 * 2 ** 30);
    rig.pipeline({ reads: { cmd: step('reads', 'echo 1 > o'), deps: ['big'], outs: ['o'] } });
    const { child, ended } = rig.start('repro');
    await until(() => hasOpen(child.pid ?? 0, rig.path('big')));
    const startedAt = performance.now();
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect([code, rig.ran()]).toEqual([130, []]);
    expect(lastLine(err)).toContain('mlp repro goes on where it stopped');
  });
});

/** Whether a process reads a file right now. */
function hasOpen(pid: number, file: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === file);
  } catch {
    // A descriptor that was closed meanwhile.
    return false;
  }
}

function highWaterMark(pid: number): number {
  try {
    return 1024 * Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
