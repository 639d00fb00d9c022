import type { Artifact } from './artifact.ts';
import type { Fingerprint, RunId, StageName } from './brands.ts';
import type { Failure } from './failure.ts';
import type { Reason } from './reason.ts';
import type { TraceFindings } from './trace.ts';

/** What became of a stage that did not fail. `checked-out`: its recorded outs were put back. */
export type StageAction = 'ran' | 'restored' | 'checked-out' | 'unchanged';

/** What the operating system said of a stage's command; null where it says nothing. */
export interface ProcessUsage {
  readonly cpuSeconds: number | null;
  /** Of the largest process of the stage, sampled. */
  readonly peakMemoryBytes: number | null;
}

export interface StageDone {
  readonly stage: StageName;
  readonly action: StageAction;
  readonly reasons: readonly Reason[];
  readonly seconds: number;
  readonly usage: ProcessUsage;
  /** Relative to the workspace; absent when no command ran. */
  readonly logFile?: string;
  readonly fingerprint?: Fingerprint;
  readonly deps: readonly Artifact[];
  readonly outs: readonly Artifact[];
  /** For `restored`: name of the run that first made these outs, when it is known. */
  readonly madeBy?: string;
  readonly attempts: number;
  /** With --trace, of a stage that ran. */
  readonly trace?: TraceFindings;
}

export interface StageFailed {
  readonly stage: StageName;
  readonly reasons: readonly Reason[];
  readonly seconds: number;
  readonly usage: ProcessUsage;
  readonly logFile?: string;
  readonly exitStatus: number | null;
  readonly signal: string | null;
  readonly attempts: number;
  readonly failure: Failure;
  readonly trace?: TraceFindings;
}

/** Whether a stage did not fail by itself: the run was interrupted or another stage failed, and the stage was ended. */
export const endedWithRun = ({ failure }: Pick<StageFailed, 'failure'>): boolean =>
  failure.reason === 'stage-interrupted' || failure.reason === 'stage-ended';

/** What the engine says while it works: ids and plain data. Text, JSON, the terminal and the run record are made of these. */
export type EngineEvent =
  | {
      readonly type: 'run-started';
      readonly runId: RunId;
      readonly runName: string;
      readonly stages: readonly StageName[];
    }
  | {
      readonly type: 'stage-started';
      readonly stage: StageName;
      readonly cmd: readonly string[];
      readonly reasons: readonly Reason[];
      readonly logFile: string;
      readonly attempt: number;
    }
  /** Text that the stage printed, decoded as UTF-8; long output may be thinned, the log file has it whole. */
  | { readonly type: 'stage-output'; readonly stage: StageName; readonly text: string }
  | ({ readonly type: 'stage-done' } & StageDone)
  | ({ readonly type: 'stage-failed' } & StageFailed)
  | { readonly type: 'stage-not-run'; readonly stage: StageName; readonly needs: readonly StageName[] }
  /** Bytes (or `items`) done of a task that takes a while; `total` 0 when unknown. */
  | {
      readonly type: 'progress';
      readonly task: 'hash' | 'store' | 'restore' | 'download';
      readonly label: string;
      readonly done: number;
      readonly total: number;
    }
  | { readonly type: 'warning'; readonly text: string }
  | { readonly type: 'run-finished'; readonly seconds: number; readonly status: 'FINISHED' | 'FAILED' | 'KILLED' };

/** Takes events as they happen. Must not throw. */
export type EventSink = (event: EngineEvent) => void;
