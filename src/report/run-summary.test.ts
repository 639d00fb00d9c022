import { describe, expect, it } from 'vitest';
import { displayWidth } from './display-width.ts';
import { renderRunSummary, renderUpToDate } from './run-summary.ts';
import type { RunSummary } from './run-summary.ts';
import { styleFor } from './style.ts';

const screen = { style: styleFor(false), columns: 80 };
const summary: RunSummary = {
  runName: 'calm-otter-2',
  seconds: 1.34,
  metrics: [
    { name: 'accuracy', value: 0.85741, previous: 0.8501 },
    { name: 'macro_f1', value: 0.8431, previous: 0.8362 },
  ],
  models: [{ name: 'sentiment', version: 2, stage: 'Staging', gates: { passed: 3, of: 3 } }],
  next: ['mlp compare', 'mlp promote'],
};

describe('renderRunSummary', () => {
  it('shows metrics with what they won, the run with its model, and the next step', () => {
    expect(renderRunSummary(summary, screen)).toBe(
      [
        '  accuracy   0.8574  +0.0073     macro_f1   0.8431  +0.0069',
        '',
        '  run calm-otter-2 · sentiment v2 -> Staging (gates 3/3) · 1.3s',
        '  next: mlp compare · mlp promote',
        '',
      ].join('\n'),
    );
  });

  it('says where a version stands that was known before', () => {
    const known = {
      ...summary,
      metrics: [],
      models: [{ name: 'sentiment', version: 1, stage: 'Production' }],
      next: [],
    };
    expect(renderRunSummary(known, screen)).toBe('  run calm-otter-2 · sentiment v1 (Production) · 1.3s\n');
  });

  it('names each gate that refused, and by how much', () => {
    const refused = [{ gate: 'macro_f1 >= 0.9', measured: '0.8431, 0.0569 too low' }];
    const model = { name: 'sentiment', version: 3, stage: 'Development', gates: { passed: 3, of: 4 }, refused };
    expect(renderRunSummary({ ...summary, metrics: [], models: [model], next: [] }, screen)).toBe(
      [
        '  run calm-otter-2 · sentiment v3 -> Development (gates 3/4) · 1.3s',
        '  sentiment v3 refused: macro_f1 >= 0.9 (0.8431, 0.0569 too low)',
        '',
      ].join('\n'),
    );
  });

  it('leaves out what there is not', () => {
    const bare = { ...summary, metrics: [], models: [], next: [] };
    expect(renderRunSummary(bare, screen)).toBe('  run calm-otter-2 · 1.3s\n');
  });

  it('shows no difference where the run before had no such metric', () => {
    const first = { ...summary, metrics: [{ name: 'accuracy', value: 0.5 }] };
    expect(renderRunSummary(first, screen).split('\n')[0]).toBe('  accuracy   0.5000');
  });

  it.each([40, 80, 120])('aligns many metrics and wraps nothing at %d columns', (columns) => {
    const metrics = Array.from({ length: 30 }, (_, i) => ({
      name: `f1.${'x'.repeat(i % 7)}`,
      value: i / 29,
      previous: 0.5,
    }));
    const text = renderRunSummary({ ...summary, metrics }, { ...screen, columns });
    for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    expect(text).toContain('and 18 more: mlp metrics show');
  });
});

it('says in one line that nothing was to do', () => {
  expect(renderUpToDate(4, 0.0712)).toBe('  4 stages up to date (0.07s)\n');
  expect(renderUpToDate(1, 0.05)).toBe('  1 stage up to date (0.05s)\n');
});
