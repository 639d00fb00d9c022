import { describe, expect } from 'vitest';
import { canTrace, type KillPoint } from './kill-points.ts';
import { killsOfRun } from './kill-project.ts';
import { test } from './rig.ts';

if (!canTrace) process.stderr.write('no kills at single system calls: strace is not there, or may not trace\n');

/** How often to try: in another run, a call may be the how-many-th of its name in another step. */
const mostTries = 5;

/**
 * Points of a step, from its end on (there, all of the step but one call is done), and its first. Those of calls that only read are left
 * out: how many there were before depends on the time that the command took.
 */
function pointsOf(all: readonly KillPoint[], step: string): readonly KillPoint[] {
  const points = all.filter((point) => point.step.startsWith(step) && !/^statx|O_RDONLY/.test(point.text));
  return [...points.slice(0, 1), ...points.slice(1).reverse()].slice(0, mostTries);
}

describe.runIf(canTrace)('kill -9 of mlp before single system calls', { concurrent: true }, () => {
  // Steps 3 and 5 only read: what a kill in them leaves is what one before the first call of steps 4 and 6 leaves.
  for (const [half, steps] of [
    ['1', '2', '4'],
    ['6', '7', '8'],
  ].entries()) {
    test(`53: in each step of the order of writes that changes a file (${String(half + 1)} of 2), the next run makes it right, and doctor finds nothing`, async ({
      rig,
    }) => {
      const { points, kill } = await killsOfRun(rig);
      const killedIn = new Set<string>();
      for (const step of steps) {
        for (const [tried, point] of pointsOf(points, step).entries()) {
          const kills = await kill([point]);
          for (const name of kills.keys()) killedIn.add(name.charAt(0));
          if (tried > 0 && killedIn.has(step)) break;
        }
      }
      expect([...killedIn]).toEqual(expect.arrayContaining(steps));
      expect((await rig.repro()).ran).toEqual([]);
    });
  }
});
