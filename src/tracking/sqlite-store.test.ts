import { mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { asContentHash, asFingerprint, asRunId, asStageName, type RunId } from '../core/brands.ts';
import { processIdentity } from '../core/process-identity.ts';
import type { Result } from '../core/result.ts';
import { openSqlite } from '../core/sqlite.ts';
import { openTrackingStore, type SqliteTrackingStore } from './sqlite-store.ts';
import type { NewRun, StageRow } from './types.ts';

const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(`${result.error.reason} ${JSON.stringify(result.error.detail)}`);
  return result.value;
};
const reasonOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.reason);
const idOf = (n: number): RunId => asRunId(n.toString(16).padStart(32, '0'));
const hash = (n: number) => asContentHash(n.toString(16).padStart(64, '0'));
const newRun = (n: number, more: Partial<NewRun> = {}): NewRun => ({
  id: idOf(n),
  experiment: 'default',
  startedAt: 1000 * n,
  process: processIdentity(),
  tags: {},
  ...more,
});
const stage = (name: string, more: Partial<StageRow> = {}): StageRow => ({
  stage: asStageName(name),
  position: 0,
  action: 'ran',
  reasons: [{ kind: 'never-run' }],
  seconds: 0.5,
  cpuSeconds: 0.4,
  peakMemoryBytes: 1e8,
  exitStatus: 0,
  attempts: 1,
  logFile: `.mlp/logs/x/${name}.log`,
  fingerprint: asFingerprint('f'.repeat(64)),
  deps: [{ path: 'data.csv', hash: hash(1), size: 10 }],
  outs: [{ path: 'model', hash: hash(2), size: 20, files: 2 }],
  ...more,
});

let folder: string;
let store: SqliteTrackingStore;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-tracking-'));
  store = must(openTrackingStore(join(folder, '.mlp/mlp.db'), { access: 'create' }));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

describe('a recorded run', () => {
  it('comes back as it was logged, with the type of every value', async () => {
    const run = must(await store.createRun(newRun(1, { tags: { 'git.commit': 'abc' } })));
    const params = { a: 1, b: true, c: '1', d: null, e: [1, 'x'], f: 0.1, g: NaN, __proto__x: {} };
    must(await store.logParams(run.id, params));
    must(await store.logMetrics(run.id, { accuracy: 0.85, loss: NaN, bound: -Infinity }, { timestamp: 5, step: 0 }));
    must(await store.setTags(run.id, { message: 'größer ✓' }));
    const rows = [stage('prepare'), stage('train', { position: 1, reasons: [{ kind: 'forced' }], cpuSeconds: null })];
    for (const row of rows) must(await store.recordStages(run.id, [row]));
    must(await store.finishRun(run.id, { status: 'FINISHED', endedAt: 3000 }));
    expect(must(await store.findRun(run.name))).toStrictEqual({
      ...run,
      status: 'FINISHED',
      endedAt: 3000,
      params,
      metrics: { accuracy: 0.85, loss: NaN, bound: -Infinity },
      tags: { 'git.commit': 'abc', message: 'größer ✓' },
      stages: rows,
    });
  });

  it('is named by two words and its number, and the words come from its id', async () => {
    const first = must(await store.createRun(newRun(0xabcdef)));
    const second = must(await store.createRun(newRun(2)));
    expect(first.name).toMatch(/^[a-z]+-[a-z]+-1$/);
    expect(second.name).toMatch(/^[a-z]+-[a-z]+-2$/);
  });

  it('keeps its params: the same value again is accepted, another one refused whole', async () => {
    const { id } = must(await store.createRun(newRun(1)));
    must(await store.logParams(id, { c: 1 }));
    must(await store.logParams(id, { c: 1, d: 2 }));
    expect(reasonOf(await store.logParams(id, { e: 3, c: '1' }))).toBe('param-logged-twice');
    expect(must(await store.findRun(id)).params).toStrictEqual({ c: 1, d: 2 });
  });

  it('has as a metric the value of the greatest step, then time, then the one logged last', async () => {
    const { id } = must(await store.createRun(newRun(1)));
    const log = async (value: number, step: number, timestamp: number): Promise<void> => {
      must(await store.logMetrics(id, { loss: value }, { step, timestamp }));
    };
    await log(0.5, 2, 10);
    await log(0.9, 1, 20);
    expect(must(await store.findRun(id)).metrics).toStrictEqual({ loss: 0.5 });
    await log(0.4, 2, 10);
    await log(0.3, 2, 9);
    expect(must(await store.findRun(id)).metrics).toStrictEqual({ loss: 0.4 });
    const history = must(await store.metricHistory(id, 'loss'));
    expect(history.map(({ value }) => value)).toStrictEqual([0.9, 0.3, 0.5, 0.4]);
  });

  it('shows the last record of a stage that was recorded twice', async () => {
    const { id } = must(await store.createRun(newRun(1)));
    must(await store.recordStages(id, [stage('train', { action: 'failed', exitStatus: 1, outs: [] })]));
    must(await store.recordStages(id, [stage('train')]));
    expect(must(await store.findRun(id)).stages).toStrictEqual([stage('train')]);
  });

  it('is unknown to a store that never made it', async () => {
    expect(reasonOf(await store.logParams(idOf(9), { a: 1 }))).toBe('unknown-run');
    expect(reasonOf(await store.finishRun(idOf(9), { status: 'FAILED', endedAt: 1 }))).toBe('unknown-run');
    expect(reasonOf(await store.getRuns([idOf(9)]))).toBe('unknown-run');
  });
});

describe('findRun', () => {
  it('takes an id, a unique start of an id or name, a number, a name, and @N for the N-th newest', async () => {
    const ids = ['aaaa1111', 'aaaa2222', 'bbbb3333'].map((start) => asRunId(start.padEnd(32, '0')));
    const rows = [];
    for (const id of ids) rows.push(must(await store.createRun({ ...newRun(1), id })));
    const [first, , third] = rows;
    for (const reference of [third?.id, 'bbbb', third?.name, '3', '@1', third?.name.replace(/-3$/, '')]) {
      expect(must(await store.findRun(reference ?? '')).number, reference).toBe(3);
    }
    expect(must(await store.findRun('@3')).id).toBe(first?.id);
    expect(must(await store.findRun('aaaa1')).number).toBe(1);
  });

  it('refuses what may mean several runs, and says which', async () => {
    const one = must(await store.createRun({ ...newRun(1), id: asRunId('aaaa1111'.padEnd(32, '0')) }));
    const two = must(await store.createRun({ ...newRun(1), id: asRunId('aaaa1111'.padEnd(32, '1')) }));
    const found = await store.findRun('aaaa');
    expect(found).toMatchObject({
      ok: false,
      error: { reason: 'ambiguous-run', detail: { names: [two.name, one.name] } },
    });
  });

  it('offers the nearest name for a mistyped one', async () => {
    const { name } = must(await store.createRun(newRun(1)));
    const typo = `${name.slice(0, 2)}x${name.slice(2)}`;
    expect(await store.findRun(typo)).toMatchObject({ ok: false, error: { detail: { near: [name] } } });
    expect(reasonOf(await store.findRun('@2'))).toBe('unknown-run');
    expect(reasonOf(await store.findRun(''))).toBe('unknown-run');
    expect(reasonOf(await store.findRun("' OR 1=1 --"))).toBe('unknown-run');
  });
});

describe('searching', () => {
  beforeEach(async () => {
    const parent = must(await store.createRun(newRun(1, { experiment: 'sweep' })));
    const cs = [0.1, 1, '1', true, NaN];
    for (const [index, c] of cs.entries()) {
      const { id } = must(await store.createRun(newRun(10 + index, { experiment: 'sweep', parent: parent.id })));
      must(await store.logParams(id, { c }));
      must(await store.logMetrics(id, { f1: index === 4 ? NaN : index / 10 }, { timestamp: 1, step: 0 }));
      must(await store.setTags(id, { even: String(index % 2 === 0) }));
      must(await store.finishRun(id, { status: index === 3 ? 'FAILED' : 'FINISHED', endedAt: 2 }));
    }
    must(await store.createRun(newRun(20)));
  });
  const numbers = async (filter: Parameters<SqliteTrackingStore['listRuns']>[0]) => {
    const rows = must(await store.listRuns(filter));
    if (filter.limit === undefined) expect(must(await store.countRuns(filter))).toBe(rows.length);
    return rows.map(({ number }) => number);
  };

  it('tells 1 from "1" and true, and finds not-a-number', async () => {
    const equal = (value: number | string | boolean) => numbers({ where: [{ on: 'param', key: 'c', is: '=', value }] });
    expect(await equal(1)).toStrictEqual([3]);
    expect(await equal('1')).toStrictEqual([4]);
    expect(await equal(true)).toStrictEqual([5]);
    expect(await equal(NaN)).toStrictEqual([6]);
  });

  it('compares numbers by order, and text and not-a-number never', async () => {
    expect(await numbers({ where: [{ on: 'param', key: 'c', is: '>=', value: 0 }] })).toStrictEqual([3, 2]);
    expect(await numbers({ where: [{ on: 'metric', key: 'f1', is: '<', value: 0.2 }] })).toStrictEqual([3, 2]);
    expect(await numbers({ where: [{ on: 'param', key: 'c', is: '!=', value: 1 }] })).toStrictEqual([6, 5, 4, 2]);
  });

  it('takes conditions together', async () => {
    expect(
      await numbers({
        where: [
          { on: 'tag', key: 'even', is: '=', value: 'true' },
          { on: 'metric', key: 'f1', is: '>', value: 0.1 },
        ],
      }),
    ).toStrictEqual([4]);
    expect(await numbers({ statuses: ['FAILED'], experiment: 'sweep' })).toStrictEqual([5]);
    expect(await numbers({ statuses: ['FAILED'], experiment: 'default' })).toStrictEqual([]);
  });

  it('orders by a metric with not-a-number last, and leaves out runs without it', async () => {
    const by = (direction: 'ascending' | 'descending') => numbers({ orderBy: { metric: 'f1', direction } });
    expect(await by('descending')).toStrictEqual([5, 4, 3, 2, 6]);
    expect(await by('ascending')).toStrictEqual([2, 3, 4, 5, 6]);
  });

  it('pages newest first, also while runs are added', async () => {
    expect(await numbers({ limit: 3 })).toStrictEqual([7, 6, 5]);
    must(await store.createRun(newRun(30)));
    expect(await numbers({ limit: 3, before: 5 })).toStrictEqual([4, 3, 2]);
    expect(await numbers({ limit: 2, offset: 1 })).toStrictEqual([7, 6]);
  });

  it('knows the runs of a sweep from those outside of any', async () => {
    expect(await numbers({ parent: idOf(1) })).toStrictEqual([6, 5, 4, 3, 2]);
    expect(await numbers({ parent: null })).toStrictEqual([7, 1]);
  });
});

describe('where content came from', () => {
  it('is the newest run in which the stage really ran', async () => {
    const wanted = asFingerprint('1'.repeat(64));
    expect(must(await store.findStageOrigin(wanted))).toBeNull();
    const actions = ['ran', 'restored', 'failed'] as const;
    const runs = [];
    for (const [index, action] of actions.entries()) {
      const run = must(await store.createRun(newRun(index + 1)));
      must(await store.recordStages(run.id, [stage('train', { action, fingerprint: wanted })]));
      runs.push(run);
    }
    expect(must(await store.findStageOrigin(wanted))).toStrictEqual({
      runId: runs[0]?.id,
      runName: runs[0]?.name,
      startedAt: 1000,
    });
  });

  it('is found by the hash of an output, not of an input', async () => {
    const { id, name } = must(await store.createRun(newRun(1)));
    must(await store.recordStages(id, [stage('train')]));
    const sighting = { runId: id, runName: name, stage: 'train', action: 'ran', path: 'model', hash: hash(2) };
    expect(must(await store.findRunsByOutput(hash(2)))).toStrictEqual([sighting]);
    expect(must(await store.findRunsByOutput(hash(1)))).toStrictEqual([]);
  });
});

describe('an interrupted run', () => {
  const gone = { pid: 2 ** 22 - 3, host: hostname(), startedAt: '00000000:1' };

  it('is KILLED at its last sign of life, in a store that was open all the time', async () => {
    const { id } = must(await store.createRun(newRun(1, { process: gone })));
    expect(must(await store.findRun(id))).toMatchObject({ status: 'KILLED', endedAt: 1000 });
  });

  it('is KILLED for the next process that opens the store', async () => {
    const { id } = must(await store.createRun(newRun(1, { process: gone })));
    const other = must(openTrackingStore(join(folder, '.mlp/mlp.db'), { access: 'existing' }));
    expect(must(await other.listRuns({})).map(({ status }) => status)).toStrictEqual(['KILLED']);
    await other.close();
    // It was only out of sight after all: what it says of its end counts.
    must(await store.finishRun(id, { status: 'FINISHED', endedAt: 9000 }));
    expect(must(await store.findRun(id))).toMatchObject({ status: 'FINISHED', endedAt: 9000 });
  });

  it('is not taken for dead while its process lives, or may live on another host', async () => {
    must(await store.createRun(newRun(1, { startedAt: Date.now() })));
    must(await store.createRun(newRun(2, { startedAt: Date.now(), process: { ...gone, host: 'far.example' } })));
    expect(must(await store.listRuns({ statuses: ['RUNNING'] })).length).toBe(2);
  });

  it('says that it lives while its process has nothing to record, and stops when it has ended', async () => {
    vi.useFakeTimers({ now: 1_000_000 });
    try {
      const { id } = must(await store.createRun(newRun(1, { startedAt: Date.now() })));
      const aliveAt = (): number => {
        const raw = openSqlite(join(folder, '.mlp/mlp.db'), { readonly: true });
        const row = raw.prepare('SELECT alive_at FROM runs WHERE id = ?').get(id) as { alive_at: number };
        raw.close();
        return row.alive_at;
      };
      vi.advanceTimersByTime(60_000);
      expect(aliveAt()).toBe(1_060_000);
      must(await store.finishRun(id, { status: 'FINISHED', endedAt: 1_070_000 }));
      vi.advanceTimersByTime(60_000);
      expect(aliveAt()).toBe(1_060_000);
    } finally {
      vi.useRealTimers();
    }
  });

  it('of another host is KILLED after long silence', async () => {
    must(
      await store.createRun(
        newRun(1, { startedAt: Date.now() - 3_600_000, process: { ...gone, host: 'far.example' } }),
      ),
    );
    expect(must(await store.listRuns({ statuses: ['KILLED'] })).length).toBe(1);
  });
});
