import { afterAll, describe, expect } from 'vitest';
import { canTrace, type KillPoint } from '../kill-points.ts';
import { killsOfRun, KillProject } from '../kill-project.ts';
import { test } from '../rig.ts';

/** Rigs that share the points of one kind of run, so that all cores have something to do. */
const shares = [0, 1, 2];
const shareOf = (points: readonly KillPoint[], share: number): KillPoint[] =>
  points.filter((_, index) => index % shares.length === share);

if (!canTrace) process.stderr.write('no kills at single system calls: strace is not there, or may not trace\n');

describe.runIf(canTrace)('kill -9 before single system calls', { concurrent: true, timeout: 900_000 }, () => {
  const kills = new Map<string, number>();
  const count = (steps: ReadonlyMap<string, number>, kind: string): void => {
    for (const [step, times] of steps) kills.set(`${kind} ${step}`, (kills.get(`${kind} ${step}`) ?? 0) + times);
  };

  for (const share of shares) {
    test(`53: at every call that changes a file in a run (${String(share + 1)} of 3), the next run makes it right, and doctor finds nothing`, async ({
      rig,
    }) => {
      const { points, kill } = await killsOfRun(rig);
      count(await kill(shareOf(points, share)), 'run');
    });

    test(`53: at every call that changes a file while outs are restored (${String(share + 1)} of 3), the next run makes it right, and doctor finds nothing`, async ({
      rig,
    }) => {
      const project = new KillProject(rig);
      await project.settle();
      await project.settle();
      let back = 0;
      const prepare = (): void => {
        back = 1 - back;
        project.changeBack(back);
      };
      const points = await project.points(prepare);
      count(await project.killEach(shareOf(points, share), prepare), 'restore');
    });
  }

  afterAll(() => {
    process.stdout.write(`kills by step: ${JSON.stringify(Object.fromEntries([...kills].sort()), null, 1)}\n`);
    // 3 and 5 only read: what a kill in them leaves is what one before the first call of 4 and 6 leaves.
    for (const step of '01246789') expect([...kills.keys()].join()).toContain(`run ${step} `);
    expect([...kills.keys()].join()).toContain('restore ');
  });
});
