import type { Artifact } from '../core/artifact.ts';
import type { ContentHash, Fingerprint, RunId } from '../core/brands.ts';
import type { JsonValue } from '../core/json.ts';
import type { Result } from '../core/result.ts';
import type {
  MetricPoint,
  NewRun,
  OutputSighting,
  RunDetail,
  RunFilter,
  RunRow,
  RunStatus,
  StageOrigin,
  StageRow,
} from './types.ts';

/** Where runs are kept. Asynchronous although SQLite is not, because a later store is a server. */
export interface TrackingStore {
  createRun(run: NewRun): Promise<Result<RunRow>>;
  /** Params are write-once: another value for a logged key is a failure. */
  logParams(id: RunId, params: Readonly<Record<string, JsonValue>>): Promise<Result<void>>;
  /** The last value of a metric is that of its greatest step, then timestamp, then the one logged last. */
  logMetrics(
    id: RunId,
    metrics: Readonly<Record<string, number>>,
    at: { readonly timestamp: number; readonly step: number },
  ): Promise<Result<void>>;
  setTags(id: RunId, tags: Readonly<Record<string, string>>): Promise<Result<void>>;
  /** A stage recorded again replaces what was recorded of it in this run. */
  recordStages(id: RunId, stages: readonly StageRow[]): Promise<Result<void>>;
  finishRun(
    id: RunId,
    end: { readonly status: Exclude<RunStatus, 'RUNNING'>; readonly endedAt: number },
  ): Promise<Result<void>>;
  listRuns(filter: RunFilter): Promise<Result<readonly RunRow[]>>;
  /** How many runs the filter finds, whatever its limit, offset and order. */
  countRuns(filter: RunFilter): Promise<Result<number>>;
  /** By id, unique id prefix, name or unique part before its number, number, or `@N` for the N-th newest (`@1` is the newest). */
  findRun(reference: string): Promise<Result<RunDetail>>;
  /** In the order asked for; a failure when one is unknown. */
  getRuns(ids: readonly RunId[]): Promise<Result<readonly RunDetail[]>>;
  /** Every logged value, in order of step, timestamp and logging. */
  metricHistory(id: RunId, metric: string): Promise<Result<readonly MetricPoint[]>>;
  /** The newest run in which the stage with this fingerprint really ran; null when none did. */
  findStageOrigin(fingerprint: Fingerprint): Promise<Result<StageOrigin | null>>;
  /** Every run with this content among its outputs, newest first. */
  findRunsByOutput(hash: ContentHash): Promise<Result<readonly OutputSighting[]>>;
  /** What stages of runs that began at `since` or later read and made, each content once. */
  recordedContent(since: number): Promise<Result<readonly Artifact[]>>;
  close(): Promise<void>;
}
