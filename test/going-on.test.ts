import { describe, expect } from 'vitest';
import { step, test, type Rig } from './rig.ts';

/** bad fails when in says so; after and last need it, apart and beside do not. */
function project(rig: Rig): void {
  rig.write('in', 'good\n');
  rig.write('p', '1\n');
  rig.pipeline({
    bad: { cmd: step('bad', 'echo half > bad.txt; grep -q good in && cp in bad.txt'), deps: ['in'], outs: ['bad.txt'] },
    after: { cmd: step('after', 'cat bad.txt p > after.txt'), deps: ['bad.txt', 'p'], outs: ['after.txt'] },
    last: { cmd: step('last', 'cp after.txt last.txt'), deps: ['after.txt'], outs: ['last.txt'] },
    apart: { cmd: step('apart', 'cp p apart.txt'), deps: ['p'], outs: ['apart.txt'] },
    beside: { cmd: step('beside', 'cp apart.txt beside.txt'), deps: ['apart.txt'], outs: ['beside.txt'] },
  });
}

describe.concurrent('after a failure', () => {
  test('48: --keep-going runs other branches, skips and names what needs the failed stage, and exits 1', async ({
    rig,
  }) => {
    project(rig);
    rig.write('in', 'wrong\n');
    const stopped = await rig.repro('-j', '1');
    expect(stopped).toMatchObject({ code: 1, ran: ['bad'], actions: { apart: 'not-run' } });
    const kept = await rig.repro('-j', '1', '--keep-going');
    expect(kept).toMatchObject({ code: 1, ran: ['bad', 'apart', 'beside'] });
    expect(kept.actions).toMatchObject({ bad: 'failed', after: 'not-run', last: 'not-run', beside: 'ran' });
    const told = await rig.mlp('repro', '-k');
    expect(told.out).toContain('not run: after (needs bad) · outputs as before');
    expect(told.out).toContain('not run: last (needs after) · outputs as before');
    rig.ran();
    rig.write('in', 'good\n');
    expect((await rig.repro()).ran).toEqual(['bad', 'after', 'last']);
  });

  test('49: --ignore-errors runs what needs the failed stage with its last good outs, and exits 1 all the same', async ({
    rig,
  }) => {
    project(rig);
    await rig.repro();
    rig.write('in', 'wrong\n');
    rig.write('p', '2\n');
    const ignored = await rig.repro('-j', '1', '--ignore-errors');
    expect(ignored).toMatchObject({ code: 1, ran: ['bad', 'after', 'last', 'apart', 'beside'] });
    expect(rig.read('last.txt')).toBe('good\n2\n');
    expect(await rig.status()).toMatchObject({ bad: { action: 'run' }, apart: { action: 'skip' } });
    rig.write('in', 'good\n');
    // What ran meanwhile did so with the very bytes that the failed stage's evidence is of.
    expect((await rig.repro()).ran).toEqual([]);
  });

  test('49: what needs a stage that never had a good result fails too, naming it, and the rest runs', async ({
    rig,
  }) => {
    project(rig);
    rig.write('in', 'wrong\n');
    const ignored = await rig.repro('-j', '1', '--ignore-errors');
    expect(ignored).toMatchObject({ code: 1, ran: ['bad', 'apart', 'beside'] });
    expect(ignored.actions).toMatchObject({ after: 'failed', last: 'failed' });
    expect(ignored.out).toContain('dep bad.txt is not there: stage bad, which makes it, failed');
  });

  test('47: --fail-fast ends the stages that run, as politely as Ctrl-C does, and says because of which', async ({
    rig,
  }) => {
    rig.write('in', '1');
    const slow = 'cp in s; if grep -q 2 in; then trap "echo > ../asked; exit 0" TERM; touch ../up; sleep 60 & wait; fi';
    rig.pipeline({
      bad: { cmd: step('bad', 'grep -q 1 in || { until test -e ../up; do sleep 0.02; done; exit 3; }'), deps: ['in'] },
      slow: { cmd: step('slow', slow), deps: ['in'], outs: ['s'] },
      next: { cmd: step('next', 'cp s n'), deps: ['s'], outs: ['n'] },
    });
    await rig.repro('-j', '2');
    rig.write('in', '2');
    const { code, out, err } = await rig.mlp('repro', '-j', '2', '--fail-fast');
    expect([code, err]).toEqual([1, '']);
    expect(out).toMatch(/bad +failed .*exit 3\n/);
    expect(out).toMatch(/slow +ended .*bad failed\n/);
    expect(out).toContain('ended: slow · outputs as before\n  not run: next (needs slow)');
    expect([rig.has('../asked'), rig.read('s')]).toEqual([true, '1']);
  });

  test('47: what is up to date is told as that, whatever failed before it was come to', async ({ rig }) => {
    project(rig);
    await rig.repro();
    rig.write('in', 'wrong\n');
    const failed = await rig.repro('-j', '1');
    expect(failed.actions).toEqual({
      bad: 'failed',
      after: 'not-run',
      last: 'not-run',
      apart: 'unchanged',
      beside: 'unchanged',
    });
    expect((await rig.mlp('repro', '-j', '1')).out).not.toMatch(/not run:.*apart/);
  });
});

describe.concurrent('what a failed stage added to', () => {
  test('50: a persist out is again what the last good run left, so that nothing is added twice', async ({ rig }) => {
    rig.write('in', 'one\n');
    const cmd = 'cat in >> log/all; cat in >> first; grep -q bad in && exit 4; true';
    rig.pipeline({
      add: {
        cmd: step('add', `mkdir -p log; ${cmd}`),
        deps: ['in'],
        outs: [{ 'log/': { persist: true } }, { first: { persist: true } }],
      },
    });
    await rig.repro();
    rig.write('in', 'bad\n');
    for (const attempt of [1, 2]) {
      expect([attempt, (await rig.repro()).code]).toEqual([attempt, 1]);
      expect([rig.tree('log'), rig.read('first')]).toEqual([{ all: 'one\n' }, 'one\n']);
    }
    rig.write('in', 'two\n');
    expect((await rig.repro()).code).toBe(0);
    expect([rig.tree('log'), rig.read('first')]).toEqual([{ all: 'one\ntwo\n' }, 'one\ntwo\n']);
    expect((await rig.repro()).ran).toEqual([]);
  });
});

describe.concurrent('--no-commit', () => {
  test('63: it hashes and locks without filling the cache, and is up to date afterwards', async ({ rig }) => {
    project(rig);
    expect((await rig.repro('--no-commit', 'beside')).ran).toEqual(['apart', 'beside']);
    expect(rig.has('.mlp/cache/sha256')).toBe(false);
    expect(rig.has('.mlp/cache/runs')).toBe(false);
    expect(rig.read('pipeline.lock')).toContain('beside.txt');
    expect(await rig.repro('--no-commit', 'beside')).toMatchObject({ ran: [], code: 0 });
    expect(await rig.status('beside')).toMatchObject({ apart: { action: 'skip' }, beside: { action: 'skip' } });
    expect(rig.has('.mlp/cache/sha256')).toBe(false);
  });
});
