import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { seededRandom } from '../../src/core/random.ts';
import { findings } from '../kill-points.ts';
import { step, test, type Rig } from '../rig.ts';

/** in.txt -> a -> b -> c, a -> d -> e, in.txt -> f: directories, files, outs that are not cached, and a stage with several commands. */
const stages = {
  a: {
    cmd: [step('a', 'mkdir -p a && cp in.txt a/1'), 'sleep 0.02', 'tr 0-9 a-j < in.txt > a/2'],
    deps: ['in.txt'],
    outs: ['a'],
  },
  b: { cmd: step('b', 'cat a/1 a/2 > b.txt; sleep 0.03; echo b >> b.txt'), deps: ['a'], outs: ['b.txt'] },
  c: {
    cmd: step('c', 'sort b.txt > c.txt; cp b.txt c2.txt'),
    deps: ['b.txt'],
    outs: ['c.txt', { 'c2.txt': { cache: false } }],
  },
  d: { cmd: step('d', 'mkdir -p d/x; for i in 1 2 3; do cat a/2 > d/x/$i; done'), deps: ['a/2'], outs: ['d'] },
  e: { cmd: step('e', 'cat d/x/* > e.txt'), deps: ['d'], metrics: ['e.txt'] },
  f: { cmd: step('f', 'wc -c < in.txt | tr -d " " > f.txt'), deps: ['in.txt'], outs: ['f.txt'] },
};

/** What the outs must hold, worked out here from the input alone. */
function expected(input: string): Record<string, string> {
  const letters = input.replace(/\d/g, (digit) => String.fromCharCode(97 + Number(digit)));
  const b = `${input}${letters}b\n`;
  const lines = b.trimEnd().split('\n').sort();
  return {
    'a/1': input,
    'a/2': letters,
    'b.txt': b,
    'c.txt': `${lines.join('\n')}\n`,
    'c2.txt': b,
    'd/x/1': letters,
    'd/x/2': letters,
    'd/x/3': letters,
    'e.txt': letters.repeat(3),
    'f.txt': `${String(input.length)}\n`,
  };
}

const outsOf = (rig: Rig): Record<string, string> => {
  const files = Object.entries(rig.tree()).filter(([path]) => !/^\.mlp\/|^in\.txt$|^pipeline\./.test(path));
  return Object.fromEntries(files);
};

const shares = 4;
const killsEach = 50;

describe.concurrent('kill -9 at random moments of a run of 6 stages', () => {
  for (let share = 0; share < shares; share++) {
    test(
      `53: ${String(killsEach)} times (${String(share + 1)} of ${String(shares)}), the next run ends with the bytes of an undisturbed one, and doctor finds nothing`,
      { timeout: 900_000 },
      async ({ rig }) => {
        const random = seededRandom(530 + share);
        rig.env['LC_ALL'] = 'C';
        rig.write('in.txt', '0\n');
        rig.pipeline(stages);
        let usual = 0;
        const counts = { killed: 0, restored: 0 };
        for (let round = 0; round <= killsEach; round++) {
          // Now and then an input of before, whose results are known.
          const number = random() < 0.2 ? Math.floor(random() * round) : round;
          const input = `${String(number)} of ${String(share)}\n`;
          rig.write('in.txt', input);
          const startedAt = performance.now();
          const { child, ended } = rig.start('repro', '-j', '2');
          if (round > 0) {
            // Start-up writes nothing, so few kills are spent on it.
            await Promise.race([sleep(usual * (0.1 + 0.95 * random())), ended]);
            child.kill('SIGKILL');
          }
          const { signal } = await ended;
          if (signal === 'SIGKILL') counts.killed++;
          else usual = performance.now() - startedAt;
          const about = `round ${String(round)}`;
          const again = await rig.repro();
          expect([about, again.code === 0 ? '' : again.err]).toEqual([about, '']);
          if (Object.values(again.actions).includes('restored')) counts.restored++;
          expect([about, outsOf(rig)]).toEqual([about, expected(input)]);
          expect([about, await findings(rig)]).toEqual([about, []]);
        }
        process.stdout.write(`${JSON.stringify(counts)} of ${String(killsEach)}\n`);
        expect(counts.killed).toBeGreaterThan(killsEach / 2);
        expect((await rig.repro()).ran).toEqual([]);
      },
    );
  }
});
