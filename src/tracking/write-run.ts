import type { Artifact } from '../core/artifact.ts';
import type { RunId } from '../core/brands.ts';
import { failure } from '../core/failure.ts';
import type { JsonValue } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import { runName } from './run-name.ts';
import { toStored } from './stored-json.ts';
import type { Statements } from './statements.ts';
import type { NewRun, StageRow } from './types.ts';

/** SQLite has no not-a-number. */
const storedNumber = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** Inserts the run, its tags, and its experiment if that is new; gives its number. */
export function insertRun(statements: Statements, run: NewRun): Result<number> {
  const parent = run.parent === undefined ? null : numberOf(statements, run.parent);
  if (parent !== null && !parent.ok) return parent;
  statements.run('INSERT INTO experiments (name) VALUES (?) ON CONFLICT DO NOTHING', run.experiment);
  const { key: number } = statements.run(
    `INSERT INTO runs (id, name, experiment, parent, status, started_at, alive_at, pid, host, process_started)
     VALUES (?, ?, (SELECT id FROM experiments WHERE name = ?), ?, 'RUNNING', ?, ?, ?, ?, ?)`,
    run.id,
    run.id,
    run.experiment,
    parent === null ? null : parent.value,
    Math.round(run.startedAt),
    Math.round(run.startedAt),
    run.process.pid,
    run.process.host,
    run.process.startedAt,
  );
  // The name holds the number, which is known only now.
  statements.run('UPDATE runs SET name = ? WHERE number = ?', runName(run.id, number), number);
  insertTags(statements, number, run.tags);
  return ok(number);
}

/** The store's own key of a run. */
export function numberOf(statements: Statements, id: RunId): Result<number> {
  const [row] = statements.all<{ number: number }>('SELECT number FROM runs WHERE id = ?', id);
  return row === undefined ? err(failure('unknown-run', { reference: id, near: [] })) : ok(row.number);
}

export function insertTags(statements: Statements, run: number, tags: Readonly<Record<string, string>>): void {
  for (const [key, value] of Object.entries(tags)) {
    statements.run(
      'INSERT INTO tags (run, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
      run,
      key,
      value,
    );
  }
}

/** Write-once: the same value again is accepted, another one refused with nothing written. */
export function insertParams(
  statements: Statements,
  run: number,
  params: Readonly<Record<string, JsonValue>>,
): Result<void> {
  const rows = statements.all<{ key: string; value: string }>('SELECT key, value FROM params WHERE run = ?', run);
  const logged = new Map(rows.map(({ key, value }) => [key, value]));
  for (const [key, value] of Object.entries(params)) {
    const was = logged.get(key);
    const now = toStored(value);
    if (was !== undefined && was !== now) return err(failure('param-logged-twice', { key, was, now }));
  }
  for (const [key, value] of Object.entries(params)) {
    if (logged.has(key)) continue;
    const number = typeof value === 'number' ? storedNumber(value) : null;
    statements.run(
      'INSERT INTO params (run, key, value, number) VALUES (?, ?, ?, ?)',
      run,
      key,
      toStored(value),
      number,
    );
  }
  return ok(undefined);
}

export interface MetricAt {
  readonly timestamp: number;
  readonly step: number;
}

export function insertMetrics(
  statements: Statements,
  run: number,
  metrics: Readonly<Record<string, number>>,
  at: MetricAt,
): void {
  const timestamp = Math.round(at.timestamp);
  for (const [key, value] of Object.entries(metrics)) {
    statements.run(
      'INSERT INTO metric_points (run, key, step, logged_at, value) VALUES (?, ?, ?, ?, ?)',
      run,
      key,
      at.step,
      timestamp,
      storedNumber(value),
    );
    statements.run(
      `INSERT INTO metrics (run, key, value, step, logged_at) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET value = excluded.value, step = excluded.step, logged_at = excluded.logged_at
       WHERE (excluded.step, excluded.logged_at) >= (metrics.step, metrics.logged_at)`,
      run,
      key,
      storedNumber(value),
      at.step,
      timestamp,
    );
  }
}

export function insertStage(statements: Statements, run: number, row: StageRow): void {
  statements.run('DELETE FROM stages WHERE run = ? AND stage = ?', run, row.stage);
  const { key: stage } = statements.run(
    `INSERT INTO stages (run, stage, position, action, reasons, seconds, cpu_seconds, peak_memory, exit_status, attempts,
       log_file, fingerprint, ended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    run,
    row.stage,
    row.position,
    row.action === 'ended' ? 'failed' : row.action,
    toStored(row.reasons),
    row.seconds,
    row.cpuSeconds,
    row.peakMemoryBytes === null ? null : Math.round(row.peakMemoryBytes),
    row.exitStatus,
    row.attempts,
    row.logFile,
    row.fingerprint,
    row.action === 'ended' ? 1 : 0,
  );
  const insert = (role: 'dep' | 'out', { path, hash, size, files }: Artifact): void => {
    statements.run(
      'INSERT OR REPLACE INTO artifacts (stage, role, path, hash, size, files) VALUES (?, ?, ?, ?, ?, ?)',
      stage,
      role,
      path,
      hash,
      size,
      files ?? null,
    );
  };
  for (const dep of row.deps) insert('dep', dep);
  for (const out of row.outs) insert('out', out);
}
