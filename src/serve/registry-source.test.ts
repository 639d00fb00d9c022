import { describe, expect, it } from 'vitest';
import { asContentHash } from '../core/brands.ts';
import { ok } from '../core/result.ts';
import type { ModelStage, ModelVersion, RegisteredModel } from '../registry/types.ts';
import { chooseModel, RegistrySource, type ServedStage } from './registry-source.ts';
import { WordModel } from './test-kit.ts';

const version = (number: number, stage: ModelStage, model = 'sentiment'): ModelVersion => ({
  model,
  version: number,
  stage,
  hash: asContentHash(String(number).repeat(64)),
  path: 'artifacts/model',
  runId: null,
  runName: null,
  sourceStage: null,
  metrics: {},
  createdAt: 0,
  aliases: [],
});

const model = (name: string, ...versions: ModelVersion[]): RegisteredModel => ({ name, createdAt: 0, versions });

function source(models: readonly RegisteredModel[], stage: ServedStage, opened: string[] = []) {
  return new RegistrySource('sentiment', {
    registry: {
      listModels: () => Promise.resolve(ok(models)),
      currentProduction: (name) =>
        Promise.resolve(
          ok(models.find((each) => each.name === name)?.versions.find((each) => each.stage === 'Production') ?? null),
        ),
    },
    stage,
    materialise: (hash) => Promise.resolve(ok(`/cache/${hash}`)),
    loadPackage: (folder) => {
      opened.push(folder);
      return Promise.resolve(ok(new WordModel()));
    },
  });
}

const versions = [version(4, 'Staging'), version(3, 'Staging'), version(2, 'Production'), version(1, 'Archived')];

describe('RegistrySource', () => {
  it('gives the version in production, and loads it from its content rather than from the workspace', async () => {
    const opened: string[] = [];
    const from = source([model('sentiment', ...versions)], 'production', opened);
    const current = await from.current();
    expect(current).toEqual(ok({ name: 'sentiment', version: '2', stage: 'production', hash: '2'.repeat(64) }));
    if (current.ok) await from.load(current.value);
    expect(opened).toEqual([`/cache/${'2'.repeat(64)}`]);
  });

  it('gives the newest version in staging where asked', async () => {
    const current = await source([model('sentiment', ...versions)], 'staging').current();
    expect(current).toMatchObject({ value: { version: '4', stage: 'staging' } });
  });

  it('says when the stage is empty', async () => {
    for (const stage of ['production', 'staging'] as const) {
      const current = await source([model('sentiment', version(1, 'Archived'))], stage).current();
      expect(current).toMatchObject({ error: { reason: 'no-model-to-serve', detail: { model: 'sentiment', stage } } });
    }
  });
});

describe('chooseModel', () => {
  const choose = (models: RegisteredModel[], name?: string, stage: ServedStage = 'production') =>
    chooseModel(models, { name, stage, command: 'serve' });
  const live = model('a', version(1, 'Production', 'a'));
  const idle = model('b', version(1, 'Staging', 'b'));

  it('takes the only model, or the only one with a version in the stage', () => {
    expect(choose([idle])).toEqual(ok('b'));
    expect(choose([live, idle])).toEqual(ok('a'));
    expect(choose([live, idle], undefined, 'staging')).toEqual(ok('b'));
  });

  it('takes the named one, and hints at near names', () => {
    expect(choose([live, idle], 'b')).toEqual(ok('b'));
    expect(choose([model('sentiment')], 'sentimnet')).toMatchObject({
      error: { reason: 'unknown-model', detail: { near: ['sentiment'] } },
    });
  });

  it('does not guess between several', () => {
    expect(choose([live, model('c', version(1, 'Production', 'c'))])).toMatchObject({
      error: { reason: 'which-model', detail: { names: ['a', 'c'], command: 'serve --model' } },
    });
    expect(choose([])).toMatchObject({ error: { reason: 'no-model-to-serve' } });
  });
});
