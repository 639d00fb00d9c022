import type { ContentHash, RunId, StageName } from '../core/brands.ts';
import type { GateResult } from './gates.ts';

/** Where a version stands. One version of a model at most is in Production. */
export type ModelStage = 'Development' | 'Staging' | 'Production' | 'Archived';

export interface ModelVersion {
  readonly model: string;
  /** 1, 2, ... within the model. */
  readonly version: number;
  readonly stage: ModelStage;
  /** Content of the package folder; the cache holds it. */
  readonly hash: ContentHash;
  /** Where the pipeline made it, relative to the workspace. The content there may be another by now. */
  readonly path: string;
  /** The run that registered it; null when it came from elsewhere. */
  readonly runId: RunId | null;
  readonly runName: string | null;
  /** The pipeline stage that made it. */
  readonly sourceStage: StageName | null;
  /** As they were when it was registered. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly aliases: readonly string[];
}

/** Who acts, why, and on which commit: what the audit trail keeps of every step. */
export interface Actor {
  readonly who: string;
  readonly why: string;
  readonly gitCommit: string | null;
}

export interface NewVersion {
  readonly model: string;
  readonly hash: ContentHash;
  readonly path: string;
  readonly runId: RunId | null;
  readonly sourceStage: StageName | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly by: Actor;
}

/** A step from one stage to another, as decided by someone who saw `from` and `production`. */
export interface Move {
  readonly model: string;
  readonly version: number;
  readonly from: ModelStage;
  readonly to: ModelStage;
  /** The version in Production that was looked at; null for none. A move to Production fails when it is another by now. */
  readonly production: number | null;
  readonly by: Actor;
  readonly gates: readonly GateResult[];
}

export interface Moved {
  readonly version: ModelVersion;
  /** What stood in Production before, and is Archived now. */
  readonly replaced: ModelVersion | null;
}

/**
 * `register`: new in Development. `promote`: moved on after gates. `replace`: archived because another took its place.
 * `rollback`: back in Production, or out of it again, without gates.
 */
type AuditAction = 'register' | 'promote' | 'replace' | 'rollback';

/** One line of the audit trail, which only grows. */
export interface AuditEntry {
  readonly id: number;
  readonly model: string;
  readonly version: number;
  readonly action: AuditAction;
  readonly outcome: 'done' | 'refused';
  readonly from: ModelStage | null;
  readonly to: ModelStage;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly who: string;
  readonly why: string;
  readonly gates: readonly GateResult[];
  readonly gitCommit: string | null;
}

/** A model and its versions, newest first. */
export interface RegisteredModel {
  readonly name: string;
  readonly createdAt: number;
  readonly versions: readonly ModelVersion[];
}
