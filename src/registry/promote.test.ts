import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asContentHash } from '../core/brands.ts';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type Promotion, type PromotionPorts, promote } from './promote.ts';
import type { PackageProbe, ProbeReport, ProbeRequest } from './probe.ts';
import { registerAndStage } from './register-and-stage.ts';
import { openRegistry, type SqliteRegistry } from './sqlite-registry.ts';
import type { ModelVersion, NewVersion } from './types.ts';

const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
};
const answer = { label: 'positive', probability: 0.9 };
const works = { loads: true, loadMs: 1, example: { same: true, expected: answer, got: answer }, medianMs: 1 } as const;
const by = { who: 'ada', why: '', gitCommit: null };
const rules = { thresholds: [{ metric: 'macro_f1', min: 0.5 }] };
const made = (n: number, macroF1: number): NewVersion & { rules: typeof rules } => ({
  model: 'sentiment',
  hash: asContentHash(n.toString(16).padStart(64, '0')),
  path: 'artifacts/model',
  runId: null,
  sourceStage: null,
  metrics: { macro_f1: macroF1 },
  by,
  rules,
});

let folder: string;
let registry: SqliteRegistry;
let asked: ProbeRequest[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-promote-'));
  registry = must(openRegistry(join(folder, 'mlp.db'), { access: 'create' }));
  asked = [];
});
afterEach(async () => {
  await registry.close();
  rmSync(folder, { recursive: true });
});

const answering =
  (report: ProbeReport): PackageProbe =>
  (request) => {
    asked.push(request);
    return Promise.resolve(ok(report));
  };
const ports = (probe: PackageProbe = answering({ candidate: works })): PromotionPorts => ({
  registry,
  probe,
  materialise: (hash) => Promise.resolve(ok(`/cache/${hash.slice(-1)}`)),
});
const toProduction = (candidate: ModelVersion): Promotion => ({ candidate, to: 'Production', rules, by });
const versionOf = async (version: number): Promise<ModelVersion> => {
  const [model] = must(await registry.listModels());
  const found = model?.versions.find((other) => other.version === version);
  if (found === undefined) throw new Error(`no v${version}`);
  return found;
};

describe('registerAndStage', () => {
  it('registers new content and moves it to Staging when its gates pass', async () => {
    const staged = must(await registerAndStage(ports(), made(1, 0.8)));
    expect(staged).toMatchObject({ version: 1, stage: 'Staging', isNew: true });
    expect(staged.gates.map(({ verdict }) => verdict)).toStrictEqual(['passed', 'passed', 'passed']);
    expect(asked).toStrictEqual([{ candidate: '/cache/1' }]);
  });

  it('leaves it in Development when a gate refuses, and keeps the refusal', async () => {
    expect(must(await registerAndStage(ports(), made(1, 0.4)))).toMatchObject({ stage: 'Development', isNew: true });
    expect(must(await registry.history('sentiment'))[0]).toMatchObject({ outcome: 'refused', to: 'Staging' });
  });

  it('neither measures nor moves content that is known', async () => {
    must(await registerAndStage(ports(), made(1, 0.8)));
    const again = must(await registerAndStage(ports(), made(1, 0.8)));
    expect(again).toMatchObject({ version: 1, stage: 'Staging', isNew: false, gates: [] });
    expect(asked.length).toBe(1);
  });

  it('keeps the version when it could not be measured', async () => {
    const failing: PackageProbe = () => Promise.resolve(err(failure('probe-failed', { problem: 'killed' })));
    expect(await registerAndStage(ports(failing), made(1, 0.8))).toMatchObject({ error: { reason: 'probe-failed' } });
    expect((await versionOf(1)).stage).toBe('Development');
  });
});

describe('promote', () => {
  beforeEach(async () => {
    must(await registerAndStage(ports(), made(1, 0.8)));
    must(await promote(ports(), toProduction(await versionOf(1))));
    asked = [];
  });

  it('asks candidate and production about the same test set, and replaces the worse', async () => {
    must(await registerAndStage(ports(), made(2, 0.8)));
    const testSet = { path: '/test.csv', textColumn: 'text', labelColumn: 'label' };
    const report: ProbeReport = {
      candidate: { ...works, predictions: [0, 1, 1] },
      production: { ...works, predictions: [0, 0, 1] },
      testSet: { labels: ['a', 'b'], truth: [0, 1, 1] },
    };
    const promotion = { ...toProduction(await versionOf(2)), testSet };
    const outcome = must(await promote(ports(answering(report)), promotion));
    expect(outcome).toMatchObject({
      outcome: 'promoted',
      from: 'Staging',
      replaced: { version: 1 },
      production: { version: 1 },
    });
    expect(asked.at(-1)).toStrictEqual({ candidate: '/cache/2', production: '/cache/1', testSet });
  });

  it('refuses one that is worse by its recorded metrics, moves nothing and keeps the refusal', async () => {
    must(await registerAndStage(ports(), made(2, 0.7)));
    const outcome = must(await promote(ports(), toProduction(await versionOf(2))));
    expect(outcome).toMatchObject({ outcome: 'refused', version: { stage: 'Staging' }, replaced: null });
    expect(must(await registry.currentProduction('sentiment'))?.version).toBe(1);
    expect(must(await registry.history('sentiment'))[0]).toMatchObject({ outcome: 'refused', version: 2 });
  });

  it('is not held up by lost content of the version it replaces', async () => {
    must(await registerAndStage(ports(), made(2, 0.9)));
    const lost: PromotionPorts = {
      ...ports(),
      materialise: (hash) =>
        Promise.resolve(hash.endsWith('1') ? err(failure('probe-failed', { problem: 'gone' })) : ok('/cache/2')),
    };
    expect(must(await promote(lost, toProduction(await versionOf(2))))).toMatchObject({ outcome: 'promoted' });
    expect(asked.at(-1)).toStrictEqual({ candidate: '/cache/2' });
  });

  it('does not win when another was promoted while the gates ran', async () => {
    must(await registerAndStage(ports(), made(2, 0.9)));
    must(await registerAndStage(ports(), made(3, 0.9)));
    const rival = await versionOf(3);
    const slow: PackageProbe = async () => {
      must(await promote(ports(), toProduction(rival)));
      return ok({ candidate: works });
    };
    expect(await promote(ports(slow), toProduction(await versionOf(2)))).toMatchObject({
      error: { reason: 'model-moved' },
    });
    expect(must(await registry.currentProduction('sentiment'))?.version).toBe(3);
  });
});
