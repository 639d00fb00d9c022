import { existsSync } from 'node:fs';
import type { Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import { placeOf } from '../../core/workspace.ts';
import { commit, type CommitOptions, type Committed, type CommittedResult } from '../../pipeline/commit.ts';
import type { Project } from '../../pipeline/open-project.ts';
import { metricsFiles, readMetrics } from '../../pipeline/read-metrics.ts';
import type { SummaryModel } from '../../report/run-summary.ts';
import type { TrackingStore } from '../../tracking/store.ts';
import type { RunDetail } from '../../tracking/types.ts';
import type { CliContext } from '../context.ts';
import { registerMade } from '../repro/register-models.ts';
import { summaryModel } from '../repro/summary-model.ts';

export interface CommittedModels extends Committed {
  /** Models that the committed stages make; those that were registered before have no gates. */
  readonly models: readonly SummaryModel[];
  /** What kept a model from being registered; the commit itself is done. */
  readonly problems: readonly Failure[];
}

/** Commits, and then does with the models what the run would have done, had it stored its results: registers those that are new. */
export async function commitResults(
  context: Pick<CliContext, 'tracking'>,
  project: Project,
  options: CommitOptions,
): Promise<Result<CommittedModels, readonly Failure[]>> {
  const committed = await commit(project, options);
  if (!committed.ok) return committed;
  const { results } = committed.value;
  const makers = results.filter(({ outs }) =>
    project.config.models.some((model) => outs.some(({ path }) => path === model.path)),
  );
  if (makers.length === 0) return ok({ ...committed.value, models: [], problems: [] });
  const runs = await runsOf(context, project, makers);
  // Of a result that no run is known to have made, the metrics that were committed with it.
  const standing = readMetrics(
    project.workspace.root,
    metricsFiles(
      project.config,
      results.map(({ stage }) => stage),
    ),
  );
  const { versions, problems } = await registerMade(project, (model) => {
    const maker = makers.find(({ outs }) => outs.some(({ path }) => path === model.path));
    const out = maker?.outs.find(({ path }) => path === model.path);
    if (maker === undefined || out === undefined) return undefined;
    const run = runs.get(maker);
    return { out, stage: maker.stage.name, run, metrics: run?.metrics ?? standing };
  });
  return ok({ ...committed.value, models: versions.map(summaryModel), problems });
}

/** The runs that made these results, where they are known and ended well. */
async function runsOf(
  context: Pick<CliContext, 'tracking'>,
  project: Project,
  results: readonly CommittedResult[],
): Promise<ReadonlyMap<CommittedResult, RunDetail>> {
  const found = new Map<CommittedResult, RunDetail>();
  if (!existsSync(placeOf(project.workspace, 'store'))) return found;
  const store = await context.tracking(project.workspace);
  if (!store.ok) return found;
  for (const result of results) {
    const run = await runOf(store.value, result);
    if (run?.status === 'FINISHED') found.set(result, run);
  }
  await store.value.close();
  return found;
}

async function runOf(store: TrackingStore, { madeAs }: CommittedResult): Promise<RunDetail | undefined> {
  const origin = madeAs === undefined ? undefined : await store.findStageOrigin(madeAs);
  if (origin?.ok !== true || origin.value === null) return undefined;
  const run = await store.findRun(origin.value.runId);
  return run.ok ? run.value : undefined;
}
