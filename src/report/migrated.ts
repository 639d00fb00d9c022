import type { MigratedProject } from '../cli/data/migrate-project.ts';
import { countOf } from './format.ts';
import { renderPlan } from './plan.ts';
import type { Style } from './style.ts';
import { plainLine } from './terminal-text.ts';

/** What `mlp migrate` took over, what it could not, and what is stale now; every line ended. */
export function renderMigrated(
  { stages, data, runs, plan, dry }: MigratedProject,
  { style, columns }: { readonly style: Style; readonly columns: number },
): string {
  const taken = stages.filter(({ outcome }) => outcome === 'taken').length;
  const already = stages.filter(({ outcome }) => outcome === 'already').length;
  const left = [
    ...stages.flatMap(({ stage, outcome, why = '' }) => (outcome === 'left' ? [`${stage}: ${why}`] : [])),
    ...data.flatMap(({ path, record, outcome }) =>
      outcome === 'left' ? [`${path}: what ${record} says is nowhere to be had`] : [],
    ),
  ];
  const dataTaken = data.filter(({ outcome }) => outcome === 'taken').length;
  const counts = [
    `${countOf(taken, 'stage')}${already === 0 ? '' : ` (${already} had evidence already)`}`,
    ...(data.length === 0 ? [] : [`${dataTaken} of ${data.length} tracked data`]),
    ...(runs.found === 0 ? [] : [`${runs.taken} of ${runs.found} run cache entries`]),
  ];
  return [
    `  ${dry ? 'would take over' : 'took over'} ${counts.join(', ')}`,
    ...(left.length === 0
      ? []
      : [`  ${dry ? 'would be left' : 'not taken over'}:`, ...left.map((line) => `    ${plainLine(line)}`)]),
    dry
      ? ''
      : `\n${plan === undefined ? `  ${style.cyan('next:')} mlp checkout, then mlp status\n` : renderPlan(plan, { style, columns })}`,
  ].join('\n');
}
