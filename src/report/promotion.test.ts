import { describe, expect, it } from 'vitest';
import { asContentHash } from '../core/brands.ts';
import type { GateResult } from '../registry/gates.ts';
import type { PromotionOutcome } from '../registry/promote.ts';
import type { AuditEntry, ModelVersion } from '../registry/types.ts';
import { gateMeasured, gateTitle } from './gate-text.ts';
import { renderHistory, renderModel, renderModels } from './models.ts';
import { renderPromotion, renderRollback } from './promotion.ts';
import { styleFor } from './style.ts';

const screen = { style: styleFor(false), columns: 80, now: 3_600_000 };
const version = (number: number, stage: ModelVersion['stage'], macro_f1 = 0.8431): ModelVersion => ({
  model: 'sentiment',
  version: number,
  stage,
  hash: asContentHash(`${number}c`.repeat(32)),
  path: 'artifacts/model',
  runId: null,
  runName: number === 1 ? 'brisk-heron-1' : 'calm-otter-2',
  sourceStage: null,
  metrics: { macro_f1, accuracy: 0.85, 'classes.a.f1': 1 },
  createdAt: 0,
  aliases: [],
});
const gain: Extract<GateResult, { gate: 'gain' }> = {
  gate: 'gain',
  verdict: 'passed',
  metric: 'macro_f1',
  minGain: 0,
  against: 1,
  gain: 0.0069,
  value: 0.8431,
  was: 0.8362,
  interval: [-0.004, 0.018],
  rows: 519,
};
const answer = { label: 'positive', probability: 0.93 };
const gates: GateResult[] = [
  { gate: 'loads', verdict: 'passed', milliseconds: 41.2, problem: null },
  { gate: 'example', verdict: 'passed', expected: answer, got: answer },
  { gate: 'threshold', verdict: 'passed', metric: 'macro_f1', bound: 'min', limit: 0.75, value: 0.8431 },
  gain,
];
const promoted: PromotionOutcome = {
  outcome: 'promoted',
  version: version(2, 'Production'),
  from: 'Staging',
  to: 'Production',
  production: version(1, 'Production'),
  replaced: version(1, 'Archived'),
  gates,
};

describe('mlp promote', () => {
  it('shows each gate with what it measured, what moved, and the way back', () => {
    expect(renderPromotion(promoted, screen)).toBe(`  sentiment v2   Staging -> Production
  loads in a fresh process     passed   41 ms
  reproduces its example       passed   positive 0.93
  macro_f1 >= 0.75             passed   0.8431
  macro_f1 not worse than v1   passed   +0.0069 (95 %: -0.0040 to +0.0180)
  v1 and this one were asked about the same 519 rows

  v2 -> Production · v1 -> Archived · undo with mlp rollback sentiment
  next: mlp serve
`);
  });

  it('says what stays and what to do when gates refuse', () => {
    const refused: PromotionOutcome = {
      ...promoted,
      outcome: 'refused',
      version: version(2, 'Staging'),
      replaced: null,
      gates: [{ ...gain, verdict: 'refused', gain: -0.0123, interval: null, rows: null }],
    };
    expect(renderPromotion({ ...refused, chosen: { among: 2, metric: 'macro_f1' } }, screen)).toBe(
      `  sentiment v2   Staging -> Production   (best of 2 in Staging by macro_f1)
  macro_f1 not worse than v1   refused   -0.0123
  compared by recorded metrics: no test set was asked (models.sentiment.test_set)

  refused by 1 of 1 gates: v1 stays in Production
  next: mlp compare shows the runs · mlp repro -S NAME=VALUE trains another
`,
    );
  });

  it.each<[GateResult, string, string]>([
    [
      { gate: 'threshold', verdict: 'refused', metric: 'm', bound: 'min', limit: 0.75, value: 0.7312 },
      'm >= 0.75',
      '0.7312, 0.0188 too low',
    ],
    [
      { gate: 'threshold', verdict: 'refused', metric: 'm', bound: 'max', limit: 0.5, value: 0.75 },
      'm <= 0.5',
      '0.7500, 0.2500 too high',
    ],
    [
      { gate: 'threshold', verdict: 'refused', metric: 'm', bound: 'min', limit: 1, value: null },
      'm >= 1',
      'the run recorded no m',
    ],
    [
      { ...gain, verdict: 'refused', minGain: 0.01 },
      'macro_f1 gain over v1 >= 0.01',
      '+0.0069, 0.0031 short (95 %: -0.0040 to +0.0180)',
    ],
    [
      { ...gain, verdict: 'skipped', against: null, gain: null },
      'macro_f1 not worse than Production',
      'nothing is in Production yet',
    ],
    [
      { gate: 'latency', verdict: 'refused', limitMs: 10, medianMs: 12.5 },
      'one prediction <= 10 ms',
      '13 ms, 2.50 ms too slow',
    ],
    [
      { gate: 'example', verdict: 'refused', expected: answer, got: { label: 'negative', probability: 0.51 } },
      'reproduces its example',
      'positive 0.93 became negative 0.51',
    ],
    [
      { gate: 'loads', verdict: 'refused', milliseconds: null, problem: 'weights\u001b[2J short' },
      'loads in a fresh process',
      'weights short',
    ],
  ])('says by how much: %j', (gate, title, measured) => {
    expect([gateTitle(gate), gateMeasured(gate)]).toStrictEqual([title, measured]);
  });
});

describe('mlp models and rollback', () => {
  it('list a line a model and a line a version', () => {
    const model = {
      name: 'sentiment',
      createdAt: 0,
      versions: [version(2, 'Staging'), version(1, 'Production', 0.8362)],
    };
    expect(renderModels([model], screen)).toBe(`  model       production   staging   versions   newest
  sentiment   v1           v2               2   1 h ago

  next: mlp models show sentiment · mlp promote sentiment
`);
    expect(renderModel(model, screen)).toBe(`  sentiment
  version  stage       macro_f1  accuracy  run            made     content
  v2       Staging       0.8431    0.8500  calm-otter-2   1 h ago  2c2c2c2c..
  v1       Production    0.8362    0.8500  brisk-heron-1  1 h ago  1c1c1c1c..

  next: mlp promote sentiment · mlp models history sentiment
`);
  });

  it('tell the audit trail with the gates that refused', () => {
    const entry: AuditEntry = {
      id: 1,
      model: 'sentiment',
      version: 2,
      action: 'promote',
      outcome: 'refused',
      from: 'Staging',
      to: 'Production',
      at: 0,
      who: 'ada',
      why: '',
      gates: [{ ...gain, verdict: 'refused' }],
      gitCommit: 'abcdef0123',
    };
    const done: AuditEntry = { ...entry, outcome: 'done', gates, why: 'better', gitCommit: null };
    expect(renderHistory([done, entry], screen)).toBe(`  when     version  step                   by   commit   why
  1 h ago  v2       -> Production          ada  -        gates 4/4 · better
  1 h ago  v2       -> Production refused  ada  abcdef0  failed: macro_f1 not w…
`);
  });

  it('say what went back', () => {
    const moved = { version: version(1, 'Production'), replaced: version(2, 'Archived') };
    expect(renderRollback(moved, screen)).toBe(`  sentiment   v1 -> Production · v2 -> Archived
  next: mlp models history sentiment
`);
  });
});
