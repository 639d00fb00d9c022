import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { chain, runs, step, test, until } from './rig.ts';
import { watchIn } from './watching.ts';

describe.concurrent('--watch', () => {
  test('runs again after a change, only what reads it, and ends with 0 at Ctrl-C while it waits', async ({ rig }) => {
    rig.pipeline(chain);
    rig.write('in.txt', '1\n');
    rig.write('other.txt', '1\n');
    const watching = watchIn(rig);
    await watching.idle(1);
    expect(rig.ran().sort()).toEqual(['a', 'b', 'c']);
    expect(watching.out()).toContain('watching 3 files; Ctrl-C ends');
    rig.write('other.txt', '2\n');
    await watching.idle(2);
    expect(rig.ran()).toEqual(['c']);
    expect(watching.out()).toContain('other.txt changed');
    // The workspace is free while it waits.
    expect((await rig.mlp('repro', '--force', 'a')).code).toBe(0);
    // It may look once more at what the other one wrote, and who interrupts that gets 130.
    await sleep(3000);
    expect((await watching.stop()).code).toBe(0);
  });

  test('does not run again on what its stages write, also not stages that always run', async ({ rig }) => {
    rig.write('in/1', '1');
    rig.pipeline({
      a: {
        cmd: step('a', 'mkdir -p o; date > o/now; cat in/* > o/copy'),
        deps: ['in'],
        outs: ['o'],
        always_changed: true,
      },
      b: { cmd: step('b', 'cat o/copy > log.txt'), deps: ['o'], outs: ['log.txt'] },
      c: { cmd: step('c', 'true') },
    });
    const watching = watchIn(rig);
    await watching.idle(1);
    expect(rig.ran().sort()).toEqual(['a', 'b', 'c']);
    // Nothing to wait for: that it stays quiet shows only in time.
    await sleep(5000);
    expect([rig.ran(), watching.err()]).toEqual([[], '']);
    await watching.stop();
  });

  // A machine that stops in the middle of a burst for long makes two of it.
  test('takes 500 writes for one change', { retry: 2 }, async ({ rig }) => {
    rig.pipeline({ a: { cmd: step('a', 'ls data | wc -l > o'), deps: ['data'], outs: ['o'] } });
    rig.write('data/0', '');
    const watching = watchIn(rig);
    await watching.idle(1);
    rig.ran();
    for (let file = 1; file <= 500; file++) rig.write(`data/${file}`, String(file));
    await watching.idle(2);
    expect([rig.read('o').trim(), rig.ran()]).toEqual(['501', ['a']]);
    await watching.stop();
  });

  test('waits for a file that is copied slowly', { retry: 2 }, async ({ rig }) => {
    rig.pipeline({ a: { cmd: step('a', 'cp in.txt o'), deps: ['in.txt'], outs: ['o'] } });
    rig.write('in.txt', '');
    const watching = watchIn(rig);
    await watching.idle(1);
    rig.ran();
    for (let part = 0; part < 12; part++) {
      appendFileSync(rig.path('in.txt'), `${part}\n`);
      await sleep(part < 4 ? 60 : 250);
    }
    await until(() => rig.has('o') && rig.read('o').endsWith('11\n'));
    await watching.idle(2);
    expect(rig.ran()).toEqual(['a']);
    await watching.stop();
  });

  test('ends a stage whose input changes in mid-run, once, and begins again with the new one', async ({ rig }) => {
    const wait = 'if grep -q wait in.txt; then sh -c "echo \\$\\$ > ../pid; exec sleep 60"; fi';
    rig.pipeline({
      first: { cmd: step('first', 'cp other.txt first.txt'), deps: ['other.txt'], outs: ['first.txt'] },
      long: { cmd: step('long', `cp in.txt o; ${wait}`), deps: ['in.txt', 'first.txt'], outs: ['o'] },
    });
    rig.write('other.txt', '1');
    rig.write('in.txt', 'old');
    await rig.repro();
    rig.write('in.txt', 'wait');
    const watching = watchIn(rig);
    await until(() => rig.has('../pid') && rig.read('../pid') !== '');
    rig.write('in.txt', 'new');
    await watching.idle(1);
    expect(rig.ran()).toEqual(['long', 'long']);
    expect([rig.read('o'), runs(Number(rig.read('../pid')))]).toEqual(['new', false]);
    expect(watching.out()).toContain('warning: in.txt changed: ending the running stages to begin again\n');
    expect(watching.err()).toBe('');
    await watching.stop();
  });

  test('lets a run end when what changed has been read already, and then runs again', async ({ rig }) => {
    rig.pipeline({
      done: { cmd: step('done', 'cp in.txt done.txt'), deps: ['in.txt'], outs: ['done.txt'] },
      long: {
        cmd: step('long', 'while [ ! -e ../go ]; do sleep 0.05; done; echo 1 > o'),
        deps: ['done.txt'],
        outs: ['o'],
      },
    });
    rig.write('in.txt', '1');
    const watching = watchIn(rig);
    await rig.untilRan('long');
    rig.write('in.txt', '2');
    // Long enough for the change to be noticed, and the stage to be ended if that were what follows.
    await sleep(1500);
    writeFileSync(rig.path('../go'), '');
    await watching.idle(1);
    expect(rig.ran()).toEqual(['done', 'long', 'done', 'long']);
    expect(watching.out()).not.toContain('ended');
    await watching.stop();
  });

  test('survives a pipeline file that is broken or gone for a moment, and a stage that fails', async ({ rig }) => {
    rig.pipeline({
      a: { cmd: step('a', 'if grep -q bad in.txt; then exit 3; fi; cp in.txt o'), deps: ['in.txt'], outs: ['o'] },
    });
    const good = rig.read('pipeline.yaml');
    rig.write('in.txt', '1');
    const watching = watchIn(rig);
    await watching.idle(1);
    rig.write('pipeline.yaml', 'stages: [');
    await watching.idle(2);
    expect(watching.err()).toContain('pipeline.yaml:1:');
    rig.remove('pipeline.yaml');
    await watching.idle(3);
    rig.write('pipeline.yaml', good.replace('exit 3', 'exit 4'));
    await watching.idle(4);
    expect(rig.ran()).toEqual(['a', 'a']);
    rig.write('in.txt', 'bad');
    await watching.idle(5);
    expect(watching.out()).toMatch(/a +failed .*exit 4/);
    rig.remove('in.txt');
    await watching.idle(6);
    expect(watching.err()).toContain('dep in.txt does not exist');
    rig.write('in.txt', '2');
    await watching.idle(7);
    expect(rig.read('o')).toBe('2');
    expect((await watching.stop()).code).toBe(0);
  });

  test('sees new, renamed and replaced files of a folder, and a folder that goes and comes back', async ({ rig }) => {
    rig.pipeline({ a: { cmd: 'cat data/deep/* > o', deps: ['data'], outs: ['o'] } });
    rig.write('data/deep/1', '1');
    const watching = watchIn(rig);
    await watching.idle(1);
    rig.write('data/deep/2', '2');
    await watching.idle(2);
    expect(rig.read('o')).toBe('12');
    // As editors save: a new file takes the name.
    rig.write('data/.tmp', '3');
    renameSync(rig.path('data/.tmp'), rig.path('data/deep/2'));
    await watching.idle(3);
    expect(rig.read('o')).toBe('13');
    renameSync(rig.path('data'), rig.path('aside'));
    await watching.idle(4);
    mkdirSync(rig.path('data/deep'), { recursive: true });
    rig.write('data/deep/9', '9');
    await watching.idle(5);
    expect(rig.read('o')).toBe('9');
    rig.write('data/deep/8', '8');
    await watching.idle(6);
    expect(rig.read('o')).toBe('89');
    await watching.stop();
  });

  test('makes an out good that somebody changes', async ({ rig }) => {
    rig.pipeline({ a: { cmd: step('a', 'cp in.txt o'), deps: ['in.txt'], outs: ['o'] } });
    rig.write('in.txt', '1');
    const watching = watchIn(rig);
    await watching.idle(1);
    rig.remove('o');
    rig.write('o', 'edited');
    await watching.idle(2);
    expect([rig.read('o'), rig.ran()]).toEqual(['1', ['a']]);
    await watching.stop();
  });

  test('follows a pipeline that names other files, and targets alone when there are some', async ({ rig }) => {
    rig.write('in.txt', '1');
    rig.write('other.txt', '1');
    rig.pipeline(chain);
    const watching = watchIn(rig, 'a');
    await watching.idle(1);
    rig.ran();
    rig.write('other.txt', '2');
    rig.write('next.txt', '5\n');
    rig.pipeline({ ...chain, a: { ...chain.a, cmd: step('a', 'cp next.txt a.txt'), deps: ['next.txt'] } });
    await watching.idle(2);
    expect(rig.ran()).toEqual(['a']);
    rig.write('next.txt', '6\n');
    await watching.idle(3);
    expect([rig.ran(), rig.read('a.txt')]).toEqual([['a'], '6\n']);
    await watching.stop();
  });

  test('sets what -S says once, and prints a line of JSON a round', async ({ rig }) => {
    rig.write('params.yaml', 'k: 1\n');
    rig.pipeline({ a: { cmd: step('a', 'cp params.yaml o'), params: ['k'], outs: ['o'] } });
    const watching = watchIn(rig, '--json', '-S', 'k=2');
    await watching.idle(1);
    expect(rig.read('o')).toBe('k: 2\n');
    rig.write('params.yaml', 'k: 3\n');
    await watching.idle(2);
    rig.write('params.yaml', 'k: [');
    await watching.idle(3);
    const { out, code } = await watching.stop();
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { status: string; problems?: { reason: string }[] });
    expect(lines.map(({ status }) => status)).toEqual(['FINISHED', 'FINISHED', 'FAILED']);
    expect([lines[2]?.problems?.[0]?.reason, rig.read('o'), code]).toEqual(['malformed-file', 'k: 3\n', 0]);
  });

  test('Ctrl-C while stages run ends them and exits 130', async ({ rig }) => {
    rig.pipeline({ long: { cmd: 'sh -c "echo \\$\\$ > ../pid; exec sleep 60"', outs: ['o'] } });
    const watching = watchIn(rig);
    await until(() => rig.has('../pid') && rig.read('../pid') !== '');
    const { code, err } = await watching.stop();
    expect([code, runs(Number(rig.read('../pid')))]).toEqual([130, false]);
    expect(err).toContain('SIGINT: ending the running stages');
  });

  test('a stage that writes what it reads does not run for ever', async ({ rig }) => {
    rig.write('in.txt', '1');
    rig.pipeline({ a: { cmd: step('a', 'echo 1 >> in.txt; echo 1 > o'), deps: ['in.txt'], outs: ['o'] } });
    const watching = watchIn(rig);
    await watching.idle(1);
    expect(watching.out()).toContain('in.txt changed in each of the last rounds');
    const before = rig.ran().length;
    expect(before).toBeGreaterThan(1);
    expect(before).toBeLessThan(8);
    await watching.stop();
  });
});
