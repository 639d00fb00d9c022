import type { RunId } from '../core/brands.ts';
import type { JsonValue } from '../core/json.ts';
import type { Result } from '../core/result.ts';
import type { NewRun, RunDetail, RunFilter, RunRow, RunStatus, StageRow } from './types.ts';

/** Where runs are kept. Asynchronous although SQLite is not, because a later store is a server. */
export interface TrackingStore {
  createRun(run: NewRun): Promise<Result<RunRow>>;
  /** Params are write-once: another value for a logged key is a failure. */
  logParams(id: RunId, params: Readonly<Record<string, JsonValue>>): Promise<Result<void>>;
  logMetrics(
    id: RunId,
    metrics: Readonly<Record<string, number>>,
    at: { readonly timestamp: number; readonly step: number },
  ): Promise<Result<void>>;
  setTags(id: RunId, tags: Readonly<Record<string, string>>): Promise<Result<void>>;
  recordStage(id: RunId, stage: StageRow): Promise<Result<void>>;
  finishRun(
    id: RunId,
    end: { readonly status: Exclude<RunStatus, 'RUNNING'>; readonly endedAt: number },
  ): Promise<Result<void>>;
  listRuns(filter: RunFilter): Promise<Result<readonly RunRow[]>>;
  /** By id, unique id prefix, name, or `@N` for the N-th newest (`@1` is the newest). */
  findRun(reference: string): Promise<Result<RunDetail>>;
  getRuns(ids: readonly RunId[]): Promise<Result<readonly RunDetail[]>>;
  close(): Promise<void>;
}
