import { describe, expect } from 'vitest';
import { canTrace, type KillPoint } from '../kill-points.ts';
import { KillProject } from '../kill-project.ts';
import { withMounted } from '../mounted.ts';
import { test } from '../rig.ts';

if (!canTrace) process.stderr.write('no kills at single system calls: strace is not there, or may not trace\n');

/** Calls on the outs themselves, which are copied there: all others are those of any run, and killed in kill.test.ts. */
const onOuts = (points: readonly KillPoint[]): KillPoint[] =>
  points.filter(({ text }) => /"\/far|<\/far|tmp\/outs/.test(text) && !/^statx|O_RDONLY/.test(text));

describe.runIf(canTrace)('kill -9 while outs are moved to and from another file system', { timeout: 600_000 }, () => {
  test('while the last good ones are copied aside: the next run makes it right, and doctor finds nothing', async ({
    rig,
    skip,
  }) => {
    await withMounted({ skip }, { folder: rig.path('far'), megabytes: 2 }, async () => {
      const project = new KillProject(rig, 'far/');
      const prepare = (): void => {
        project.change();
      };
      const points = onOuts(await project.points(prepare));
      expect(points.length).toBeGreaterThan(10);
      expect(points.map(({ text }) => text).join('\n')).toContain('.part');
      await project.killEach(points, prepare);
    });
  });

  test('while those of a failed stage are put back: they are whole with the next run, and nothing runs, though no cache has them', async ({
    rig,
    skip,
  }) => {
    await withMounted({ skip }, { folder: rig.path('far'), megabytes: 2 }, async () => {
      const project = new KillProject(rig, 'far/', { cache: false });
      const prepare = (): void => {
        project.changeToBad();
      };
      const points = onOuts(await project.points(prepare, 1));
      expect(points.map(({ text }) => text).join('\n')).toContain('.done');
      await project.killEach(points, prepare, () => {
        rig.ran();
        project.changeBack(0);
        return 0;
      });
    });
  });
});
