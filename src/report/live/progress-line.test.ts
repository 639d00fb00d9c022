import { describe, expect, it } from 'vitest';
import { displayWidth } from '../display-width.ts';
import { progress } from '../event-fixtures.ts';
import { styleFor } from '../style.ts';
import { emptyView, reduceView } from '../view-state.ts';
import type { Task } from '../view-state.ts';
import { isShown, progressLine, rateOf } from './progress-line.ts';

const style = styleFor(false);

/** A task that has done `rate` bytes a second for `seconds`, told ten times a second. */
function taskAfter(seconds: number, rate: number, total: number): { task: Task; now: number } {
  let view = emptyView;
  const label = 'data/reddit/Reddit_Data.csv';
  for (let i = 0; i <= seconds * 10; i++) view = reduceView(view, progress((i * rate) / 10, total, label), i * 100);
  const task = view.tasks[0];
  if (task === undefined) throw new Error('the task is over');
  return { task, now: seconds * 1000 };
}

describe('progress', () => {
  it('is shown once a task has taken a second', () => {
    const { task } = taskAfter(2, 1e6, 1e9);
    expect([isShown(task, 999), isShown(task, 1000)]).toEqual([false, true]);
  });

  it('shows share, bytes, rate and time left', () => {
    const { task, now } = taskAfter(5, 20e6, 400e6);
    expect(progressLine(task, now, { columns: 100, style })).toBe(
      '  hashing data/reddit/Reddit_Data.csv  ━━╌╌╌╌╌╌╌╌   25 %  100.0 of 400.0 MB  20.0 MB/s  15s left',
    );
  });

  it('shows bytes and rate alone of an unknown total', () => {
    const { task, now } = taskAfter(5, 2e6, 0);
    expect(progressLine(task, now, { columns: 79, style })).toBe(
      '  hashing data/reddit/Reddit_Data.csv  10.0 MB  2.0 MB/s',
    );
  });

  it('fits every width, and gives up bar and label before the numbers', () => {
    const { task, now } = taskAfter(5, 20e6, 400e6);
    for (let columns = 20; columns < 120; columns++) {
      expect(displayWidth(progressLine(task, now, { columns, style }))).toBeLessThanOrEqual(columns);
    }
    expect(progressLine(task, now, { columns: 60, style })).toBe(
      '  hashing  25 %  100.0 of 400.0 MB  20.0 MB/s  15s left',
    );
  });

  it('takes the rate from the last few seconds', () => {
    let { task } = taskAfter(20, 1e6, 1e9);
    for (let i = 1; i <= 100; i++) {
      const view = reduceView(
        { ...emptyView, tasks: [task] },
        progress(20e6 + i * 1e6, 1e9, task.label),
        20_000 + i * 100,
      );
      task = view.tasks[0] ?? task;
    }
    expect(rateOf(task, 30_000)).toBeCloseTo(10e6, -5);
  });

  it('gets slower on the screen while a download stands still', () => {
    const { task, now } = taskAfter(5, 20e6, 400e6);
    expect(rateOf(task, now + 5000)).toBeLessThan(rateOf(task, now) / 1.9);
  });
});
