import type { Artifact } from '../core/artifact.ts';
import type { ContentHash, Fingerprint, RunId } from '../core/brands.ts';
import { asContentHash, asRunId, asStageName } from '../core/brands.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { failure } from '../core/failure.ts';
import type { JsonValue } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Database } from '../core/sqlite.ts';
import { openStoreFile, type StoreOpening } from './database.ts';
import { heartbeatMs, markDeadRuns } from './dead-runs.ts';
import { findRunRow } from './find-run.ts';
import { readDetails, type StoredRun, toRunRow } from './run-rows.ts';
import { countQuery, pageQuery, runColumns } from './run-search.ts';
import { Statements } from './statements.ts';
import { attempt, attemptValue } from './store-failure.ts';
import type { TrackingStore } from './store.ts';
import type {
  MetricPoint,
  NewRun,
  OutputSighting,
  RunDetail,
  RunFilter,
  RunRow,
  StageOrigin,
  StageRow,
} from './types.ts';
import {
  insertMetrics,
  insertParams,
  insertRun,
  insertStage,
  insertTags,
  type MetricAt,
  numberOf,
} from './write-run.ts';

/** Opens the store of runs in `file`, and marks runs that were interrupted. */
export function openTrackingStore(
  file: string,
  options: StoreOpening & { readonly clock?: Clock } = { access: 'create' },
): Result<SqliteTrackingStore> {
  const opened = openStoreFile(file, options);
  if (!opened.ok) return opened;
  const store = new SqliteTrackingStore(file, opened.value, options.clock ?? systemClock);
  const swept = store.markDead();
  if (swept.ok) return ok(store);
  opened.value.close();
  return swept;
}

/** Runs in SQLite. Every method is one transaction; several processes may write at once. */
export class SqliteTrackingStore implements TrackingStore {
  private readonly file: string;
  private readonly db: Database;
  private readonly statements: Statements;
  private readonly clock: Clock;
  /** Runs of this process that have not ended. */
  private readonly running = new Set<RunId>();
  private heartbeat: NodeJS.Timeout | undefined;

  /** `db` as openStoreFile gives it; it is closed with the store. */
  constructor(file: string, db: Database, clock: Clock) {
    this.file = file;
    this.db = db;
    this.statements = new Statements(db);
    this.clock = clock;
  }

  markDead(): Result<void> {
    return attemptValue(this.file, () => {
      markDeadRuns(this.statements, this.clock.now());
    });
  }

  createRun(run: NewRun): Promise<Result<RunRow>> {
    const created = this.write(() => {
      const number = insertRun(this.statements, run);
      return number.ok ? ok(this.rowOf(run.id)) : number;
    });
    if (created.ok) this.keepAlive(run.id);
    return Promise.resolve(created);
  }

  logParams(id: RunId, params: Readonly<Record<string, JsonValue>>): Promise<Result<void>> {
    return this.writeRun(id, (run) => insertParams(this.statements, run, params));
  }

  logMetrics(id: RunId, metrics: Readonly<Record<string, number>>, at: MetricAt): Promise<Result<void>> {
    return this.writeRun(id, (run) => {
      insertMetrics(this.statements, run, metrics, at);
      return ok(undefined);
    });
  }

  setTags(id: RunId, tags: Readonly<Record<string, string>>): Promise<Result<void>> {
    return this.writeRun(id, (run) => {
      insertTags(this.statements, run, tags);
      return ok(undefined);
    });
  }

  recordStages(id: RunId, stages: readonly StageRow[]): Promise<Result<void>> {
    return this.writeRun(id, (run) => {
      for (const stage of stages) insertStage(this.statements, run, stage);
      return ok(undefined);
    });
  }

  finishRun(
    id: RunId,
    end: { readonly status: 'FINISHED' | 'FAILED' | 'KILLED'; readonly endedAt: number },
  ): Promise<Result<void>> {
    this.running.delete(id);
    if (this.running.size === 0) this.stopHeartbeat();
    return this.writeRun(id, (run) => {
      const sql = 'UPDATE runs SET status = ?, ended_at = ? WHERE number = ?';
      this.statements.run(sql, end.status, Math.round(end.endedAt), run);
      return ok(undefined);
    });
  }

  listRuns(filter: RunFilter): Promise<Result<readonly RunRow[]>> {
    return this.read(() => {
      const { sql, bound } = pageQuery(filter);
      return ok(this.statements.all<StoredRun>(sql, ...bound).map(toRunRow));
    });
  }

  countRuns(filter: RunFilter): Promise<Result<number>> {
    return this.read(() => {
      const { sql, bound } = countQuery(filter);
      return ok(this.statements.all<{ count: number }>(sql, ...bound)[0]?.count ?? 0);
    });
  }

  findRun(reference: string): Promise<Result<RunDetail>> {
    return this.read(() => {
      const found = findRunRow(this.statements, reference);
      return found.ok ? firstOf(readDetails(this.statements, [found.value]), reference) : found;
    });
  }

  getRuns(ids: readonly RunId[]): Promise<Result<readonly RunDetail[]>> {
    return this.read(() => {
      const sql = `SELECT ${runColumns} FROM runs AS r WHERE r.id IN (SELECT value FROM json_each(?))`;
      const rows = this.statements.all<StoredRun>(sql, JSON.stringify(ids)).map(toRunRow);
      const byId = new Map(readDetails(this.statements, rows).map((run) => [run.id, run]));
      const missing = ids.find((id) => !byId.has(id));
      if (missing !== undefined) return err(failure('unknown-run', { reference: missing, near: [] }));
      return ok(ids.flatMap((id) => byId.get(id) ?? []));
    });
  }

  metricHistory(id: RunId, metric: string): Promise<Result<readonly MetricPoint[]>> {
    return this.read(() => {
      const run = numberOf(this.statements, id);
      if (!run.ok) return run;
      const rows = this.statements.all<{ step: number; timestamp: number; value: number | null }>(
        `SELECT step, logged_at AS timestamp, value FROM metric_points WHERE run = ? AND key = ?
         ORDER BY step, logged_at, id`,
        run.value,
        metric,
      );
      return ok(rows.map((row) => ({ ...row, value: row.value ?? NaN })));
    });
  }

  findStageOrigin(fingerprint: Fingerprint): Promise<Result<StageOrigin | null>> {
    return this.read(() => {
      const [row] = this.statements.all<{ id: string; name: string; started_at: number }>(
        `SELECT r.id, r.name, r.started_at FROM stages AS s JOIN runs AS r ON r.number = s.run
         WHERE s.fingerprint = ? AND s.action = 'ran' ORDER BY s.run DESC LIMIT 1`,
        fingerprint,
      );
      if (row === undefined) return ok(null);
      return ok({ runId: asRunId(row.id), runName: row.name, startedAt: row.started_at });
    });
  }

  recordedContent(since: number): Promise<Result<readonly Artifact[]>> {
    return this.read(() => {
      const rows = this.statements.all<{ path: string; hash: string; size: number; files: number | null }>(
        `SELECT min(a.path) AS path, a.hash, a.size, a.files FROM artifacts AS a
         JOIN stages AS s ON s.id = a.stage JOIN runs AS r ON r.number = s.run
         WHERE r.started_at >= ? GROUP BY a.hash, a.files`,
        since,
      );
      return ok(
        rows.map(({ path, hash, size, files }) => ({
          path,
          hash: asContentHash(hash),
          size,
          ...(files === null ? {} : { files }),
        })),
      );
    });
  }

  findRunsByOutput(hash: ContentHash): Promise<Result<readonly OutputSighting[]>> {
    return this.read(() => {
      const rows = this.statements.all<{
        id: string;
        name: string;
        stage: string;
        action: StageRow['action'];
        path: string;
        hash: string;
      }>(
        `SELECT r.id, r.name, s.stage, s.action, a.path, a.hash FROM artifacts AS a
         JOIN stages AS s ON s.id = a.stage JOIN runs AS r ON r.number = s.run
         WHERE a.hash = ? AND a.role = 'out' ORDER BY r.number DESC, s.position, a.path`,
        hash,
      );
      return ok(
        rows.map(({ id, name, stage, action, path }) => ({
          runId: asRunId(id),
          runName: name,
          stage: asStageName(stage),
          action,
          path,
          hash: asContentHash(hash),
        })),
      );
    });
  }

  close(): Promise<void> {
    this.stopHeartbeat();
    this.db.close();
    return Promise.resolve();
  }

  private stopHeartbeat(): void {
    clearInterval(this.heartbeat);
    this.heartbeat = undefined;
  }

  private rowOf(id: RunId): RunRow {
    const [row] = this.statements.all<StoredRun>(`SELECT ${runColumns} FROM runs AS r WHERE r.id = ?`, id);
    if (row === undefined) throw new Error(`run ${id} vanished inside its own transaction`);
    return toRunRow(row);
  }

  private write<T>(work: () => Result<T>): Result<T> {
    return attempt(this.file, () => this.statements.write(work));
  }

  private writeRun(id: RunId, work: (run: number) => Result<void>): Promise<Result<void>> {
    const done = this.write(() => {
      const run = numberOf(this.statements, id);
      if (!run.ok) return run;
      this.statements.run('UPDATE runs SET alive_at = ? WHERE number = ?', this.clock.now(), run.value);
      return work(run.value);
    });
    return Promise.resolve(done);
  }

  private read<T>(work: () => Result<T>): Promise<Result<T>> {
    const swept = this.markDead();
    return Promise.resolve(swept.ok ? attempt(this.file, () => this.statements.read(work)) : swept);
  }

  /** Tells other hosts, which cannot see this process, that its runs live. */
  private keepAlive(id: RunId): void {
    this.running.add(id);
    this.heartbeat ??= setInterval(() => {
      const sql = 'UPDATE runs SET alive_at = ? WHERE id IN (SELECT value FROM json_each(?))';
      // A beat that fails is made good by the next one.
      attemptValue(this.file, () => this.statements.run(sql, this.clock.now(), JSON.stringify([...this.running])));
    }, heartbeatMs).unref();
  }
}

function firstOf(runs: readonly RunDetail[], reference: string): Result<RunDetail> {
  const [run] = runs;
  return run === undefined ? err(failure('unknown-run', { reference, near: [] })) : ok(run);
}
