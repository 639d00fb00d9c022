import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { asRunId, type StageName } from '../core/brands.ts';
import type { EventSink } from '../core/events.ts';
import { failure, failureMessage, type Failure } from '../core/failure.ts';
import { processIdentity } from '../core/process-identity.ts';
import { err, ok, type Result } from '../core/result.ts';
import { places, placeOf } from '../core/workspace.ts';
import { runningStages } from '../execute/end-running.ts';
import { executePlan, type ExecutionReport } from '../execute/execute-plan.ts';
import { StageRunner, type StageRunnerOptions } from '../execute/stage-runner.ts';
import { needsOf } from '../graph/select-targets.ts';
import type { Tracer } from '../execute/trace/tracer.ts';
import { RunRecorder } from '../record/run-recorder.ts';
import type { TrackingStore } from '../tracking/store.ts';
import type { RunDetail, RunRow } from '../tracking/types.ts';
import { lockWriterFor } from './lock-writer-for.ts';
import type { Project } from './open-project.ts';
import { openTracer } from './open-tracer.ts';
import type { Planned } from './plan-project.ts';
import { metricsFiles, readMetrics } from './read-metrics.ts';
import type { ReproOptions, ReproOutcome } from './repro-types.ts';
import { runParams } from './run-params.ts';
import { stageEnvironment } from './stage-environment.ts';
import { StageParams } from './stage-params.ts';

type Outcome = Result<ReproOutcome, readonly Failure[]>;

/** Carries the plan out and leaves evidence of it: the lock file, and a run where something ran or was restored. */
export async function executeAndRecord(project: Project, planned: Planned, options: ReproOptions): Promise<Outcome> {
  const makesRun = planned.plan.stages.some((stage) => stage.action !== 'skip');
  const tracer = makesRun ? await openTracer(project, options) : ok(undefined);
  if (!tracer.ok) return err([tracer.error]);
  const opened = makesRun ? await openRun(options) : undefined;
  if (opened?.ok === false) return err([opened.error]);
  const tracked = opened?.value;
  try {
    const { report, problems } = await execute(project, planned, { ...options, tracked, tracer: tracer.value });
    if (tracked === undefined) return ok({ kind: 'executed', planned, report, problems });
    const gone = removedStore(project);
    if (gone !== undefined) return ok({ kind: 'executed', planned, report, problems: withOther(problems, gone) });
    const finished = await finishRun(project, planned, { options, tracked, report });
    if (!finished.ok) return ok({ kind: 'executed', planned, report, problems: withOther(problems, finished.error) });
    return ok({ kind: 'executed', planned, report, ...finished.value, problems });
  } finally {
    tracer.value?.close();
    await tracked?.store.close();
  }
}

/** What refused the rows of the stages refuses the end of the run too: it is told once. */
function withOther(problems: readonly Failure[], last: Failure): readonly Failure[] {
  const isTold = problems.some((told) => failureMessage(told) === failureMessage(last));
  return isTold ? problems : [...problems, last];
}

/** SQLite goes on in a file that has lost its name, and says nothing: a stage removed the history with the run in it. */
function removedStore({ workspace }: Project): Failure | undefined {
  const file = placeOf(workspace, 'store');
  if (existsSync(file)) return undefined;
  return failure('store-unusable', { file, problem: 'it was removed while the stages ran', code: 'ENOENT' });
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
  options: ReproOptions & { readonly tracked: TrackedRun | undefined; readonly tracer: Tracer | undefined },
): Promise<{ report: ExecutionReport; problems: readonly Failure[] }> {
  const { tracked } = options;
  const order = planned.plan.stages.map((stage) => stage.stage);
  const recorder =
    tracked === undefined ? undefined : new RunRecorder({ store: tracked.store, run: tracked.run.id, stages: order });
  const emit: EventSink = (event) => {
    recorder?.hear(event);
    options.emit(event);
  };
  const lock = lockWriterFor(project, planned.evidence);
  const startedAt = performance.now();
  const runName = tracked?.run.name ?? 'no-run';
  if (tracked !== undefined) emit({ type: 'run-started', runId: tracked.run.id, runName, stages: order });
  const running = runningStages(options.signal);
  const runner = runnerOf(project, { ...options, runName, emit, signal: running.signal });
  const params = new StageParams(project.workspace.root);
  const report = await executePlan({
    plan: planned.plan,
    input: planned.input,
    needs: (stage: StageName) => needsOf(project.graph, stage),
    // Stages that are named alone run in the order in which they were named.
    concurrency: options.reach === 'alone' ? 1 : options.concurrency,
    onFailure: options.onFailure ?? 'finish-running',
    endRunning: (failed) => {
      running.endBecause(failed);
    },
    commit: options.commit !== false,
    runName,
    environmentOf: stageEnvironment(tracked?.run.id, { root: project.workspace.root, params }),
    readParamsAgain: planned.readParamsAgain,
    hasher: project.hasher,
    cache: project.cache,
    runCache: project.runCache,
    runner,
    onEvidence: (stage, evidence) => {
      lock.note(stage, evidence);
    },
    emit,
    signal: options.signal,
  }).finally(() => {
    runner.close();
  });
  params.close();
  const written = lock.flush();
  const unrecorded = await recorder?.settled();
  emit({ type: 'run-finished', seconds: (performance.now() - startedAt) / 1000, status: report.status });
  const problems = [...(written.ok ? [] : [written.error]), ...(unrecorded === undefined ? [] : [unrecorded])];
  return { report, problems };
}

function runnerOf(
  { workspace, hasher }: Project,
  run: Pick<StageRunnerOptions, 'emit' | 'signal' | 'hurry' | 'env'> & {
    readonly runName: string;
    readonly tracer: Tracer | undefined;
  },
): StageRunner {
  const temporary = placeOf(workspace, 'asideOuts');
  const { emit, signal, hurry, env, tracer } = run;
  const watched = { emit, signal, hurry, env, ...(tracer === undefined ? {} : { tracer }) };
  return new StageRunner({
    ...watched,
    root: workspace.root,
    temporary,
    logs: `${places.logs}/${run.runName}`,
    hasher,
  });
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
