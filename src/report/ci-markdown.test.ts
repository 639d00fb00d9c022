import { describe, expect, it } from 'vitest';
import { ciMarkdown } from './ci-markdown.ts';
import type { CiReport } from './ci-markdown.ts';

const report: CiReport = {
  runName: 'calm-otter-2',
  status: 'FINISHED',
  seconds: 1.34,
  stages: [
    { stage: 'preprocess', action: 'unchanged', reasons: [], seconds: 0.01 },
    { stage: 'featurize', action: 'restored', reasons: [], madeBy: 'brisk-heron-1', seconds: 0.02 },
    {
      stage: 'train',
      action: 'ran',
      seconds: 0.84,
      reasons: [{ kind: 'param-changed', file: 'params.yaml', key: 'train.c', was: 'a|b', now: 0.3 }],
    },
  ],
  metrics: [
    { name: 'accuracy', value: 0.8574, committed: 0.8501 },
    { name: 'new_one', value: 3 },
    { name: 'gone', committed: 0.5 },
  ],
  models: [
    {
      name: 'sentiment',
      version: 2,
      stage: 'Staging',
      gates: { passed: 1, of: 2 },
      gateResults: [
        { gate: 'macro_f1 >= 0.75', passed: true, detail: '0.8431' },
        { gate: 'accuracy >= 0.9', passed: false, detail: '0.8574, short by 0.0426' },
      ],
    },
  ],
  failures: [],
};

describe('ciMarkdown', () => {
  it('says what ran and why, metrics against the last commit, and the model with its gates', () => {
    expect(ciMarkdown(report)).toBe(
      [
        '## mlp repro: 1 ran, 1 restored, 1 unchanged · run calm-otter-2 · 1.3s',
        '',
        '| stage | what | time | why |',
        '| --- | --- | ---: | --- |',
        '| preprocess | unchanged |  |  |',
        '| featurize | restored | 0.02s | same inputs as brisk-heron-1 |',
        '| train | ran | 0.84s | param train.c: a\\|b -> 0.3 |',
        '',
        '### Metrics',
        '',
        '| metric | now | last commit | change |',
        '| --- | ---: | ---: | ---: |',
        '| accuracy | 0.8574 | 0.8501 | +0.0073 |',
        '| new_one | 3 |  |  |',
        '| gone |  | 0.5000 |  |',
        '',
        '### Model sentiment v2 -> Staging (gates 1/2)',
        '',
        '| gate | result |  |',
        '| --- | --- | --- |',
        '| macro_f1 >= 0.75 | passed | 0.8431 |',
        '| accuracy >= 0.9 | refused | 0.8574, short by 0.0426 |',
        '',
      ].join('\n'),
    );
  });

  it('shows a failure with the end of its log, which cannot end its own block', () => {
    const text = ciMarkdown({
      ...report,
      status: 'FAILED',
      stages: [
        { stage: 'train', action: 'failed', reasons: [{ kind: 'never-run' }], seconds: 0.2 },
        { stage: 'evaluate', action: 'not-run', reasons: [] },
      ],
      metrics: [],
      models: [],
      failures: [
        {
          stage: 'train',
          message: 'exit 1: node *x*',
          next: 'mend it',
          logTail: ['```', '\u001b[31mError\u001b[0m', '````'],
        },
      ],
    });
    expect(text).toContain('## mlp repro: 1 stage failed · run calm-otter-2 · 1.3s\n');
    expect(text).toContain('| train | **failed** | 0.20s | never run |\n| evaluate | not run |  |  |\n');
    expect(text).toContain('\n`````text\n```\nError\n````\n`````\n');
    expect(text).toContain('exit 1: node \\*x\\*\n');
    expect(text).toContain('\nNext: mend it\n');
  });

  it('says that nothing was to do', () => {
    const { runName: _runName, ...rest } = report;
    const fresh = { ...rest, stages: report.stages.slice(0, 1), metrics: [], models: [] };
    expect(ciMarkdown(fresh).split('\n')[0]).toBe('## mlp repro: 1 stage up to date · 1.3s');
  });

  it('says that the run was interrupted', () => {
    expect(ciMarkdown({ ...report, status: 'KILLED' })).toContain('## mlp repro: interrupted · run calm-otter-2');
  });
});
