import { expect, it } from 'vitest';
import type { StageConfig } from '../config/types.ts';
import { asStageName } from '../core/brands.ts';
import { displayWidth } from './display-width.ts';
import { renderStageList } from './stage-list.ts';
import { styleFor } from './style.ts';

const at = { file: 'pipeline.yaml', line: 1, column: 1, length: 1 };
const stage = (name: string, outs: readonly string[], more: Partial<StageConfig> = {}): StageConfig => ({
  name: asStageName(name),
  at,
  cmd: [`node ${name}.js`, 'sync'],
  wdir: '.',
  deps: [],
  params: [],
  outs: outs.map((path) => ({ path, at, kind: 'out', cache: true, persist: false })),
  env: [],
  frozen: false,
  alwaysChanged: false,
  retries: 0,
  ...more,
});
const screen = { style: styleFor(false), columns: 80 };

it('lists what each stage does and makes', () => {
  const stages = [
    stage('train', ['artifacts/model', 'm.json'], { desc: 'Learns the model' }),
    stage('fetch', ['raw.csv'], { frozen: true }),
    stage('lint', []),
  ];
  expect(renderStageList(stages, screen)).toBe(
    [
      '  train   Learns the model      -> artifacts/model, m.json',
      '  fetch   node fetch.js; sync   -> raw.csv (frozen)',
      '  lint    node lint.js; sync',
      '',
    ].join('\n'),
  );
});

it('wraps nothing', () => {
  const stages = [stage('x'.repeat(60), ['y'.repeat(90)], { cmd: ['z'.repeat(300)] })];
  for (const line of renderStageList(stages, screen).split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(80);
});

it('says that there are no stages', () => {
  expect(renderStageList([], screen)).toBe('  no stages\n');
});
