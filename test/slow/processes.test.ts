import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { seededRandom } from '../../src/core/random.ts';
import { findings } from '../kill-points.ts';
import { step, test, type Ended, type Rig } from '../rig.ts';

/** Four chains of two stages, and one stage below all of them. */
const chains = ['a', 'b', 'c', 'd'];
function pipeline(rig: Rig): void {
  const pairs = chains.flatMap((name) => [
    [name, { cmd: step(name, `cp ${name}.in ${name}.out; sleep 0.05`), deps: [`${name}.in`], outs: [`${name}.out`] }],
    [
      `${name}2`,
      {
        cmd: step(
          `${name}2`,
          `mkdir -p ${name}2; cp ${name}.out ${name}2/x; sleep 0.02; cat ${name}.out ${name}.out > ${name}2/y`,
        ),
        deps: [`${name}.out`],
        outs: [`${name}2`],
      },
    ],
  ]);
  const all = { cmd: step('all', 'cat ?2/y > all.txt'), deps: chains.map((name) => `${name}2`), outs: ['all.txt'] };
  rig.pipeline({ ...(Object.fromEntries(pairs) as Record<string, object>), all });
}

const inputs = (rig: Rig, round: number): string[] =>
  chains.map((name) => {
    const text = `${name} ${String(round)}\n`;
    rig.write(`${name}.in`, text);
    return text;
  });

/** What a writer may end with when others are at work: done, told of the other, or killed. */
const isFine = ({ code, signal }: Ended): boolean => code === 0 || code === 5 || signal === 'SIGKILL';

const rounds = 50;

describe('52: two to eight processes on one workspace', () => {
  test(
    `52: in ${String(rounds)} rounds with random targets and kills, no result, entry or byte is lost`,
    { timeout: 900_000 },
    async ({ rig }) => {
      pipeline(rig);
      const random = seededRandom(52);
      const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
      const counts = { started: 0, done: 0, busy: 0, waited: 0, killed: 0, readers: 0 };
      for (let round = 1; round <= rounds; round++) {
        const texts = inputs(rig, round);
        const writers = Array.from({ length: 2 + (round % 7) }, async () => {
          counts.started++;
          const words = pick([['a2'], ['b2'], ['c'], ['d2'], ['a', 'c2'], ['all'], [], ['b', '--wait'], ['--wait']]);
          const kill = random() < 0.25 ? 100 + 500 * random() : undefined;
          const { child, ended } = rig.start('repro', ...words);
          if (kill !== undefined) void sleep(kill).then(() => child.kill('SIGKILL'));
          const end = await ended;
          if (end.code === 0) counts.done++;
          if (end.code === 5) counts.busy++;
          if (end.signal === 'SIGKILL') counts.killed++;
          if (end.err.includes('waiting for another mlp')) counts.waited++;
          expect([round, words, isFine(end) ? '' : `${String(end.code)} ${end.out} ${end.err}`]).toEqual([
            round,
            words,
            '',
          ]);
        });
        const reader = sleep(200 * random()).then(async () => {
          const { code, err } = await rig.mlp('status');
          counts.readers++;
          expect([round, code, err]).toEqual([round, 0, '']);
        });
        await Promise.all([...writers, reader]);
        const last = await rig.repro();
        expect([round, last.code === 0 ? '' : last.err]).toEqual([round, '']);
        expect(rig.read('all.txt')).toBe(texts.map((text) => text + text).join(''));
        const stages = [...rig.read('pipeline.lock').matchAll(/^ {2}(\w+):$/gm)].map(([, name]) => name);
        expect(stages).toEqual([...chains.flatMap((name) => [name, `${name}2`]), 'all'].sort());
        expect([round, await findings(rig)]).toEqual([round, []]);
      }
      process.stdout.write(`${JSON.stringify(counts)}\n`);
      expect(Math.min(counts.done, counts.busy, counts.waited, counts.killed)).toBeGreaterThan(5);
      expect((await rig.repro()).ran).toEqual([]);
    },
  );
});
