import { asJson } from '../core/json.ts';
import { ok, type Result } from '../core/result.ts';
import type { Statements } from '../tracking/statements.ts';
import { toStored } from '../tracking/stored-json.ts';
import { numberOf } from '../tracking/write-run.ts';
import type { Actor, AuditEntry, ModelStage, NewVersion } from './types.ts';

/** Inserts the next version of the model in Development, and the model if it is new; gives the version's key. */
export function insertVersion(statements: Statements, version: NewVersion, now: number): Result<number> {
  const run = version.runId === null ? ok(null) : numberOf(statements, version.runId);
  if (!run.ok) return run;
  statements.run('INSERT INTO models (name, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING', version.model, now);
  const { key } = statements.run(
    `INSERT INTO model_versions (model, version, stage, hash, path, run, source_stage, metrics, created_at)
     SELECT m.id, (SELECT coalesce(max(version), 0) + 1 FROM model_versions WHERE model = m.id),
       'Development', ?, ?, ?, ?, ?, ? FROM models AS m WHERE m.name = ?`,
    version.hash,
    version.path,
    run.value,
    version.sourceStage,
    toStored(version.metrics),
    now,
    version.model,
  );
  return ok(key);
}

export function setStage(statements: Statements, version: number, stage: ModelStage): void {
  statements.run('UPDATE model_versions SET stage = ? WHERE id = ?', stage, version);
}

type AuditRow = Pick<AuditEntry, 'action' | 'outcome' | 'from' | 'to' | 'gates' | 'at'> & { readonly by: Actor };

export function insertTransition(statements: Statements, version: number, row: AuditRow): void {
  statements.run(
    `INSERT INTO transitions (version, action, outcome, from_stage, to_stage, made_at, who, why, gates, git_commit)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    version,
    row.action,
    row.outcome,
    row.from,
    row.to,
    row.at,
    row.by.who,
    row.by.why,
    toStored(asJson(row.gates)),
    row.by.gitCommit,
  );
}
