import type { Artifact } from '../core/artifact.ts';
import type { ContentHash, Fingerprint, RunId, StageName } from '../core/brands.ts';
import type { StageAction } from '../core/events.ts';
import type { JsonValue } from '../core/json.ts';
import type { ProcessIdentity } from '../core/process-identity.ts';
import type { Reason } from '../core/reason.ts';

/** MLflow's states. A run whose process is gone is KILLED, never RUNNING for ever. */
export type RunStatus = 'RUNNING' | 'FINISHED' | 'FAILED' | 'KILLED';

export interface NewRun {
  readonly id: RunId;
  readonly experiment: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** The process that writes the run: how a dead one is recognised. */
  readonly process: ProcessIdentity;
  /** For nested runs (sweeps). */
  readonly parent?: RunId;
  readonly tags: Readonly<Record<string, string>>;
}

export interface RunRow {
  readonly id: RunId;
  /** `brisk-heron-12`: readable, unique, ends in the run's number. */
  readonly name: string;
  readonly number: number;
  readonly experiment: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  /** Of a KILLED run, its last sign of life. */
  readonly endedAt: number | null;
  readonly parent: RunId | null;
}

/** A run with all that is known of it. */
export interface RunDetail extends RunRow {
  /** Flattened: `train.c`. Values as in the params file. */
  readonly params: Readonly<Record<string, JsonValue>>;
  /** The last value of each metric. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly stages: readonly StageRow[];
}

/** One stage of a run, as it went. */
export interface StageRow {
  readonly stage: StageName;
  readonly position: number;
  /** `ended`: not by itself, but because the run was interrupted or another stage failed. */
  readonly action: StageAction | 'failed' | 'ended' | 'not-run';
  readonly reasons: readonly Reason[];
  readonly seconds: number;
  readonly cpuSeconds: number | null;
  readonly peakMemoryBytes: number | null;
  readonly exitStatus: number | null;
  readonly attempts: number;
  readonly logFile: string | null;
  readonly fingerprint: Fingerprint | null;
  readonly deps: readonly Artifact[];
  readonly outs: readonly Artifact[];
}

/** Which runs, all conditions at once. Newest first unless `orderBy` says otherwise. */
export interface RunFilter {
  readonly experiment?: string;
  readonly statuses?: readonly RunStatus[];
  /** Runs of one sweep; null: only runs outside of any. */
  readonly parent?: RunId | null;
  readonly where?: readonly RunCondition[];
  /** Runs without this metric are left out. Not-a-number sorts last. */
  readonly orderBy?: { readonly metric: string; readonly direction: 'ascending' | 'descending' };
  readonly limit?: number;
  /** Of a page after the first: how many to pass over. */
  readonly offset?: number;
  /** Only runs with a smaller number: the next page of a list that grows meanwhile. */
  readonly before?: number;
}

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** `!=` means that the run has the key, with another value. Order comparisons of params look at numbers alone. */
export type RunCondition =
  | { readonly on: 'param'; readonly key: string; readonly is: Comparison; readonly value: JsonValue }
  | { readonly on: 'metric'; readonly key: string; readonly is: Comparison; readonly value: number }
  | { readonly on: 'tag'; readonly key: string; readonly is: '=' | '!='; readonly value: string };

/** One logged value of a metric. */
export interface MetricPoint {
  readonly step: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly value: number;
}

/** The run in which a stage with some fingerprint last really ran. */
export interface StageOrigin {
  readonly runId: RunId;
  readonly runName: string;
  readonly startedAt: number;
}

/** A place where some content was seen as an output. */
export interface OutputSighting {
  readonly runId: RunId;
  readonly runName: string;
  readonly stage: StageName;
  readonly action: StageRow['action'];
  readonly path: string;
  readonly hash: ContentHash;
}
