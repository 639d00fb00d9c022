import type { Clock } from '../core/clock.ts';
import type { EventSink } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import type { ExecutionReport } from '../execute/execute-plan.ts';
import type { TrackingStore } from '../tracking/store.ts';
import type { RunDetail } from '../tracking/types.ts';
import type { Project } from './open-project.ts';
import { planProject, wasInterrupted, type Planned, type PlanOptions } from './plan-project.ts';

export interface ReproOptions extends PlanOptions {
  readonly concurrency: number;
  /** The words of the command, for the record. */
  readonly command: string;
  /** Tags of the run: git state, message, versions. Asked for only when a run is made. */
  readonly tags: () => Promise<Readonly<Record<string, string>>>;
  readonly openStore: () => Promise<Result<TrackingStore>>;
  readonly clock: Clock;
  readonly emit: EventSink;
  readonly signal: AbortSignal;
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

/**
 * Plans, runs what is stale and records it. Nothing is changed before the workspace's lock is held, and nothing at all when all is up
 * to date; then the code that runs stages is not even read.
 */
export async function repro(
  project: Project,
  options: ReproOptions,
): Promise<Result<ReproOutcome, readonly Failure[]>> {
  // What a killed mlp left half done may not even be plannable; it is put right first, below.
  if (!wasInterrupted(project.workspace)) {
    const planned = await planProject(project, options);
    if (!planned.ok) return planned;
    if (planned.value.clean) return ok({ kind: 'up-to-date', planned: planned.value });
  }
  const { holdingLock, executeAndRecord } = await import('./run-plan.ts');
  return holdingLock(project, options, async () => {
    // Once more: another process may have worked here until now, and what it left counts.
    const again = await planProject(project, options);
    if (!again.ok) return again;
    if (again.value.clean) return ok({ kind: 'up-to-date', planned: again.value });
    return executeAndRecord(project, again.value, options);
  });
}
