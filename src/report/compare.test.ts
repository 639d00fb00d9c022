import { describe, expect, it } from 'vitest';
import { asRunId, type RunId } from '../core/brands.ts';
import { compareRuns } from '../tracking/compare-runs.ts';
import type { RunDetail } from '../tracking/types.ts';
import { comparisonMarkdown, renderComparison } from './compare.ts';
import { styleFor } from './style.ts';

const idOf = (n: number): RunId => asRunId(String(n).repeat(32));
const run = (
  number: number,
  name: string,
  more: Pick<RunDetail, 'params' | 'metrics'> & { seconds?: number },
): RunDetail => ({
  id: idOf(number),
  name: `${name}-${number}`,
  number,
  experiment: 'default',
  status: 'FINISHED',
  startedAt: 0,
  endedAt: (more.seconds ?? 1) * 1000,
  parent: null,
  tags: {},
  stages: [],
  ...more,
});
const equal = { 'split.seed': 7, 'train.tol': 1e-4 };
const runs = [
  run(1, 'brisk-heron', {
    params: { ...equal, 'train.c': 0.5, 'featurize.kind': 'tfidf' },
    metrics: { accuracy: 0.8501, macro_f1: 0.8362, 'classes.neutral.f1': 0.7 },
    seconds: 2.3,
  }),
  run(2, 'calm-otter', {
    params: { ...equal, 'train.c': 0.3, 'featurize.kind': 'tfidf' },
    metrics: { accuracy: 0.8574, macro_f1: 0.8431, 'classes.neutral.f1': 0.71 },
    seconds: 1.3,
  }),
  run(3, 'quiet-lynx', {
    params: { ...equal, 'train.c': 0.3, 'featurize.kind': 'bow' },
    metrics: { accuracy: 0.832, macro_f1: 0.814 },
    seconds: 1.9,
  }),
];
const models = new Map([
  [idOf(1), 'v1 production'],
  [idOf(2), 'v2 staging'],
  [idOf(3), 'v3 staging'],
]);
const screen = { style: styleFor(false), columns: 80 };
const view = { models, allMetrics: false };

describe('mlp compare', () => {
  it('shows only what differs, deltas against the first run, and marks the best', () => {
    expect(renderComparison(compareRuns(runs), view, { ...screen, columns: 120 })).toBe(
      `  run             featurize.kind   train.c   macro_f1         accuracy         time   model
  brisk-heron-1   tfidf            0.5       0.8362           0.8501           2.3s   v1 production
* calm-otter-2    tfidf            0.3       0.8431 +0.0069   0.8574 +0.0073   1.3s   v2 staging
  quiet-lynx-3    bow              0.3       0.8140 -0.0222   0.8320 -0.0181   1.9s   v3 staging

  2 params equal in all · best by macro_f1 marked * · 1 more metric: --all
  next: mlp runs show calm-otter-2 · mlp promote
`,
    );
  });

  it('continues below with the runs repeated where 80 columns do not suffice', () => {
    const text = renderComparison(compareRuns(runs), view, screen);
    expect(text).toBe(
      `  run             featurize.kind   train.c   macro_f1         accuracy
  brisk-heron-1   tfidf            0.5       0.8362           0.8501
* calm-otter-2    tfidf            0.3       0.8431 +0.0069   0.8574 +0.0073
  quiet-lynx-3    bow              0.3       0.8140 -0.0222   0.8320 -0.0181

  run             time   model
  brisk-heron-1   2.3s   v1 production
* calm-otter-2    1.3s   v2 staging
  quiet-lynx-3    1.9s   v3 staging

  2 params equal in all · best by macro_f1 marked * · 1 more metric: --all
  next: mlp runs show calm-otter-2 · mlp promote
`,
    );
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('moves closer together where that keeps it in one piece', () => {
    expect(renderComparison(compareRuns(runs.slice(0, 2)), view, screen)).toBe(
      `  run            train.c  macro_f1        accuracy        time  model
  brisk-heron-1  0.5      0.8362          0.8501          2.3s  v1 production
* calm-otter-2   0.3      0.8431 +0.0069  0.8574 +0.0073  1.3s  v2 staging

  3 params equal in all · best by macro_f1 marked * · 1 more metric: --all
  next: mlp runs show calm-otter-2 · mlp promote
`,
    );
  });

  it('takes the lowest for the best where less is better, by name or on request', () => {
    const losses = [0.5, 0.4, 0.6].map((log_loss, i) => run(i + 1, 'a', { params: {}, metrics: { log_loss } }));
    expect(compareRuns(losses).best).toStrictEqual({ metric: 'log_loss', lowerIsBetter: true, runs: [idOf(2)] });
    expect(compareRuns(losses, { lowerIsBetter: false }).best?.runs).toStrictEqual([idOf(3)]);
    expect(compareRuns(runs, { metric: 'accuracy', lowerIsBetter: true }).best?.runs).toStrictEqual([idOf(3)]);
  });

  it('marks all of those that tie, and never not-a-number', () => {
    const scores = [0.5, NaN, 0.5].map((f1, i) => run(i + 1, 'a', { params: {}, metrics: { f1 } }));
    expect(compareRuns(scores).best?.runs).toStrictEqual([idOf(1), idOf(3)]);
  });

  it('tells a param that is absent from one that is null, and 1 from "1"', () => {
    const pair = [
      run(1, 'a', { params: { a: null, b: 1, c: 1 }, metrics: {} }),
      run(2, 'b', { params: { b: '1', c: 1 }, metrics: {} }),
    ];
    const comparison = compareRuns(pair);
    expect(comparison.params).toStrictEqual({ differing: ['a', 'b'], equal: 1 });
    expect(comparison.best).toBeNull();
    expect(renderComparison(comparison, { models: new Map(), allMetrics: false }, screen)).toBe(
      `  run   a      b     time
  a-1   null   1     1.0s
  b-2   -      "1"   1.0s

  1 param equal in all
  next: mlp runs list
`,
    );
  });

  it('lays a single run out without a mark', () => {
    expect(renderComparison(compareRuns(runs.slice(0, 1)), { models: new Map(), allMetrics: false }, screen)).toBe(
      `  run             macro_f1   accuracy   time
  brisk-heron-1   0.8362     0.8501     2.3s

  4 params equal in all · 1 more metric: --all
  next: mlp repro -S NAME=VALUE makes a run to compare with
`,
    );
  });

  it('has the same table in Markdown', () => {
    expect(comparisonMarkdown(compareRuns(runs.slice(0, 2)), view)).toBe(
      `| run | train.c | macro_f1 | accuracy | time | model |
| --- | --- | --- | --- | ---: | --- |
| brisk-heron-1 | 0.5 | 0.8362 | 0.8501 | 2.3s | v1 production |
| * calm-otter-2 | 0.3 | 0.8431 +0.0069 | 0.8574 +0.0073 | 1.3s | v2 staging |

3 params equal in all · best by macro_f1 marked * · 1 more metric: --all
`,
    );
  });
});
