import { readPipeline } from '../../pipeline/load-pipeline.ts';
import type { Workspace } from '../../core/workspace.ts';
import { isLowerBetter, primaryMetric } from '../../registry/primary-metric.ts';
import type { BestBy } from '../../tracking/compare-runs.ts';
import type { RunDetail } from '../../tracking/types.ts';

interface Words {
  readonly metric?: string;
  readonly minimise?: boolean;
  readonly maximise?: boolean;
}

/**
 * What best means: what was said, else what the gates of the project's model decide by, as far as the runs know that metric.
 * A pipeline file that cannot be read does not matter here: runs can be compared without it.
 */
export async function judgedBy(workspace: Workspace, runs: readonly RunDetail[], words: Words): Promise<BestBy> {
  const config = await readPipeline(workspace);
  const rules = config.ok ? config.value.models.find(({ gates }) => gates.thresholds.length > 0)?.gates : undefined;
  const gated = rules === undefined ? undefined : primaryMetric(rules);
  const known = gated !== undefined && runs.some((run) => gated in run.metrics) ? gated : undefined;
  const metric = words.metric ?? known;
  const said = words.minimise === true ? true : words.maximise === true ? false : undefined;
  const bounded = rules !== undefined && metric !== undefined && isLowerBetter(rules, metric) ? true : undefined;
  const lowerIsBetter = said ?? bounded;
  return {
    ...(metric === undefined ? {} : { metric }),
    ...(lowerIsBetter === undefined ? {} : { lowerIsBetter }),
  };
}
