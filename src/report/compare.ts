import type { RunId } from '../core/brands.ts';
import type { Comparison, ComparedRun } from '../tracking/compare-runs.ts';
import { displayWidth, fitWidth } from './display-width.ts';
import { countOf, formatDelta, formatDuration, formatNumber, formatValue } from './format.ts';
import type { Style } from './style.ts';
import { type Cell, type Column, markdownTable, type Table, textTable } from './table.ts';
import { joinFitting, plainLine } from './terminal-text.ts';

/** What the screen needs beyond the comparison. */
export interface CompareView {
  /** `v2 staging`, by run; absent for runs that made no model. */
  readonly models: ReadonlyMap<RunId, string>;
  /** Also metrics with a dot in their name (a class, a fold), which are many. */
  readonly allMetrics: boolean;
}

interface Screen {
  readonly style: Style;
  readonly columns: number;
}

const longestValue = 24;
const bestMark = '*';

/** `mlp compare`: a row a run, the params that differ, metrics with what they won or lost; every line ended. */
export function renderComparison(comparison: Comparison, view: CompareView, { style, columns }: Screen): string {
  const table = tableOf(comparison, view, {
    run: (compared, best) => {
      const text = `${best ? bestMark : ' '} ${compared.run.name}`;
      return best ? { text, paint: style.bold } : text;
    },
    title: '  run',
  });
  const [roomy = '', tight = ''] = [3, 2].map((gap) =>
    textTable(table, { width: columns, pinned: 1, gap, paintHeader: style.dim }),
  );
  const laidOut = continues(roomy) && !continues(tight) ? tight : roomy;
  const note = joinFitting(notes(comparison, view), ' · ', columns - 2);
  return `${laidOut}\n${note === '' ? '' : `  ${note}\n`}  ${style.cyan('next:')} ${nextStep(comparison, view)}\n`;
}

/** Whether a table was too wide and goes on below itself. */
const continues = (table: string): boolean => table.includes('\n\n');

/** `mlp compare --md`: the same for a pull request, best in bold. */
export function comparisonMarkdown(comparison: Comparison, view: CompareView): string {
  const run = (compared: ComparedRun, best: boolean): string => `${best ? `${bestMark} ` : ''}${compared.run.name}`;
  const table = tableOf(comparison, view, { run, title: 'run' });
  return `${markdownTable(table)}\n${notes(comparison, view).join(' · ')}\n`;
}

interface RunColumn {
  readonly title: string;
  run(compared: ComparedRun, best: boolean): Cell;
}

function tableOf(comparison: Comparison, view: CompareView, runColumn: RunColumn): Table {
  const { runs, params, best } = comparison;
  const metrics = shownMetrics(comparison, view);
  const models = runs.some(({ run }) => view.models.has(run.id));
  const columns: Column[] = [
    { title: runColumn.title },
    ...params.differing.map((title) => ({ title })),
    ...metrics.map((title) => ({ title })),
    { title: 'time', align: 'right' },
    ...(models ? [{ title: 'model' }] : []),
  ];
  const metricCells = metrics.map((metric) => metricColumn(runs, metric));
  const rows = runs.map((compared, row) => [
    runColumn.run(compared, best?.runs.includes(compared.run.id) === true),
    ...params.differing.map((name) => paramCell(compared, name)),
    ...metricCells.map((cells) => cells[row] ?? ''),
    compared.seconds === null ? 'running' : formatDuration(compared.seconds),
    ...(models ? [view.models.get(compared.run.id) ?? ''] : []),
  ]);
  return { columns, rows };
}

function paramCell({ run }: ComparedRun, name: string): string {
  const value = run.params[name];
  return value === undefined ? '-' : fitWidth(plainLine(formatValue(value)), longestValue);
}

/** Values end below each other, and so do the deltas beside them. */
function metricColumn(runs: readonly ComparedRun[], metric: string): string[] {
  const values = runs.map(({ run }) => {
    const value = run.metrics[metric];
    return value === undefined ? '-' : formatNumber(value);
  });
  const deltas = runs.map(({ deltas }) => {
    const delta = deltas[metric];
    return delta === undefined || Number.isNaN(delta) ? '' : formatDelta(delta);
  });
  const valueWidth = Math.max(...values.map(displayWidth));
  const deltaWidth = Math.max(...deltas.map(displayWidth));
  return values.map((value, row) =>
    `${value.padStart(valueWidth)} ${(deltas[row] ?? '').padStart(deltaWidth)}`.trimEnd(),
  );
}

/** The metric that decides comes first. Those with a dot are of a part (a class, a fold) and are shown on request. */
function shownMetrics({ metrics, best }: Comparison, { allMetrics }: CompareView): string[] {
  const whole = metrics.filter((name) => !/[.[]/.test(name));
  const shown = allMetrics || whole.length === 0 ? metrics : whole;
  return best === null ? [...shown] : [best.metric, ...shown.filter((name) => name !== best.metric)];
}

function notes(comparison: Comparison, view: CompareView): string[] {
  const { params, best, metrics } = comparison;
  const hidden = metrics.length - shownMetrics(comparison, view).length;
  return [
    ...(params.equal > 0 ? [`${countOf(params.equal, 'param')} equal in all`] : []),
    ...(best !== null && best.runs.length > 0
      ? [`best by ${best.lowerIsBetter ? 'lowest ' : ''}${best.metric} marked ${bestMark}`]
      : []),
    ...(hidden > 0 ? [`${countOf(hidden, 'more metric')}: --all`] : []),
  ];
}

function nextStep({ runs, best }: Comparison, { models }: CompareView): string {
  const [only] = runs;
  if (runs.length === 1 && only !== undefined) return 'mlp repro -S NAME=VALUE makes a run to compare with';
  const winner = runs.find(({ run }) => run.id === best?.runs[0]);
  if (winner === undefined) return 'mlp runs list';
  return `mlp runs show ${winner.run.name}${models.size > 0 ? ' · mlp promote' : ''}`;
}
