import { expect, test } from 'vitest';
import { asStageName, type StageName } from '../core/brands.ts';
import { schedule, type NotRun, type OnFailure } from './schedule.ts';

interface Work {
  readonly needs: Readonly<Record<string, readonly string[]>>;
  readonly concurrency?: number;
  readonly fails?: readonly string[];
  readonly onFailure?: OnFailure;
  readonly signal?: AbortSignal;
  readonly onStart?: (stage: string) => void;
}

interface Outcome {
  /** `+a` started, `-a` ended. */
  readonly log: readonly string[];
  readonly notRun: NotRun;
}

async function scheduled(work: Work): Promise<Outcome> {
  const log: string[] = [];
  const notRun = await schedule({
    order: Object.keys(work.needs).map(asStageName),
    needs: (stage) => (work.needs[stage] ?? []) as readonly StageName[],
    concurrency: work.concurrency ?? 1,
    signal: work.signal ?? new AbortController().signal,
    work: async (stage) => {
      log.push(`+${stage}`);
      work.onStart?.(stage);
      await new Promise((resolve) => setImmediate(resolve));
      log.push(`-${stage}`);
      return work.fails?.includes(stage) !== true;
    },
    onFailure: work.onFailure ?? 'finish-running',
    endRunning: (failed) => {
      log.push(`end for ${failed}`);
    },
  });
  return { log, notRun };
}

const starts = ({ log }: Outcome): string =>
  log.flatMap((line) => (line.startsWith('+') ? line.slice(1) : [])).join(' ');

test('one at a time, stages start in the order of the plan, whatever became free in between', async () => {
  const needs = { a: [], b: ['a'], c: [], d: ['a', 'c'], e: [] };
  expect(starts(await scheduled({ needs }))).toBe('a b c d e');
});

test('no more run at a time than allowed, and as many as can', async () => {
  const needs = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`s${i}`, i < 5 ? [] : [`s${i - 5}`]]));
  for (const concurrency of [1, 3, 100]) {
    const { log } = await scheduled({ needs, concurrency });
    let running = 0;
    let most = 0;
    for (const line of log) {
      running += line.startsWith('+') ? 1 : -1;
      most = Math.max(most, running);
    }
    expect([concurrency, most]).toEqual([concurrency, Math.min(concurrency, 5)]);
  }
});

test('a stage starts only when all that it needs have ended well', async () => {
  const needs = { a: [], b: [], c: ['a', 'b'], d: ['c'], e: ['a'] };
  const { log } = await scheduled({ needs, concurrency: 4 });
  for (const [stage, above] of Object.entries(needs)) {
    for (const need of above) expect(log.indexOf(`-${need}`)).toBeLessThan(log.indexOf(`+${stage}`));
  }
  expect(log).toHaveLength(10);
});

test('what a stage needs outside of the plan is done already', async () => {
  expect(starts(await scheduled({ needs: { b: ['elsewhere'] } }))).toBe('b');
});

test('after a failure none is started, running ones end, and what is left tells what it waited for', async () => {
  const needs = { bad: [], slow: [], after: ['bad', 'slow'], last: ['after'], free: [] };
  const outcome = await scheduled({ needs, concurrency: 2, fails: ['bad'] });
  expect(outcome.log).toEqual(['+bad', '+slow', '-bad', '-slow']);
  expect(outcome.notRun).toEqual([
    { stage: 'after', needs: ['bad'] },
    { stage: 'last', needs: ['after'] },
    { stage: 'free', needs: [] },
  ]);
});

test('the first failure alone ends running ones, where that is asked for', async () => {
  const needs = { bad: [], worse: [], after: ['bad'] };
  const outcome = await scheduled({ needs, concurrency: 2, fails: ['bad', 'worse'], onFailure: 'end-running' });
  expect(outcome.log).toEqual(['+bad', '+worse', '-bad', 'end for bad', '-worse']);
});

test('keeping going leaves only what needs the failed one, directly or not', async () => {
  const needs = { bad: [], after: ['bad'], free: [], last: ['after', 'free'], end: ['free'] };
  const outcome = await scheduled({ needs, fails: ['bad'], onFailure: 'keep-going' });
  expect(starts(outcome)).toBe('bad free end');
  expect(outcome.notRun).toEqual([
    { stage: 'after', needs: ['bad'] },
    { stage: 'last', needs: ['after'] },
  ]);
});

test('where failures are ignored all stages start, each after what it needs', async () => {
  const outcome = await scheduled({ needs: { a: [], b: ['a'], c: ['b'] }, fails: ['a', 'b'], onFailure: 'ignore' });
  expect([starts(outcome), outcome.notRun]).toEqual(['a b c', []]);
});

test('a stage does not wait for one that comes after it', async () => {
  expect(starts(await scheduled({ needs: { b: ['a'], a: [] } }))).toBe('b a');
});

test('once it is aborted nothing starts any more', async () => {
  const controller = new AbortController();
  const onStart = (): void => {
    controller.abort();
  };
  const outcome = await scheduled({ needs: { a: [], b: [], c: ['a'] }, signal: controller.signal, onStart });
  expect(outcome.log).toEqual(['+a', '-a']);
  expect(outcome.notRun.map(({ stage }) => stage)).toEqual(['b', 'c']);
});

test('ten thousand stages, each needing the three before it, cost milliseconds each thousand', async () => {
  const count = 10_000;
  const needs = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`s${i}`, [i - 1, i - 2, i - 3].filter((j) => j >= 0).map((j) => `s${j}`)]),
  );
  const startedAt = performance.now();
  const outcome = await scheduled({ needs, concurrency: 8 });
  expect(performance.now() - startedAt).toBeLessThan(4000);
  expect(outcome.log).toHaveLength(2 * count);
  const free = await scheduled({
    needs: Object.fromEntries(Object.keys(needs).map((name) => [name, []])),
    concurrency: 8,
  });
  expect(free.log).toHaveLength(2 * count);
});
