import type { RunId } from '../../core/brands.ts';
import { failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { ModelVersion } from '../../registry/types.ts';
import { comparisonMarkdown, renderComparison } from '../../report/compare.ts';
import { versionLabels } from '../../report/version-label.ts';
import { compareRuns, type Comparison } from '../../tracking/compare-runs.ts';
import type { TrackingStore } from '../../tracking/store.ts';
import type { RunDetail } from '../../tracking/types.ts';
import type { CliContext } from '../context.ts';
import { printResult } from '../print-result.ts';
import { withModels } from '../stores.ts';
import { judgedBy } from './judged-by.ts';

export interface CompareWords {
  readonly last: number;
  readonly metric?: string;
  readonly minimise?: boolean;
  readonly maximise?: boolean;
  readonly all?: boolean;
  readonly md?: boolean;
  readonly json?: boolean;
}

interface Compared {
  readonly comparison: Comparison;
  readonly versions: ReadonlyMap<RunId, readonly ModelVersion[]>;
}

/** `mlp compare`. */
export async function compare(context: CliContext, references: readonly string[], words: CompareWords): Promise<void> {
  const compared = await withModels(context, async ({ workspace, runs, registry }): Promise<Result<Compared>> => {
    const found = references.length > 0 ? await named(runs, references) : await newest(runs, words.last);
    if (!found.ok) return found;
    const comparison = compareRuns(found.value, await judgedBy(workspace, found.value, words));
    const { metric } = words;
    if (metric !== undefined && !comparison.metrics.includes(metric)) {
      return err(failure('unknown-metric', { metric, near: nearestNames(metric, comparison.metrics) }));
    }
    const versions = await registry.versionsOfRuns(found.value.map(({ id }) => id));
    return versions.ok ? ok({ comparison, versions: versions.value }) : versions;
  });
  const viewOf = ({ versions }: Compared): { models: Map<RunId, string>; allMetrics: boolean } => ({
    models: versionLabels(versions),
    allMetrics: words.all === true,
  });
  printResult(context, compared, {
    json: words.json === true,
    text: (value, screen) =>
      words.md === true
        ? comparisonMarkdown(value.comparison, viewOf(value))
        : renderComparison(value.comparison, viewOf(value), screen),
    data: asData,
  });
}

async function named(store: TrackingStore, references: readonly string[]): Promise<Result<RunDetail[]>> {
  const found = new Map<RunId, RunDetail>();
  for (const reference of references) {
    const run = await store.findRun(reference);
    if (!run.ok) return run;
    found.set(run.value.id, run.value);
  }
  return ok([...found.values()]);
}

/** Oldest first, so that the table reads as the work went. */
async function newest(store: TrackingStore, last: number): Promise<Result<readonly RunDetail[]>> {
  const rows = await store.listRuns({ statuses: ['FINISHED'], limit: last });
  if (!rows.ok) return rows;
  if (rows.value.length > 0) return store.getRuns(rows.value.map(({ id }) => id).reverse());
  const all = await store.countRuns({});
  return all.ok ? err(failure('nothing-to-compare', { runs: all.value })) : all;
}

function asData({ comparison, versions }: Compared): unknown {
  const { runs, params, metrics, best } = comparison;
  return {
    baseline: runs[0]?.run.name ?? null,
    best:
      best === null
        ? null
        : {
            metric: best.metric,
            lowerIsBetter: best.lowerIsBetter,
            runs: runs.filter(({ run }) => best.runs.includes(run.id)).map(({ run }) => run.name),
          },
    params,
    metrics,
    runs: runs.map(({ run, seconds, deltas }) => ({
      id: run.id,
      name: run.name,
      status: run.status,
      startedAt: run.startedAt,
      seconds,
      params: run.params,
      metrics: run.metrics,
      deltas,
      models: (versions.get(run.id) ?? []).map(({ model, version, stage }) => ({ model, version, stage })),
    })),
  };
}
