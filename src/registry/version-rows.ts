import { asContentHash, asRunId, asStageName } from '../core/brands.ts';
import { fromStored } from '../tracking/stored-json.ts';
import type { GateResult } from './gates.ts';
import type { AuditEntry, ModelStage, ModelVersion } from './types.ts';

export interface StoredVersion {
  readonly id: number;
  readonly model: string;
  readonly version: number;
  readonly stage: ModelStage;
  readonly hash: string;
  readonly path: string;
  readonly run_id: string | null;
  readonly run_name: string | null;
  readonly source_stage: string | null;
  readonly metrics: string;
  readonly created_at: number;
  readonly aliases: string;
}

/** To be followed by a WHERE over `v` (model_versions) and `m` (models). */
export const selectVersions = `SELECT v.id, m.name AS model, v.version, v.stage, v.hash, v.path, r.id AS run_id,
  r.name AS run_name, v.source_stage, v.metrics, v.created_at,
  (SELECT json_group_array(alias) FROM aliases WHERE version = v.id) AS aliases
  FROM model_versions AS v JOIN models AS m ON m.id = v.model LEFT JOIN runs AS r ON r.number = v.run`;

export const toModelVersion = (row: StoredVersion): ModelVersion => ({
  model: row.model,
  version: row.version,
  stage: row.stage,
  hash: asContentHash(row.hash),
  path: row.path,
  runId: row.run_id === null ? null : asRunId(row.run_id),
  runName: row.run_name,
  sourceStage: row.source_stage === null ? null : asStageName(row.source_stage),
  metrics: fromStored(row.metrics) as Record<string, number>,
  createdAt: row.created_at,
  aliases: JSON.parse(row.aliases) as string[],
});

export interface StoredTransition {
  readonly id: number;
  readonly model: string;
  readonly version: number;
  readonly action: AuditEntry['action'];
  readonly outcome: AuditEntry['outcome'];
  readonly from_stage: ModelStage | null;
  readonly to_stage: ModelStage;
  readonly made_at: number;
  readonly who: string;
  readonly why: string;
  readonly gates: string;
  readonly git_commit: string | null;
}

/** The audit trail of the model that is bound, oldest first. */
export const selectTransitions = `SELECT t.*, m.name AS model, v.version FROM transitions AS t
  JOIN model_versions AS v ON v.id = t.version JOIN models AS m ON m.id = v.model WHERE m.name = ? ORDER BY t.id`;

export const toAuditEntry = (row: StoredTransition): AuditEntry => ({
  id: row.id,
  model: row.model,
  version: row.version,
  action: row.action,
  outcome: row.outcome,
  from: row.from_stage,
  to: row.to_stage,
  at: row.made_at,
  who: row.who,
  why: row.why,
  // Written by write-version.ts from the same type.
  gates: fromStored(row.gates) as unknown as GateResult[],
  gitCommit: row.git_commit,
});
