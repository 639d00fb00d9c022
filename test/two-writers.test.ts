import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Result } from '../src/core/result.ts';
import { openTrackingStore } from '../src/tracking/sqlite-store.ts';
import { step, test } from './rig.ts';

const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
};

describe('the store of runs', () => {
  test('takes every write of processes that make it and write to it at the same time', async ({ rig }) => {
    const file = rig.path('.mlp/mlp.db');
    const here = import.meta.dirname;
    // By its path, because the project that it starts in has no node_modules.
    const loader = join(here, '../node_modules/tsx/dist/loader.mjs');
    const words = ['--import', loader, join(here, 'store-writer.ts'), file, '40'];
    const started = [1, 2, 3].map(() => rig.startProcess(process.execPath, words).ended);
    for (const ended of await Promise.all(started)) expect(ended).toMatchObject({ code: 0, err: '' });
    const store = must(openTrackingStore(file, { access: 'existing' }));
    const rows = must(await store.listRuns({ statuses: ['FINISHED'] }));
    expect(rows.length).toBe(120);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(120);
    expect(rows.map(({ number }) => number)).toStrictEqual(Array.from({ length: 120 }, (_, i) => 120 - i));
    await store.close();
  });

  test('shows a run whose mlp was killed as killed, not as running for ever', async ({ rig }) => {
    rig.pipeline({ slow: { cmd: step('slow', 'sleep 30'), outs: ['never'] } });
    const running = rig.start('repro');
    await rig.untilRan('slow');
    const during = JSON.parse((await rig.mlp('runs', '--json')).out) as { runs: { status: string }[] };
    expect(during.runs.map(({ status }) => status)).toEqual(['RUNNING']);
    running.child.kill('SIGKILL');
    await running.ended;
    const list = await rig.mlp('runs', 'list', '--json');
    const { runs } = JSON.parse(list.out) as { runs: { status: string; startedAt: number; endedAt: number }[] };
    expect(runs.map(({ status }) => status)).toEqual(['KILLED']);
    expect(runs[0]?.endedAt).toBeGreaterThanOrEqual(runs[0]?.startedAt ?? NaN);
  });
});
