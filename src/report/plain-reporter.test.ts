import { failure } from '../core/failure.ts';
import { describe, expect, it } from 'vitest';
import { asContentHash, asStageName } from '../core/brands.ts';
import type { EngineEvent } from '../core/events.ts';
import { displayWidth } from './display-width.ts';
import {
  printed,
  runFinished,
  runStarted,
  stageDone,
  stageEnded,
  stageFailed,
  stageNotRun,
  stageStarted,
  logOf,
} from './event-fixtures.ts';
import { createPlainReporter } from './plain-reporter.ts';
import { styleFor } from './style.ts';

async function reported(events: readonly EngineEvent[], log?: readonly string[], columns = 80): Promise<string> {
  let text = '';
  const reporter = createPlainReporter({
    write: (more) => (text += more),
    columns,
    style: styleFor(false),
    readLogTail: (logFile, lines) => Promise.resolve(logFile === logOf('featurize') ? log?.slice(-lines) : undefined),
  });
  for (const event of events) reporter.sink(event);
  await reporter.finish();
  return text;
}

const names = ['preprocess', 'featurize', 'train', 'evaluate'];
const dep = {
  kind: 'dep-changed',
  path: 'artifacts/model',
  was: asContentHash('a'.repeat(64)),
  now: asContentHash('b'.repeat(64)),
  by: asStageName('train'),
} as const;
const param = { kind: 'param-changed', file: 'params.yaml', key: 'train.c', was: 0.5, now: 0.3 } as const;

describe('the plain reporter', () => {
  it('says of stages that ended with an interrupted run that nothing of theirs changed, without a log or a step of their own', async () => {
    const text = await reported(
      [
        runStarted(...names),
        stageStarted('featurize'),
        stageEnded('featurize'),
        stageNotRun('train', 'featurize'),
        runFinished('KILLED'),
      ],
      ['Terminated'],
    );
    expect(text).toBe(
      [
        '  featurize    ended      0.20s   the run was interrupted',
        '',
        '  ended: featurize · outputs as before',
        '  not run: train (needs featurize) · outputs as before',
        '',
      ].join('\n'),
    );
  });

  it('writes one line a stage: what happened, how long it took and why', async () => {
    const text = await reported([
      runStarted(...names),
      stageDone('preprocess', 'unchanged'),
      stageDone('featurize', 'restored', { madeBy: 'brisk-heron-1' }),
      stageStarted('train'),
      printed('train', 'epoch 1\n'),
      stageDone('train', 'ran', { seconds: 0.84, reasons: [param] }),
      stageStarted('evaluate'),
      stageDone('evaluate', 'ran', { seconds: 65, reasons: [dep] }),
      runFinished(),
    ]);
    expect(text).toBe(
      [
        '  preprocess   unchanged',
        '  featurize    restored           same inputs as brisk-heron-1',
        '  train        ran        0.84s   param train.c: 0.5 -> 0.3',
        '  evaluate     ran        1m05s   dep artifacts/model changed (by train)',
        '',
      ].join('\n'),
    );
  });

  it('writes nothing when nothing was to do', async () => {
    expect(await reported([runStarted('a'), stageDone('a', 'unchanged'), runFinished()])).toBe('');
  });

  it('ends a failed run with the end of the log, its path, what was not run and the next step', async () => {
    const log = Array.from({ length: 100 }, (_, i) => `line ${i + 1}`);
    const text = await reported(
      [
        runStarted(...names),
        stageDone('preprocess', 'unchanged'),
        stageStarted('featurize'),
        stageFailed('featurize'),
        stageNotRun('train', 'featurize'),
        stageNotRun('evaluate', 'featurize'),
        runFinished('FAILED'),
      ],
      log,
    );
    expect(text).toBe(
      [
        '  preprocess   unchanged',
        '  featurize    failed     0.20s   exit 1',
        '',
        '  featurize: the command of "featurize" ended badly',
        ...log.slice(70).map((line) => `  | ${line}`),
        '  log: .mlp/logs/brisk-heron-1/featurize.log',
        '',
        '  not run: train, evaluate (need featurize) · outputs as before',
        '  next: mlp repro --help shows what it takes',
        '',
      ].join('\n'),
    );
  });

  it('says so when the log is empty, and when it cannot be read', async () => {
    const events = [runStarted('featurize'), stageFailed('featurize', { exitStatus: null, signal: 'SIGKILL' })];
    expect(await reported(events, [])).toContain('  | (it printed nothing)\n');
    const unreadable = await reported(events, undefined);
    expect(unreadable).toContain('  | (its log cannot be read)\n');
    expect(unreadable).toContain('killed by SIGKILL');
  });

  it('writes no escape code, whatever the stage printed', async () => {
    const text = await reported([stageFailed('featurize')], ['\u001b[31mError\u001b[0m: bad', 'a\rb\u0007']);
    expect(text).toContain('  | Error: bad\n  | b\n');
    expect(text).not.toMatch(/[\u001b\u0007\r]/);
  });

  it.each([40, 60, 80, 120])('fits its stage lines in %d columns', async (columns) => {
    const long = 'a-very-long-stage-name-that-goes-on@with-an-instance-of-it';
    const text = await reported(
      [
        runStarted(...names, long),
        stageDone('train', 'ran', { reasons: [param, dep, { ...dep, path: 'data/日本語/よくできました.csv' }] }),
        stageDone(long, 'ran', { reasons: [dep], seconds: 3599, attempts: 3 }),
        stageDone('featurize', 'restored', { madeBy: 'brisk-heron-1', seconds: 3 }),
      ],
      [],
      columns,
    );
    expect(text).toContain('ran');
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  });

  it('cuts a long command to the screen, and no other message', async () => {
    const failed = stageFailed('featurize');
    const cmd = `node x.js ${'--option '.repeat(30)}\n second line`;
    const command = failure('command-failed', { exitStatus: 1, signal: null, cmd, attempts: 1 });
    const text = await reported([{ ...failed, failure: command }], []);
    expect(text).toContain('\n  featurize: exit 1: node x.js --option');
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);

    const paths = ['artifacts/features/train.bin', 'artifacts/features/test.bin', 'artifacts/features/vocabulary.json'];
    const other = await reported([{ ...failed, failure: failure('out-not-made', { paths }) }], []);
    for (const path of paths) expect(other).toContain(path);
  });

  it('names the attempt that succeeded or failed', async () => {
    const text = await reported([
      stageDone('a', 'ran', { attempts: 2 }),
      stageFailed('featurize', { exitStatus: 7, attempts: 3 }),
    ]);
    expect(text).toContain('attempt 2 · never run');
    expect(text).toContain('exit 7 · attempt 3');
  });

  it('groups stages that wait for the same ones, and names only the first of many', async () => {
    const waiting = Array.from({ length: 12 }, (_, i) => stageNotRun(`s${i}`, 'featurize'));
    const text = await reported([stageFailed('featurize'), ...waiting, stageNotRun('z', 'a', 'b')], []);
    expect(text).toContain(
      '  not run: s0, s1, s2, s3, s4, s5, s6, s7 and 4 more (need featurize) · outputs as before\n',
    );
    expect(text).toContain('  not run: z (needs a, b) · outputs as before\n');
  });
});
