import { describe, expect, it } from 'vitest';
import { asContentHash, asRunId, asStageName } from '../core/brands.ts';
import type { RunDetail, StageRow } from '../tracking/types.ts';
import { renderRun } from './run-detail.ts';
import { renderRuns } from './runs-list.ts';
import { styleFor } from './style.ts';

const screen = { style: styleFor(false), columns: 80, now: 120_000 };
const stage = (name: string, more: Partial<StageRow> = {}): StageRow => ({
  stage: asStageName(name),
  position: 0,
  action: 'ran',
  reasons: [{ kind: 'param-changed', file: 'params.yaml', key: 'train.c', was: 0.5, now: 0.3 }],
  seconds: 0.84,
  cpuSeconds: 0.71,
  peakMemoryBytes: 123_400_000,
  exitStatus: 0,
  attempts: 1,
  logFile: 'x.log',
  fingerprint: null,
  deps: [],
  outs: [{ path: 'artifacts/model', hash: asContentHash('9c1f07d2'.repeat(8)), size: 2_400_000, files: 2 }],
  ...more,
});
const idle = { seconds: 0, cpuSeconds: null, peakMemoryBytes: null, reasons: [], outs: [] };
const run = (number: number, more: Partial<RunDetail> = {}): RunDetail => ({
  id: asRunId(String(number).repeat(32)),
  name: `calm-otter-${number}`,
  number,
  experiment: 'default',
  status: 'FINISHED',
  startedAt: 0,
  endedAt: 1300,
  parent: null,
  params: { 'train.c': 0.3, 'featurize.kind': 'tfidf', 'split.seed': 42 },
  metrics: { accuracy: 0.8574, macro_f1: 0.8431 },
  tags: { 'git.branch': 'main' },
  stages: [stage('featurize', { action: 'unchanged', ...idle }), stage('train', { position: 1 })],
  ...more,
});
const failed = run(3, {
  status: 'FAILED',
  metrics: {},
  stages: [stage('train', { action: 'failed', exitStatus: 3, outs: [] })],
});

describe('mlp runs list', () => {
  it('says of each run when, how long, how good and what', () => {
    const runs = [
      run(4, { status: 'RUNNING', endedAt: null, metrics: {} }),
      failed,
      run(2, { tags: { message: 'less c' } }),
      run(1),
    ];
    const models = new Map([[run(2).id, 'v2 staging']]);
    expect(renderRuns({ runs, total: 9, models }, screen))
      .toBe(`  run           started    time  macro_f1  model       what
  calm-otter-4  2 min ago                              running
  calm-otter-3  2 min ago  1.3s                        failed train
  calm-otter-2  2 min ago  1.3s    0.8431  v2 staging  less c
  calm-otter-1  2 min ago  1.3s    0.8431              ran train

  4 runs of 9 · more with --before 1
  next: mlp runs show calm-otter-4 · mlp compare
`);
  });

  it('shows two metrics where no model takes their room, the one it is ordered by first', () => {
    const text = renderRuns({ runs: [run(1)], total: 1, models: new Map(), orderedBy: 'accuracy' }, screen);
    expect(text.split('\n')[0]).toBe('  run           started    time  accuracy  macro_f1  what');
  });

  it('says when nothing was found', () => {
    expect(renderRuns({ runs: [], total: 0, models: new Map() }, screen)).toContain('no run is like that');
  });
});

describe('mlp runs show', () => {
  it('tells all of a run within 80 columns', () => {
    expect(renderRun(run(2), [], screen)).toBe(`  calm-otter-2   finished   1970-01-01 00:00 UTC (2 min ago) · 1.3s

  id           22222222222222222222222222222222
  git.branch   main

  stage      what        time    cpu    memory  why
  featurize  unchanged
  train      ran        0.84s  0.71s  123.4 MB  param train.c: 0.5 -> 0.3

  output            content        size
  artifacts/model   9c1f07d2..   2.4 MB   2 files

  metrics
  accuracy  0.8574    macro_f1  0.8431

  params
  train.c  0.3    featurize.kind  tfidf    split.seed  42

  next: mlp runs log calm-otter-2 · mlp compare
`);
  });

  it('points to the log of the stage that failed', () => {
    const text = renderRun(failed, [], screen);
    expect(text).toContain('  train  failed (3)');
    expect(text).toContain('next: mlp runs log calm-otter-3 train');
  });
});
