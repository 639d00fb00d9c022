import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asContentHash, asRunId, asStageName } from '../core/brands.ts';
import { processIdentity } from '../core/process-identity.ts';
import type { Result } from '../core/result.ts';
import { openSqlite } from '../core/sqlite.ts';
import { openTrackingStore } from '../tracking/sqlite-store.ts';
import { openRegistry, type SqliteRegistry } from './sqlite-registry.ts';
import type { Move, NewVersion } from './types.ts';

const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.reason} ${JSON.stringify(result.error.detail)}`);
  return result.value;
};
const reasonOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.reason);
const hash = (n: number) => asContentHash(n.toString(16).padStart(64, '0'));
const by = { who: 'ada', why: 'test', gitCommit: 'abc123' };
const made = (n: number, more: Partial<NewVersion> = {}): NewVersion => ({
  model: 'sentiment',
  hash: hash(n),
  path: 'artifacts/model',
  runId: null,
  sourceStage: asStageName('train'),
  metrics: { macro_f1: n / 10 },
  by,
  ...more,
});
const toProduction = (version: number, more: Partial<Move> = {}): Move => ({
  model: 'sentiment',
  version,
  from: 'Development',
  to: 'Production',
  production: null,
  by,
  gates: [{ gate: 'loads', verdict: 'passed', milliseconds: 1, problem: null }],
  ...more,
});

let folder: string;
let file: string;
let registry: SqliteRegistry;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-registry-'));
  file = join(folder, 'mlp.db');
  registry = must(openRegistry(file, { access: 'create', clock: { now: () => 7 } }));
});
afterEach(async () => {
  await registry.close();
  rmSync(folder, { recursive: true });
});

const stages = async () => {
  const [model] = must(await registry.listModels());
  return Object.fromEntries((model?.versions ?? []).map(({ version, stage }) => [`v${version}`, stage]));
};

describe('registering', () => {
  it('numbers the versions of each model from 1, in Development', async () => {
    expect(must(await registry.register(made(1)))).toMatchObject({ isNew: true, version: { version: 1 } });
    expect(must(await registry.register(made(2)))).toMatchObject({ isNew: true, version: { version: 2 } });
    expect(must(await registry.register(made(1, { model: 'other' })))).toMatchObject({ version: { version: 1 } });
    expect(await stages()).toStrictEqual({ v1: 'Development' });
    expect(must(await registry.listModels()).map(({ name }) => name)).toStrictEqual(['other', 'sentiment']);
  });

  it('makes no second version of the same content', async () => {
    must(await registry.register(made(1)));
    expect(must(await registry.register(made(1)))).toMatchObject({ isNew: false, version: { version: 1 } });
    expect(must(await registry.history('sentiment')).length).toBe(1);
  });

  it('knows the versions of a run: those it registered, and those whose content it made again', async () => {
    const store = must(openTrackingStore(file, { access: 'existing' }));
    const run = { experiment: 'e', startedAt: 1, process: processIdentity(), tags: {} };
    const first = must(await store.createRun({ ...run, id: asRunId('a'.repeat(32)) }));
    const second = must(await store.createRun({ ...run, id: asRunId('b'.repeat(32)) }));
    must(await registry.register(made(1, { runId: first.id })));
    const stage = {
      position: 0,
      action: 'restored',
      reasons: [],
      seconds: 0,
      cpuSeconds: null,
      peakMemoryBytes: null,
    } as const;
    const rest = { exitStatus: null, attempts: 0, logFile: null, fingerprint: null, deps: [] };
    const outs = [{ path: 'artifacts/model', hash: hash(1), size: 1, files: 2 }];
    must(await store.recordStages(second.id, [{ ...stage, ...rest, stage: asStageName('train'), outs }]));
    const found = must(await registry.versionsOfRuns([first.id, second.id]));
    expect([...found].map(([id, versions]) => [id, versions.map(({ version }) => version)])).toStrictEqual([
      [first.id, [1]],
      [second.id, [1]],
    ]);
    expect(found.get(first.id)?.[0]).toMatchObject({ runName: first.name, metrics: { macro_f1: 0.1 }, createdAt: 7 });
    await store.close();
  });
});

describe('moving', () => {
  beforeEach(async () => {
    for (const n of [1, 2, 3]) must(await registry.register(made(n)));
  });

  it('archives the former version when another goes to Production, with both in the audit trail', async () => {
    must(await registry.move(toProduction(1)));
    const moved = must(await registry.move(toProduction(2, { production: 1 })));
    expect(moved).toMatchObject({
      version: { version: 2, stage: 'Production' },
      replaced: { version: 1, stage: 'Archived' },
    });
    expect(must(await registry.currentProduction('sentiment'))?.version).toBe(2);
    const trail = must(await registry.history('sentiment'));
    expect(trail.slice(0, 3).map(({ version, action, from, to }) => [version, action, from, to])).toStrictEqual([
      [2, 'promote', 'Development', 'Production'],
      [1, 'replace', 'Production', 'Archived'],
      [1, 'promote', 'Development', 'Production'],
    ]);
    expect(trail[0]).toMatchObject({ who: 'ada', why: 'test', gitCommit: 'abc123', at: 7, outcome: 'done' });
    expect(trail[0]?.gates).toStrictEqual(toProduction(2).gates);
  });

  it('lets only one of two promotions win that saw the same state', async () => {
    must(await registry.move(toProduction(1)));
    must(await registry.move(toProduction(2, { production: 1 })));
    expect(reasonOf(await registry.move(toProduction(3, { production: 1 })))).toBe('model-moved');
    expect(reasonOf(await registry.move(toProduction(2, { production: 2 })))).toBe('model-moved');
    expect(await stages()).toStrictEqual({ v1: 'Archived', v2: 'Production', v3: 'Development' });
  });

  it('keeps a refusal without moving anything', async () => {
    must(await registry.refuse(toProduction(3)));
    expect((await stages())['v3']).toBe('Development');
    expect(must(await registry.history('sentiment'))[0]).toMatchObject({
      version: 3,
      outcome: 'refused',
      to: 'Production',
    });
  });

  it('knows what it does not know', async () => {
    expect(reasonOf(await registry.move(toProduction(9)))).toBe('unknown-version');
    expect(await registry.history('sentimnt')).toMatchObject({
      error: { reason: 'unknown-model', detail: { near: ['sentiment'] } },
    });
    const empty = must(openRegistry(join(folder, 'empty.db'), { access: 'create' }));
    expect(reasonOf(await empty.history('sentiment'))).toBe('no-models');
    await empty.close();
  });
});

describe('rolling back', () => {
  const back = async () => {
    const { from, to } = must(await registry.rollbackTarget('sentiment'));
    must(await registry.rollback({ model: 'sentiment', from: from.version, to: to.version, by }));
    return stages();
  };

  it('goes one promotion back each time, and not to and fro', async () => {
    for (const n of [1, 2, 3]) must(await registry.register(made(n)));
    must(await registry.move(toProduction(1)));
    must(await registry.move(toProduction(2, { production: 1 })));
    must(await registry.move(toProduction(3, { production: 2 })));
    expect(await back()).toStrictEqual({ v1: 'Archived', v2: 'Production', v3: 'Archived' });
    expect(await back()).toStrictEqual({ v1: 'Production', v2: 'Archived', v3: 'Archived' });
    expect(reasonOf(await registry.rollbackTarget('sentiment'))).toBe('nothing-to-roll-back');
    must(await registry.move(toProduction(3, { production: 1, from: 'Archived' })));
    expect(await back()).toStrictEqual({ v1: 'Production', v2: 'Archived', v3: 'Archived' });
  });

  it('goes by the order of the promotions, also when the clock was set back between them', async () => {
    let now = 9000;
    const clock = { now: () => (now -= 1000) };
    const later = must(openRegistry(file, { access: 'existing', clock }));
    for (const n of [1, 2, 3]) must(await later.register(made(n)));
    must(await later.move(toProduction(1)));
    must(await later.move(toProduction(2, { production: 1 })));
    expect(await back()).toStrictEqual({ v1: 'Production', v2: 'Archived', v3: 'Development' });
    const [model] = must(await later.listModels());
    expect(model?.versions.map(({ version }) => version)).toStrictEqual([3, 2, 1]);
    const ids = must(await later.history('sentiment')).map(({ version, action }) => `${action} ${version}`);
    // Newest first; each archiving belongs to the step before it.
    expect(ids[0]).toBe('rollback 1');
    expect(ids.slice(-3)).toStrictEqual(['register 3', 'register 2', 'register 1']);
    await later.close();
  });

  it('needs something in Production, and something before it', async () => {
    must(await registry.register(made(1)));
    expect(await registry.rollbackTarget('sentiment')).toMatchObject({ error: { detail: { current: null } } });
    must(await registry.move(toProduction(1)));
    expect(await registry.rollbackTarget('sentiment')).toMatchObject({ error: { detail: { current: 1 } } });
  });

  it('does nothing when Production is another by now', async () => {
    for (const n of [1, 2]) must(await registry.register(made(n)));
    must(await registry.move(toProduction(1)));
    must(await registry.move(toProduction(2, { production: 1 })));
    expect(reasonOf(await registry.rollback({ model: 'sentiment', from: 1, to: 2, by }))).toBe('model-moved');
    expect(await stages()).toStrictEqual({ v1: 'Archived', v2: 'Production' });
  });
});

describe('the file itself', () => {
  it.each([
    ['UPDATE transitions SET who = ?', 'mallory'],
    ['DELETE FROM transitions WHERE id > ?', 0],
    [
      `INSERT OR REPLACE INTO transitions SELECT id, version, action, outcome, from_stage, to_stage, made_at, ?, why, gates, git_commit FROM transitions`,
      'mallory',
    ],
  ])('refuses to change the audit trail: %s', async (sql, value) => {
    must(await registry.register(made(1)));
    // Another program would not set what our connections set.
    const raw = openSqlite(file);
    raw.pragma('recursive_triggers = OFF');
    expect(() => raw.prepare(sql).run(value)).toThrow('the audit trail only grows');
    raw.close();
    expect(must(await registry.history('sentiment'))).toMatchObject([{ who: 'ada' }]);
  });

  it('holds one version in Production, and versions that change their stage only', async () => {
    for (const n of [1, 2]) must(await registry.register(made(n)));
    const raw = openSqlite(file);
    expect(() => raw.exec(`UPDATE model_versions SET stage = 'Production'`)).toThrow('UNIQUE');
    expect(() => raw.exec(`UPDATE model_versions SET hash = '${hash(9)}'`)).toThrow('stage only');
    raw.close();
  });
});
