import { describe, expect, it } from 'vitest';
import { asStageName } from '../core/brands.ts';
import type { PlannedAction, StagePlan } from '../plan/types.ts';
import { displayWidth } from './display-width.ts';
import { renderPlan } from './plan.ts';
import { styleFor } from './style.ts';

const screen = { style: styleFor(false), columns: 80 };
const stage = (name: string, action: PlannedAction, more: Partial<StagePlan> = {}): StagePlan => ({
  stage: asStageName(name),
  action,
  certain: true,
  reasons: [],
  ...more,
});
const param = { kind: 'param-changed', file: 'params.yaml', key: 'train.c', was: 0.5, now: 0.3 } as const;

describe('renderPlan', () => {
  it('says of every stage what would happen and why', () => {
    const plan = {
      stages: [
        stage('preprocess', 'skip'),
        stage('featurize', 'restore', { madeBy: 'brisk-heron-1' }),
        stage('embed', 'checkout', { reasons: [{ kind: 'out-missing', path: 'artifacts/vectors' }] }),
        stage('train', 'run', { reasons: [param] }),
        stage('evaluate', 'run', {
          certain: false,
          reasons: [{ kind: 'upstream', stage: asStageName('train') }],
        }),
      ],
    };
    expect(renderPlan(plan, screen)).toBe(
      [
        '  preprocess   up to date',
        '  featurize    would be restored   same inputs as brisk-heron-1',
        '  embed        would be put back   out artifacts/vectors missing',
        '  train        would run           param train.c: 0.5 -> 0.3',
        '  evaluate     may run             if train changes its input',
        '',
        '  1 would run, 1 may run, 1 would be restored, 1 would be put back, 1 up to date',
        '  next: mlp repro',
        '',
      ].join('\n'),
    );
  });

  it('says in one line that all is up to date', () => {
    expect(renderPlan({ stages: [stage('a', 'skip'), stage('b', 'skip')] }, screen)).toBe('  2 stages up to date\n');
  });

  it('counts stages that are up to date when there are more than ten', () => {
    const fresh = Array.from({ length: 11 }, (_, i) => stage(`s${i}`, 'skip'));
    const text = renderPlan({ stages: [...fresh, stage('train', 'run', { reasons: [param] })] }, screen);
    expect(text).not.toContain('s3');
    expect(text).toContain('1 would run, 11 up to date');
  });

  it('says that there are no stages', () => {
    expect(renderPlan({ stages: [] }, screen)).toContain('no stages');
  });

  it.each([40, 80])('wraps nothing at %d columns', (columns) => {
    const stages = [
      stage('x'.repeat(70), 'run', { reasons: [param, { kind: 'env-changed', name: 'SEED'.repeat(20) }] }),
    ];
    for (const line of renderPlan({ stages }, { ...screen, columns }).split('\n')) {
      expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    }
  });
});
