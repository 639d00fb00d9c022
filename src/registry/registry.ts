import type { RunId } from '../core/brands.ts';
import type { Result } from '../core/result.ts';
import type { Actor, AuditEntry, ModelVersion, Move, Moved, NewVersion, RegisteredModel } from './types.ts';

/** Where models, their versions and the audit trail are kept. Asynchronous, because a later one is a server. */
export interface Registry {
  /** Puts a version into Development, unless this content is a version of the model already: then gives that one. */
  register(version: NewVersion): Promise<Result<{ readonly version: ModelVersion; readonly isNew: boolean }>>;
  /**
   * Moves a version in one transaction with its audit rows; into Production, what was there is Archived.
   * `model-moved` when the version, or Production, is no longer as the mover saw it.
   */
  move(move: Move): Promise<Result<Moved>>;
  /** Keeps in the audit trail that gates refused a move. */
  refuse(move: Move): Promise<Result<void>>;
  /** What is in Production, and what was there before it by the audit trail. */
  rollbackTarget(model: string): Promise<Result<{ readonly from: ModelVersion; readonly to: ModelVersion }>>;
  /** Makes `to` Production again and archives `from`, in one transaction; `model-moved` when Production is another by now. */
  rollback(step: {
    readonly model: string;
    readonly from: number;
    readonly to: number;
    readonly by: Actor;
  }): Promise<Result<Moved>>;
  /** Cheap enough to ask twice a second. Null when nothing is in Production. */
  currentProduction(model: string): Promise<Result<ModelVersion | null>>;
  /** By name. */
  listModels(): Promise<Result<readonly RegisteredModel[]>>;
  /** Newest first. */
  history(model: string): Promise<Result<readonly AuditEntry[]>>;
  /** Versions with the content of an output of each run, also when another run registered them. */
  versionsOfRuns(ids: readonly RunId[]): Promise<Result<ReadonlyMap<RunId, readonly ModelVersion[]>>>;
  close(): Promise<void>;
}
