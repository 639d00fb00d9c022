import type { Artifact } from '../core/artifact.ts';
import type { Fingerprint, RunId, StageName } from '../core/brands.ts';
import type { StageAction } from '../core/events.ts';
import type { JsonValue } from '../core/json.ts';
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

/** `startedAt` tells a process from a later one with the same number: clock ticks since boot on Linux, else null. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: string | null;
}

export interface RunRow {
  readonly id: RunId;
  /** `brisk-heron-12`: readable, unique, ends in the run's number. */
  readonly name: string;
  readonly number: number;
  readonly experiment: string;
  readonly status: RunStatus;
  readonly startedAt: number;
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
  readonly action: StageAction | 'failed' | 'not-run';
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

export interface RunFilter {
  readonly experiment?: string;
  readonly statuses?: readonly RunStatus[];
  /** Newest first. */
  readonly limit?: number;
}
