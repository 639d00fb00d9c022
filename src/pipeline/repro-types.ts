import type { Clock } from '../core/clock.ts';
import type { EventSink } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import type { TraceMode } from '../core/trace.ts';
import type { ExecutionReport } from '../execute/execute-plan.ts';
import type { LockHolder } from '../execute/workspace-lock.ts';
import type { OnFailure } from '../execute/schedule.ts';
import type { TrackingStore } from '../tracking/store.ts';
import type { RunDetail } from '../tracking/types.ts';
import type { Planned, PlanOptions } from './plan-project.ts';

export interface ReproOptions extends PlanOptions {
  readonly concurrency: number;
  /** Wait for another mlp that works here even when it works on the same stages. */
  readonly wait: boolean;
  /** Told whom the lock of the workspace is waited for. */
  readonly onWait: (holder: LockHolder) => void;
  /** Running stages may finish and none is started, unless said. */
  readonly onFailure?: OnFailure;
  /** Watch which files the stages use. */
  readonly trace?: TraceMode;
  /** The words of the command, for the record. */
  readonly command: string;
  /** Tags of the run: git state, message, versions. Asked for only when a run is made. */
  readonly tags: () => Promise<Readonly<Record<string, string>>>;
  /**
   * Writes the texts that the project was opened with, once planning with them went well and the lock is held. Gives the way back,
   * which is gone when nothing could be run after all.
   */
  readonly writeTexts?: () => Result<() => readonly Failure[]>;
  readonly openStore: () => Promise<Result<TrackingStore>>;
  readonly clock: Clock;
  readonly emit: EventSink;
  readonly signal: AbortSignal;
  /** Kills the stages that were told to end by `signal` and still run. */
  readonly hurry: AbortSignal;
}

export type ReproOutcome =
  | { readonly kind: 'up-to-date'; readonly planned: Planned }
  | {
      readonly kind: 'executed';
      readonly planned: Planned;
      readonly report: ExecutionReport;
      /** Absent when nothing ran and nothing was restored: then there is no run. */
      readonly run?: RunDetail;
      /** The run before, for comparison. */
      readonly previous?: RunDetail;
      /** What could not be recorded although the stages did their work. */
      readonly problems: readonly Failure[];
    };
