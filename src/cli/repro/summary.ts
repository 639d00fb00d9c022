import { failureMessage } from '../../core/failure.ts';
import { endedWithRun, type StageDone } from '../../core/events.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RunSummary, SummaryModel } from '../../report/run-summary.ts';
import type { Executed } from './types.ts';

/** What is said below the stages of a run that ended well. */
export function summaryOf(outcome: Executed, seconds: number, models: readonly SummaryModel[]): RunSummary {
  const { run, previous } = outcome;
  const metrics = Object.entries(run?.metrics ?? {}).map(([name, value]) => {
    const before = previous?.metrics[name];
    return { name, value, ...(before === undefined ? {} : { previous: before }) };
  });
  const changed = outcome.report.done.some((stage) => stage.action !== 'unchanged');
  const next = [
    ...(previous === undefined ? [] : ['mlp compare']),
    ...(models.some(isPromotable) ? ['mlp promote'] : []),
  ];
  return {
    runName: run?.name ?? '',
    seconds,
    metrics: metrics.filter(({ name }) => !name.includes('.') && !name.includes('[')),
    models,
    next: changed ? next : [],
  };
}

/** New, and let into Staging; what was known before was promoted or left there on purpose. */
const isPromotable = ({ gates, stage }: SummaryModel): boolean => gates !== undefined && stage === 'Staging';

/** The outcome for machines. */
export function reproJson(outcome: Executed, seconds: number, models: readonly SummaryModel[]): JsonObject {
  const { run, report } = outcome;
  return {
    upToDate: false,
    status: report.status,
    seconds,
    run: run === undefined ? null : { id: run.id, name: run.name },
    stages: [
      ...report.done.map((done) => ({
        stage: done.stage,
        action: done.action,
        seconds: done.seconds,
        reasons: done.reasons,
        ...traceJson(done),
      })),
      ...report.failed.map((failed) => ({
        stage: failed.stage,
        action: endedWithRun(failed) ? 'ended' : 'failed',
        seconds: failed.seconds,
        exitStatus: failed.exitStatus,
        signal: failed.signal,
        logFile: failed.logFile ?? null,
        reasons: failed.reasons,
        ...traceJson(failed),
        failure: { reason: failed.failure.reason, message: failureMessage(failed.failure) },
      })),
      ...report.notRun.map(({ stage, needs }) => ({ stage, action: 'not-run', needs })),
    ],
    metrics: run?.metrics ?? {},
    models: models.map(({ refused = [], ...model }) => ({ ...model, refused: refused.map((gate) => ({ ...gate })) })),
  };
}

const traceJson = ({ trace }: Pick<StageDone, 'trace'>): JsonObject =>
  trace === undefined ? {} : { undeclared: trace.undeclared.map((use) => ({ ...use })), unread: trace.unread };
