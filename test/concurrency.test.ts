import { hostname } from 'node:os';
import { describe, expect } from 'vitest';
import { runs, step, test, until, type Rig } from './rig.ts';

const held = (name: string): string => step(name, `until test -e ../go; do sleep 0.02; done; echo ${name} > ${name}`);

/** long -> below, and other beside them; long runs until `../go` is there. */
function project(rig: Rig): void {
  rig.pipeline({
    long: { cmd: held('long'), outs: ['long'] },
    below: { cmd: step('below', 'cp long below'), deps: ['long'], outs: ['below'] },
    other: { cmd: step('other', 'echo 1 > other'), outs: ['other'] },
  });
}

const saysOf = (running: ReturnType<Rig['start']>): (() => string) => {
  let text = '';
  running.child.stderr?.on('data', (chunk: string) => (text += chunk));
  return () => text;
};

/** One mlp at work on `long`, and a second one that waits for it. */
async function oneWaiting(rig: Rig, ...words: string[]): Promise<Record<'first' | 'second', ReturnType<Rig['start']>>> {
  project(rig);
  const first = rig.start('repro', 'long');
  await rig.untilRan('long');
  const second = rig.start('repro', ...words);
  const says = saysOf(second);
  await until(() => says().includes('waiting for another mlp'));
  return { first, second };
}

describe.concurrent('two mlp at once', () => {
  test('52: a second one on other stages waits, says for whom, and then runs; all entries are there at the end', async ({
    rig,
  }) => {
    project(rig);
    const first = rig.start('repro', 'long');
    await rig.untilRan('long');
    const second = rig.start('repro', 'other', '--json');
    const says = saysOf(second);
    await until(() => says().endsWith('\n'));
    const holder = `mlp repro long (process ${first.child.pid} on ${hostname()})`;
    expect(says()).toBe(`waiting for another mlp in this folder: ${holder}; Ctrl-C to give up\n`);
    expect(await rig.status()).toMatchObject({ long: { action: 'run' }, other: { action: 'run' } });
    expect(rig.has('other')).toBe(false);
    rig.write('../go', '');
    expect((await first.ended).code).toBe(0);
    const ended = await second.ended;
    expect([ended.code, rig.ran()]).toEqual([0, ['long', 'other']]);
    expect(JSON.parse(ended.out)).toMatchObject({ status: 'FINISHED' });
    expect(rig.read('pipeline.lock')).toMatch(/^ {2}long:[^]*^ {2}other:/m);
    expect((await rig.repro()).ran).toEqual(['below']);
  });

  test('52: a second one on the same stages, or on stages below, is told at once who works there', async ({ rig }) => {
    project(rig);
    const first = rig.start('repro', 'long');
    await rig.untilRan('long');
    for (const words of [['long'], ['below'], ['other', 'below'], []]) {
      const second = await rig.mlp('repro', ...words);
      expect([words, second.code]).toEqual([words, 5]);
      expect(second.err).toContain(`another mlp works in this folder: mlp repro long (process ${first.child.pid} on `);
      expect(second.err).toContain('wait for it (mlp repro --wait), or end it; its work so far is kept');
    }
    expect((await rig.mlp('repro', 'nothing')).code).toBe(2);
    rig.write('../go', '');
    expect((await first.ended).code).toBe(0);
    expect(rig.ran()).toEqual(['long']);
  });

  test('52: --wait waits for one on the same stages, and finds its work done', async ({ rig }) => {
    const { first, second } = await oneWaiting(rig, '--wait');
    rig.write('../go', '');
    expect([(await first.ended).code, (await second.ended).code]).toEqual([0, 0]);
    expect(rig.ran().sort()).toEqual(['below', 'long', 'other']);
  });

  test('52: Ctrl-C ends the waiting with exit 130, and the one that works goes on', async ({ rig }) => {
    const { first, second } = await oneWaiting(rig, 'other');
    second.child.kill('SIGINT');
    const ended = await second.ended;
    expect(ended.code).toBe(130);
    expect(ended.err).toContain('interrupted while waiting for mlp repro long (process ');
    expect(runs(first.child.pid ?? 0)).toBe(true);
    rig.write('../go', '');
    expect((await first.ended).code).toBe(0);
    expect(rig.ran()).toEqual(['long']);
  });

  test('52: one that waits goes on when the other is killed', async ({ rig }) => {
    const { first, second } = await oneWaiting(rig, 'other');
    first.child.kill('SIGKILL');
    expect((await second.ended).code).toBe(0);
    expect(rig.has('other')).toBe(true);
    rig.write('../go', '');
    rig.ran();
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['long', 'below'] });
  });
});
