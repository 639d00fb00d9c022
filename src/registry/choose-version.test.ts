import { describe, expect, it } from 'vitest';
import { asContentHash } from '../core/brands.ts';
import type { Result } from '../core/result.ts';
import { candidateFor, chooseModel, namedVersion, parseModelReference } from './choose-version.ts';
import type { ModelStage, ModelVersion, RegisteredModel } from './types.ts';

const reasonOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.reason);
const version = (number: number, stage: ModelStage, metrics: Record<string, number> = {}): ModelVersion => ({
  model: 'sentiment',
  version: number,
  stage,
  hash: asContentHash(String(number).repeat(64)),
  path: 'model',
  runId: null,
  runName: null,
  sourceStage: null,
  metrics,
  createdAt: 0,
  aliases: number === 1 ? ['champion'] : [],
});
const model = (...versions: ModelVersion[]): RegisteredModel => ({ name: 'sentiment', createdAt: 0, versions });

describe('parseModelReference', () => {
  it.each([
    ['sentiment', { model: 'sentiment' }],
    ['sentiment@v2', { model: 'sentiment', version: { number: 2 } }],
    ['sentiment@2', { model: 'sentiment', version: { number: 2 } }],
    ['sentiment@production', { model: 'sentiment', version: { stageOrAlias: 'production' } }],
    ['v12', { version: { number: 12 } }],
    ['3', { version: { number: 3 } }],
  ])('reads %s', (text, value) => {
    expect(parseModelReference(text)).toStrictEqual({ ok: true, value });
  });

  it.each(['', '@v1', 'a@', 'a@b@c'])('refuses %j', (text) => {
    expect(reasonOf(parseModelReference(text))).toBe('bad-model-reference');
  });
});

describe('choosing', () => {
  it('takes the only model, and wants a name where there are several', () => {
    const one = model();
    const asked = { name: undefined, command: 'promote' };
    expect(chooseModel([one], asked)).toStrictEqual({ ok: true, value: one });
    expect(reasonOf(chooseModel([one, { ...one, name: 'other' }], asked))).toBe('which-model');
    expect(reasonOf(chooseModel([], asked))).toBe('no-models');
    expect(chooseModel([one], { ...asked, name: 'sentimet' })).toMatchObject({
      error: { detail: { near: ['sentiment'] } },
    });
  });

  it('finds a version by number, stage or alias', () => {
    const versions = model(version(2, 'Production'), version(1, 'Archived'));
    const numberOf = (named: Parameters<typeof namedVersion>[1]): number | string => {
      const found = namedVersion(versions, named);
      return found.ok ? found.value.version : found.error.reason;
    };
    expect(numberOf({ number: 1 })).toBe(1);
    expect(numberOf({ stageOrAlias: 'production' })).toBe(2);
    expect(numberOf({ stageOrAlias: 'champion' })).toBe(1);
    expect(numberOf({ number: 9 })).toBe('unknown-version');
    expect(numberOf({ stageOrAlias: 'staging' })).toBe('unknown-version');
  });

  const rules = { thresholds: [{ metric: 'accuracy', min: 0.5 }] };
  const chosen = (versions: RegisteredModel, thresholds = rules): number | string => {
    const found = candidateFor(versions, 'Production', thresholds);
    return found.ok ? found.value.version.version : found.error.reason;
  };

  it('offers the best in Staging by the metric that decides, the newest of equals', () => {
    const staged = (...values: number[]): RegisteredModel =>
      model(...values.map((accuracy, i) => version(i + 1, 'Staging', { accuracy })).reverse());
    expect(chosen(staged(0.7, 0.9, 0.8))).toBe(2);
    expect(chosen(staged(0.9, 0.7, 0.9))).toBe(3);
    expect(chosen(staged(NaN, 0.1))).toBe(2);
  });

  it('offers the lowest where less is better', () => {
    const loss = { thresholds: [{ metric: 'log_loss', max: 1 }] } as never;
    const versions = model(version(2, 'Staging', { log_loss: 0.6 }), version(1, 'Staging', { log_loss: 0.4 }));
    expect(chosen(versions, loss)).toBe(1);
  });

  it('offers nothing from another stage', () => {
    expect(chosen(model(version(3, 'Development'), version(2, 'Production'), version(1, 'Archived')))).toBe(
      'nothing-to-promote',
    );
  });
});
