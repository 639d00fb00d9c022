import type { StageName } from '../core/brands.ts';
import type { StageDone, StageFailed } from '../core/events.ts';
import type { Execution } from './execution.ts';
import { schedule, type NotRun } from './schedule.ts';
import { StageWorker } from './stage-worker.ts';

export interface ExecutionReport {
  readonly status: 'FINISHED' | 'FAILED' | 'KILLED';
  /** In order of the plan. */
  readonly done: readonly StageDone[];
  readonly failed: readonly StageFailed[];
  readonly notRun: NotRun;
}

/**
 * Carries a plan out. Each stage is decided once more when all above it are done, with the content they really left: so a stage whose
 * upstream ran and wrote the same bytes is unchanged after all.
 */
export async function executePlan(execution: Execution): Promise<ExecutionReport> {
  const worker = new StageWorker(execution);
  const left = await schedule({
    order: execution.plan.stages.map((stage) => stage.stage),
    needs: execution.needs,
    concurrency: execution.concurrency,
    signal: execution.signal,
    work: async (stage) => worker.work(stage),
    onFailure: execution.onFailure,
    endRunning: execution.endRunning,
  });
  const notRun = withoutUpToDate(left, execution, worker);
  for (const { stage, needs } of notRun) execution.emit({ type: 'stage-not-run', stage, needs });
  const status = execution.signal.aborted ? 'KILLED' : worker.failed.length > 0 ? 'FAILED' : 'FINISHED';
  const position = new Map(execution.plan.stages.map((stage, index) => [stage.stage, index]));
  const inOrder = (a: { stage: StageName }, b: { stage: StageName }): number =>
    (position.get(a.stage) ?? 0) - (position.get(b.stage) ?? 0);
  return { status, done: worker.done.sort(inOrder), failed: worker.failed.sort(inOrder), notRun };
}

/** What was not come to but is up to date, with all that it needs, is told as that: it has not been left undone. */
function withoutUpToDate(left: NotRun, { plan }: Execution, worker: StageWorker): NotRun {
  const skipped = new Set(plan.stages.filter(({ action }) => action === 'skip').map(({ stage }) => stage));
  const settled = new Set<StageName>();
  return left.flatMap(({ stage, needs }) => {
    const open = needs.filter((need) => !settled.has(need));
    if (open.length > 0 || !skipped.has(stage) || !worker.noteUpToDate(stage)) return [{ stage, needs: open }];
    settled.add(stage);
    return [];
  });
}
