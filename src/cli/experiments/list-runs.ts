import { systemClock } from '../../core/clock.ts';
import { failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { renderRuns, type RunsPage } from '../../report/runs-list.ts';
import { versionLabels } from '../../report/version-label.ts';
import { parseCondition } from '../../tracking/parse-condition.ts';
import type { RunCondition, RunFilter, RunStatus } from '../../tracking/types.ts';
import type { CliContext } from '../context.ts';
import { printResult } from '../print-result.ts';
import { type OpenModels, withModels } from '../stores.ts';

export interface ListWords {
  readonly last: number;
  readonly where?: readonly string[];
  readonly status?: readonly string[];
  readonly experiment?: string;
  readonly sort?: string;
  readonly ascending?: boolean;
  readonly before?: number;
  readonly json?: boolean;
}

/** `mlp runs list`. */
export async function listRuns(context: CliContext, words: ListWords): Promise<void> {
  const filter = filterOf(words);
  const page = filter.ok ? await withModels(context, (open) => readPage(open, filter.value)) : filter;
  const now = systemClock.now();
  printResult(context, page, {
    json: words.json === true,
    text: (value, screen) => renderRuns(value, { ...screen, now }),
    data: ({ runs, total }) => ({ total, runs }),
  });
}

async function readPage({ runs, registry }: OpenModels, filter: RunFilter): Promise<Result<RunsPage>> {
  const rows = await runs.listRuns(filter);
  if (!rows.ok) return rows;
  const total = await runs.countRuns(filter);
  if (!total.ok) return total;
  const ids = rows.value.map(({ id }) => id);
  const details = await runs.getRuns(ids);
  if (!details.ok) return details;
  const versions = await registry.versionsOfRuns(ids);
  if (!versions.ok) return versions;
  return ok({
    runs: details.value,
    total: total.value,
    models: versionLabels(versions.value),
    ...(filter.orderBy === undefined ? {} : { orderedBy: filter.orderBy.metric }),
  });
}

function filterOf(words: ListWords): Result<RunFilter> {
  const where: RunCondition[] = [];
  for (const text of words.where ?? []) {
    const condition = parseCondition(text);
    if (!condition.ok) return condition;
    where.push(condition.value);
  }
  const statuses = statusesOf(words.status ?? []);
  if (!statuses.ok) return statuses;
  const direction = words.ascending === true ? 'ascending' : 'descending';
  return ok({
    limit: words.last,
    where,
    ...(statuses.value.length === 0 ? {} : { statuses: statuses.value }),
    ...(words.experiment === undefined ? {} : { experiment: words.experiment }),
    ...(words.sort === undefined ? {} : { orderBy: { metric: words.sort, direction } as const }),
    ...(words.before === undefined ? {} : { before: words.before }),
  });
}

const allStatuses: readonly RunStatus[] = ['RUNNING', 'FINISHED', 'FAILED', 'KILLED'];

function statusesOf(words: readonly string[]): Result<RunStatus[]> {
  const statuses: RunStatus[] = [];
  for (const word of words) {
    const status = allStatuses.find((known) => known === word.toUpperCase());
    if (status === undefined) {
      const near = nearestNames(word, allStatuses).map((name) => name.toLowerCase());
      const hint = near[0] === undefined ? 'finished, failed, killed or running' : `${near[0]}?`;
      const problem = `no run has the status "${word}": ${hint}`;
      return err(failure('wrong-usage', { problem, command: 'runs list' }));
    }
    statuses.push(status);
  }
  return ok(statuses);
}
