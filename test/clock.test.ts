import { spawnSync } from 'node:child_process';
import { statSync, utimesSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { step, test, type Rig } from './rig.ts';

const rounds = 12;
const copied = { s: { cmd: step('s', 'cat in.txt > o'), deps: ['in.txt'], outs: ['o'] } };

/** Writes texts of one size, one after the other, each as soon as the run before has ended; every one must be found. */
async function expectAllFound(rig: Rig, afterWrite: (path: string, round: number) => void): Promise<void> {
  rig.pipeline(copied);
  for (let round = 0; round < rounds; round++) {
    const text = String(1000 + round);
    rig.write('in.txt', text);
    afterWrite(rig.path('in.txt'), round);
    expect([round, await rig.repro()]).toEqual([round, expect.objectContaining({ code: 0, ran: ['s'] })]);
    expect(rig.read('o')).toBe(text);
  }
  expect((await rig.repro()).ran).toEqual([]);
}

describe.concurrent('times that say nothing', () => {
  test('28: text of the same size, written as soon as a run has ended, is found every time', async ({ rig }) => {
    await expectAllFound(rig, () => undefined);
  });

  test('28: a file whose size and mtime were put back to the old ones is found by its ctime', async ({ rig }) => {
    rig.write('in.txt', 'old!');
    const { atime, mtime } = statSync(rig.path('in.txt'));
    await expectAllFound(rig, (path) => {
      utimesSync(path, atime, mtime);
    });
  });

  test('28: mtimes of whole seconds, as network file systems keep them, hide no change', async ({ rig }) => {
    const second = Math.floor(Date.now() / 1000);
    await expectAllFound(rig, (path) => {
      utimesSync(path, second, second);
    });
  });

  test('28: mtimes in the future, and ones that go back from round to round, hide no change', async ({ rig }) => {
    const start = Math.floor(Date.now() / 1000) + 86_400;
    await expectAllFound(rig, (path, round) => {
      utimesSync(path, start - round * 43_200, start - round * 43_200);
    });
  });

  test('28: an out of the same size and mtime, changed by hand at once, is put back', async ({ rig }) => {
    rig.write('in.txt', 'good');
    rig.pipeline(copied);
    await rig.repro();
    for (let round = 0; round < rounds; round++) {
      const { atime, mtime } = statSync(rig.path('o'));
      rig.remove('o');
      rig.write('o', String(1000 + round));
      utimesSync(rig.path('o'), atime, mtime);
      expect([round, (await rig.repro()).actions]).toEqual([round, { s: 'checked-out' }]);
      expect(rig.read('o')).toBe('good');
    }
  });
});

const canFake = spawnSync('faketime', ['-f', '-1d', 'true']).status === 0;
if (!canFake) process.stderr.write('no tests with a clock that is set back: faketime is not there\n');

describe.runIf(canFake)('a clock that is set back between runs', { concurrent: true }, () => {
  const atTime = async (rig: Rig, shift: string, ...words: string[]) => {
    rig.ran();
    const ended = await rig.startBelow(['faketime', '-f', shift], ...words).ended;
    return { ...ended, ran: rig.ran() };
  };

  test('neither hides a change nor makes anything run again, and runs stay in the order in which they were made', async ({
    rig,
  }) => {
    rig.pipeline(copied);
    rig.write('in.txt', '1');
    expect((await rig.repro()).ran).toEqual(['s']);
    for (const [round, shift] of ['-2d', '-9d', '+0d', '-400d'].entries()) {
      expect([shift, await atTime(rig, shift, 'repro')]).toEqual([
        shift,
        expect.objectContaining({ code: 0, ran: [], out: expect.stringContaining('1 stage up to date') as string }),
      ]);
      // Of the same size, and with the same mtime as the text before.
      const { atime, mtime } = statSync(rig.path('in.txt'));
      rig.write('in.txt', String(round + 2));
      utimesSync(rig.path('in.txt'), atime, mtime);
      expect([shift, await atTime(rig, shift, 'repro')]).toEqual([
        shift,
        expect.objectContaining({ code: 0, ran: ['s'] }),
      ]);
      expect(rig.read('o')).toBe(String(round + 2));
      expect((await atTime(rig, shift, 'repro')).ran).toEqual([]);
    }
    expect((await rig.repro()).ran).toEqual([]);
    const listed = JSON.parse((await rig.mlp('runs', 'list', '--json')).out) as { runs: { name: string }[] };
    expect(listed.runs.map(({ name }) => name.replace(/.*-/, ''))).toEqual(['5', '4', '3', '2', '1']);
    expect((await atTime(rig, '-800d', 'runs', 'show', '@1')).out).toMatch(/\w+-\w+-5\b/);
    const log = await atTime(rig, '-800d', 'runs', 'log');
    expect([log.code, log.out + log.err]).toEqual([0, expect.not.stringMatching(/NaN|-\d+(\.\d+)?s|Invalid/)]);
    expect((await atTime(rig, '-800d', 'doctor')).code).toBe(0);
  });
});
