import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { asRunId, type StageName } from '../core/brands.ts';
import type { EventSink } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import { processIdentity } from '../core/process-identity.ts';
import { err, ok, type Result } from '../core/result.ts';
import { places, placeOf } from '../core/workspace.ts';
import { executePlan, type ExecutionReport } from '../execute/execute-plan.ts';
import { recoverStageOuts } from '../execute/stage-outs.ts';
import { StageRunner } from '../execute/stage-runner.ts';
import { lockWorkspace } from '../execute/workspace-lock.ts';
import { ensureStateFolder } from '../fs/state-folder.ts';
import { systemProblem } from '../fs/system-problem.ts';
import { LockWriter } from '../record/lock-writer.ts';
import { RunRecorder } from '../record/run-recorder.ts';
import type { TrackingStore } from '../tracking/store.ts';
import type { RunDetail, RunRow } from '../tracking/types.ts';
import type { Project } from './open-project.ts';
import type { Planned } from './plan-project.ts';
import { rememberEvidence } from './read-evidence.ts';
import { metricsFiles, readMetrics } from './read-metrics.ts';
import type { ReproOptions, ReproOutcome } from './repro-types.ts';
import { runParams } from './run-params.ts';
import { stageEnvironment } from './stage-environment.ts';

type Outcome = Result<ReproOutcome, readonly Failure[]>;

/** Does the work as the only process that changes the workspace, after putting right what a killed one left. */
export async function holdingLock(
  project: Project,
  options: Pick<ReproOptions, 'command'>,
  work: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    ensureStateFolder(project.workspace.root);
  } catch (error) {
    return err([systemProblem(error, { what: 'make', path: places.stateFolder })]);
  }
  const lock = lockWorkspace(placeOf(project.workspace, 'processLock'), options.command);
  if (!lock.ok) return err([lock.error]);
  try {
    const recovered = recoverStageOuts(project.workspace.root, placeOf(project.workspace, 'asideOuts'));
    if (!recovered.ok) return err([recovered.error]);
    return await work();
  } finally {
    lock.value.release();
  }
}

/** Carries the plan out and leaves evidence of it: the lock file, and a run where something ran or was restored. */
export async function executeAndRecord(project: Project, planned: Planned, options: ReproOptions): Promise<Outcome> {
  const makesRun = planned.plan.stages.some((stage) => stage.action !== 'skip');
  const opened = makesRun ? await openRun(options) : undefined;
  if (opened?.ok === false) return err([opened.error]);
  const tracked = opened?.value;
  try {
    const { report, problems } = await execute(project, planned, { ...options, tracked });
    if (tracked === undefined) return ok({ kind: 'executed', planned, report, problems });
    const finished = await finishRun(project, planned, { options, tracked, report });
    if (!finished.ok) return ok({ kind: 'executed', planned, report, problems: [...problems, finished.error] });
    return ok({ kind: 'executed', planned, report, ...finished.value, problems });
  } finally {
    await tracked?.store.close();
  }
}

interface TrackedRun {
  readonly store: TrackingStore;
  readonly run: RunRow;
  readonly tags: Promise<Readonly<Record<string, string>>>;
}

async function openRun(options: ReproOptions): Promise<Result<TrackedRun>> {
  const store = await options.openStore();
  if (!store.ok) return store;
  const created = await store.value.createRun({
    id: asRunId(randomBytes(16).toString('hex')),
    experiment: 'default',
    startedAt: options.clock.now(),
    process: processIdentity(),
    tags: {},
  });
  // Asking git takes a moment; the stages need not wait for it.
  if (created.ok) return ok({ store: store.value, run: created.value, tags: options.tags() });
  await store.value.close();
  return created;
}

async function execute(
  project: Project,
  planned: Planned,
  options: ReproOptions & { readonly tracked: TrackedRun | undefined },
): Promise<{ report: ExecutionReport; problems: readonly Failure[] }> {
  const { root } = project.workspace;
  const { tracked } = options;
  const order = planned.plan.stages.map((stage) => stage.stage);
  const recorder =
    tracked === undefined ? undefined : new RunRecorder({ store: tracked.store, run: tracked.run.id, stages: order });
  const emit: EventSink = (event) => {
    recorder?.hear(event);
    options.emit(event);
  };
  const lock = new LockWriter({
    path: join(root, project.lockFile),
    scratch: placeOf(project.workspace, 'temporary'),
    evidence: planned.evidence,
    keep: new Set(project.graph.stages.map((stage) => stage.name)),
    onText: (text, evidence) => {
      rememberEvidence(text, evidence, project.memo);
    },
  });
  const startedAt = performance.now();
  const runName = tracked?.run.name ?? 'no-run';
  if (tracked !== undefined) emit({ type: 'run-started', runId: tracked.run.id, runName, stages: order });
  const report = await executePlan({
    plan: planned.plan,
    input: planned.input,
    needs: (stage: StageName) => project.graph.upstream.get(stage) ?? [],
    concurrency: options.concurrency,
    runName,
    environmentOf: stageEnvironment(tracked?.run.id, project.workspace.root),
    readParamsAgain: planned.readParamsAgain,
    hasher: project.hasher,
    cache: project.cache,
    runCache: project.runCache,
    runner: new StageRunner({
      root,
      temporary: placeOf(project.workspace, 'asideOuts'),
      logs: `${places.logs}/${runName}`,
      hasher: project.hasher,
      emit,
      signal: options.signal,
      env: options.env,
    }),
    onEvidence: (stage, evidence) => {
      lock.note(stage, evidence);
    },
    emit,
    signal: options.signal,
  });
  const written = lock.flush();
  const unrecorded = await recorder?.settled();
  emit({ type: 'run-finished', seconds: (performance.now() - startedAt) / 1000, status: report.status });
  const problems = [...(written.ok ? [] : [written.error]), ...(unrecorded === undefined ? [] : [unrecorded])];
  return { report, problems };
}

async function finishRun(
  project: Project,
  planned: Planned,
  at: { readonly options: ReproOptions; readonly tracked: TrackedRun; readonly report: ExecutionReport },
): Promise<Result<{ run: RunDetail; previous?: RunDetail }>> {
  const { store, run } = at.tracked;
  const now = at.options.clock.now();
  const metrics = readMetrics(project.workspace.root, metricsFiles(project.config, planned.input.stages));
  const tags = await at.tracked.tags;
  const steps = [
    () => store.setTags(run.id, tags),
    () => store.logParams(run.id, runParams(planned)),
    // Metrics of a run that did not end well are those of an older one.
    () => store.logMetrics(run.id, at.report.status === 'FINISHED' ? metrics : {}, { timestamp: now, step: 0 }),
    () => store.finishRun(run.id, { status: at.report.status, endedAt: now }),
  ];
  for (const step of steps) {
    const done = await step();
    if (!done.ok) return done;
  }
  const finished = await store.findRun(run.id);
  if (!finished.ok) return finished;
  const earlier = await store.listRuns({ statuses: ['FINISHED'], limit: 2 });
  const before = earlier.ok ? earlier.value.find((row) => row.id !== run.id) : undefined;
  const previous = before === undefined ? undefined : await store.findRun(before.id);
  return ok({ run: finished.value, ...(previous?.ok === true ? { previous: previous.value } : {}) });
}
