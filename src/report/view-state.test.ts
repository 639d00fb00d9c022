import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../core/events.ts';
import {
  printed,
  progress,
  runFinished,
  runStarted,
  stageDone,
  stageFailed,
  stageNotRun,
  stageStarted,
} from './event-fixtures.ts';
import { emptyView, reduceView } from './view-state.ts';
import type { ViewState } from './view-state.ts';

const fold = (...events: readonly EngineEvent[]): ViewState =>
  events.reduce((state, event, at) => reduceView(state, event, at * 100), emptyView);
const kinds = (state: ViewState): string[] =>
  state.finished.map((line) => (line.kind === 'done' ? line.done.stage : line.kind));
const unchanged = (count: number): EngineEvent[] =>
  Array.from({ length: count }, (_, i) => stageDone(`s${i}`, 'unchanged'));

describe('reduceView', () => {
  it('shows a stage as running from its start to its end', () => {
    const running = fold(runStarted('a', 'b'), stageStarted('a'), stageStarted('b'), stageDone('a', 'ran'));
    expect(running.running.map(({ stage, since }) => [stage, since])).toEqual([['b', 200]]);
    expect(kinds(running)).toEqual(['a']);
  });

  it('starts the clock of a stage anew at a further attempt', () => {
    const state = fold(stageStarted('a'), printed('a', 'first\n'), stageStarted('a', 2));
    expect(state.running).toEqual([{ stage: 'a', since: 200, attempt: 2, lastLine: '', unended: '' }]);
  });

  it('lists unchanged stages before the next line when there are few', () => {
    const state = fold(...unchanged(10), stageStarted('train'), stageDone('train', 'ran'));
    expect(kinds(state)).toHaveLength(11);
    expect(state.held).toEqual([]);
  });

  it('counts unchanged stages when there are more than ten', () => {
    const state = fold(...unchanged(11), stageDone('train', 'ran'));
    expect(state.finished[0]).toEqual({ kind: 'unchanged', count: 11 });
    expect(kinds(state)).toEqual(['unchanged', 'train']);
  });

  it('counts the rest once ten were listed', () => {
    const state = fold(...unchanged(6), stageDone('x', 'ran'), ...unchanged(6), stageDone('y', 'ran'));
    expect(kinds(state).slice(6)).toEqual(['x', 'unchanged', 'y']);
  });

  it('says nothing of a run in which all was unchanged', () => {
    const state = fold(...unchanged(4), runFinished());
    expect(state.finished).toEqual([]);
    expect(state.doneCount).toBe(4);
  });

  it('releases unchanged stages that end a run with work', () => {
    expect(kinds(fold(stageDone('a', 'ran'), stageDone('b', 'unchanged'), runFinished()))).toEqual(['a', 'b']);
  });

  it('keeps failures and what they held back', () => {
    const state = fold(stageStarted('a'), stageFailed('a'), stageNotRun('b', 'a'), runFinished('FAILED'));
    expect(state.failures.map(({ stage }) => stage)).toEqual(['a']);
    expect(state.notRun).toEqual([{ stage: 'b', needs: ['a'] }]);
    expect(state.running).toEqual([]);
  });

  it('never changes a state it was given', () => {
    const freeze = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
      Object.freeze(value);
      Object.values(value).forEach(freeze);
    };
    let state = emptyView;
    const events = [runStarted('a'), stageStarted('a'), printed('a', 'x\n'), progress(1, 9), stageFailed('a')];
    for (const [at, event] of [...events, stageNotRun('b', 'a'), runFinished()].entries()) {
      freeze(state);
      state = reduceView(state, event, at);
    }
    expect(state.failures).toHaveLength(1);
  });
});

describe('the last line of a running stage', () => {
  const lastLine = (...chunks: readonly string[]): string | undefined =>
    fold(stageStarted('a'), ...chunks.map((text) => printed('a', text))).running[0]?.lastLine;

  it.each([
    [['one\ntwo\n'], 'two'],
    [['one\ntw', 'o'], 'two'],
    [['one\n', '\n \n'], 'one'],
    [['epoch 1\repoch 2\r'], 'epoch 2'],
    [['\u001b[32mgreen\u001b[0m\n'], 'green'],
    [['\u001b[3', '2mgreen\u001b[0m'], 'green'],
    [['windows\r\n'], 'windows'],
    [['half\r', '\nnext'], 'next'],
  ])('of %j is "%s"', (chunks, line) => {
    expect(lastLine(...chunks)).toBe(line);
  });

  it('is kept small however much is printed without a line end', () => {
    const state = fold(stageStarted('a'), ...Array.from({ length: 50 }, () => printed('a', 'x'.repeat(100_000))));
    expect(state.running[0]?.unended.length).toBeLessThanOrEqual(4096);
  });
});

describe('progress', () => {
  it('goes when the task is done', () => {
    expect(fold(progress(1, 10), progress(5, 10)).tasks).toHaveLength(1);
    expect(fold(progress(1, 10), progress(10, 10)).tasks).toEqual([]);
  });

  it('is kept apart by label', () => {
    const state = fold(progress(1, 10, 'a'), progress(2, 10, 'b'), progress(3, 10, 'a'));
    expect(state.tasks.map(({ label, done }) => [label, done])).toEqual([
      ['a', 3],
      ['b', 2],
    ]);
  });

  it('keeps the last few measurements, at least 400 ms apart', () => {
    const state = fold(...Array.from({ length: 100 }, (_, i) => progress(i, 1000)));
    const times = state.tasks[0]?.samples.map(({ at }) => at) ?? [];
    expect(times).toHaveLength(12);
    for (const [i, at] of times.entries()) if (i > 0) expect(at - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(400);
  });
});
