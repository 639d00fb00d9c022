import type { Artifact } from '../core/artifact.ts';
import { asContentHash, asFingerprint, asRunId, asStageName } from '../core/brands.ts';
import type { JsonValue } from '../core/json.ts';
import type { Reason } from '../core/reason.ts';
import { fromStored } from './stored-json.ts';
import type { Statements } from './statements.ts';
import type { RunDetail, RunRow, RunStatus, StageRow } from './types.ts';

/** A row of `runColumns`. */
export interface StoredRun {
  readonly number: number;
  readonly id: string;
  readonly name: string;
  readonly experiment: string;
  readonly status: RunStatus;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly parent: string | null;
}

interface StoredStage {
  readonly id: number;
  readonly run: number;
  readonly stage: string;
  readonly position: number;
  readonly action: Exclude<StageRow['action'], 'ended'>;
  readonly reasons: string;
  readonly seconds: number;
  readonly cpu_seconds: number | null;
  readonly peak_memory: number | null;
  readonly exit_status: number | null;
  readonly attempts: number;
  readonly log_file: string | null;
  readonly fingerprint: string | null;
  readonly ended: 0 | 1;
}

interface StoredArtifact {
  readonly stage: number;
  readonly role: 'dep' | 'out';
  readonly path: string;
  readonly hash: string;
  readonly size: number;
  readonly files: number | null;
}

export const toRunRow = (row: StoredRun): RunRow => ({
  id: asRunId(row.id),
  name: row.name,
  number: row.number,
  experiment: row.experiment,
  status: row.status,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  parent: row.parent === null ? null : asRunId(row.parent),
});

/** Adds params, metrics, tags and stages: a fixed number of queries however many runs there are. */
export function readDetails(statements: Statements, runs: readonly RunRow[]): RunDetail[] {
  const numbers = JSON.stringify(runs.map(({ number }) => number));
  const values = <V>(table: string): Map<number, [string, V][]> => {
    const sql = `SELECT run, key, value FROM ${table} WHERE run IN (SELECT value FROM json_each(?)) ORDER BY run, key`;
    const rows = statements.all<{ run: number; key: string; value: V }>(sql, numbers);
    return grouped(rows, ({ run, key, value }) => [run, [key, value] as [string, V]]);
  };
  const params = values<string>('params');
  const metrics = values<number | null>('metrics');
  const tags = values<string>('tags');
  const stages = readStages(statements, numbers);
  return runs.map((run) => ({
    ...run,
    params: Object.fromEntries(
      (params.get(run.number) ?? []).map(([key, text]): [string, JsonValue] => [key, fromStored(text)]),
    ),
    metrics: Object.fromEntries((metrics.get(run.number) ?? []).map(([key, value]) => [key, value ?? NaN])),
    tags: Object.fromEntries(tags.get(run.number) ?? []),
    stages: stages.get(run.number) ?? [],
  }));
}

function readStages(statements: Statements, numbers: string): Map<number, StageRow[]> {
  const ofRuns = 'run IN (SELECT value FROM json_each(?))';
  const artifacts = grouped(
    statements.all<StoredArtifact>(
      `SELECT * FROM artifacts WHERE stage IN (SELECT id FROM stages WHERE ${ofRuns}) ORDER BY stage, role, path`,
      numbers,
    ),
    (row) => [row.stage, row],
  );
  const rows = statements.all<StoredStage>(`SELECT * FROM stages WHERE ${ofRuns} ORDER BY run, position, id`, numbers);
  return grouped(rows, (row) => [row.run, toStageRow(row, artifacts.get(row.id) ?? [])]);
}

function toStageRow(row: StoredStage, artifacts: readonly StoredArtifact[]): StageRow {
  const inRole = (role: string): Artifact[] => artifacts.filter((a) => a.role === role).map(toArtifact);
  return {
    stage: asStageName(row.stage),
    position: row.position,
    action: row.ended === 1 ? 'ended' : row.action,
    // Written by write-run.ts from the same type.
    reasons: fromStored(row.reasons) as unknown as Reason[],
    seconds: row.seconds,
    cpuSeconds: row.cpu_seconds,
    peakMemoryBytes: row.peak_memory,
    exitStatus: row.exit_status,
    attempts: row.attempts,
    logFile: row.log_file,
    fingerprint: row.fingerprint === null ? null : asFingerprint(row.fingerprint),
    deps: inRole('dep'),
    outs: inRole('out'),
  };
}

const toArtifact = ({ path, hash, size, files }: StoredArtifact): Artifact => ({
  path,
  hash: asContentHash(hash),
  size,
  ...(files === null ? {} : { files }),
});

function grouped<Row, V>(rows: readonly Row[], entryOf: (row: Row) => readonly [number, V]): Map<number, V[]> {
  const groups = new Map<number, V[]>();
  for (const row of rows) {
    const [key, value] = entryOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
