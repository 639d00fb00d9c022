import type { RunId } from '../core/brands.ts';
import type { RunDetail, StageRow } from '../tracking/types.ts';
import { countOf, formatAgo, formatDuration, formatNumber } from './format.ts';
import type { Style } from './style.ts';
import { type Cell, type Column, textTable } from './table.ts';
import { plainLine } from './terminal-text.ts';

export interface RunsPage {
  /** Newest first, or in the order asked for. */
  readonly runs: readonly RunDetail[];
  /** How many there are on all pages. */
  readonly total: number;
  readonly models: ReadonlyMap<RunId, string>;
  /** The metric the page is ordered by, which is shown first. */
  readonly orderedBy?: string;
}

interface Screen {
  readonly style: Style;
  readonly columns: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Beside a model column there is room for one less. */
const mostMetrics = 2;
/** Shown first, when runs have them. */
const usualMetrics = ['macro_f1', 'accuracy', 'f1', 'loss'];

/** `mlp runs list`: a line a run, what came of it on the right; every line ended. */
export function renderRuns(page: RunsPage, { style, columns, now }: Screen): string {
  const { runs, total, models } = page;
  if (runs.length === 0) return `  no run is like that\n  ${style.cyan('next:')} mlp runs list\n`;
  const metrics = metricsOf(page);
  const titles: Column[] = [
    { title: 'run' },
    { title: 'started' },
    { title: 'time', align: 'right' },
    ...metrics.map((title): Column => ({ title, align: 'right' })),
    ...(models.size > 0 ? [{ title: 'model' }] : []),
    { title: 'what', shrinkTo: 8 },
  ];
  const rows = runs.map((run) => [
    run.name,
    formatAgo(run.startedAt, now),
    run.endedAt === null ? '' : formatDuration((run.endedAt - run.startedAt) / 1000),
    ...metrics.map((name) => metricText(run.metrics[name])),
    ...(models.size > 0 ? [models.get(run.id) ?? ''] : []),
    whatCell(run, style),
  ]);
  const table = textTable({ columns: titles, rows }, { width: columns, indent: 2, gap: 2, paintHeader: style.dim });
  return `${table}\n${footer(page, total)}  ${style.cyan('next:')} ${nextStep(runs)}\n`;
}

function metricsOf({ runs, orderedBy, models }: RunsPage): string[] {
  const whole = new Set(runs.flatMap((run) => Object.keys(run.metrics).filter((name) => !/[.[]/.test(name))));
  const known = [...usualMetrics.filter((name) => whole.has(name)), ...[...whole].sort()];
  const wanted = orderedBy === undefined ? known : [orderedBy, ...known];
  return [...new Set(wanted)].slice(0, models.size > 0 ? mostMetrics - 1 : mostMetrics);
}

const metricText = (value: number | undefined): string => (value === undefined ? '' : formatNumber(value));

/** What went wrong; else the message it was given, else the stages that ran. */
function whatCell(run: RunDetail, style: Style): Cell {
  const named = (action: StageRow['action']): string =>
    run.stages
      .filter((row) => row.action === action)
      .map(({ stage }) => stage)
      .join(', ');
  const message = run.tags['message'] ?? '';
  if (run.status === 'RUNNING') return { text: 'running', paint: style.yellow };
  if (run.status !== 'FINISHED')
    return { text: plainLine(`${run.status.toLowerCase()} ${named('failed')}`.trimEnd()), paint: style.red };
  if (message !== '') return plainLine(message);
  return named('ran') === '' ? 'restored' : plainLine(`ran ${named('ran')}`);
}

function footer({ runs, orderedBy }: RunsPage, total: number): string {
  const left = total - runs.length;
  if (left <= 0) return '';
  const last = runs.at(-1);
  const how = orderedBy === undefined && last !== undefined ? `--before ${last.number}` : '--last N';
  return `  ${countOf(runs.length, 'run')} of ${total} · more with ${how}\n`;
}

function nextStep(runs: readonly RunDetail[]): string {
  const [newest] = runs;
  const failed = newest?.status === 'FAILED' ? ` · mlp runs log ${newest.name}` : ' · mlp compare';
  return `mlp runs show ${newest?.name ?? '@1'}${failed}`;
}
