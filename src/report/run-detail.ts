import type { ModelVersion } from '../registry/types.ts';
import type { RunDetail, StageRow } from '../tracking/types.ts';
import { countOf, formatAgo, formatBytes, formatDuration, formatNumber, formatValue, shortHash } from './format.ts';
import { displayWidth, fitWidth } from './display-width.ts';
import { summariseReasons } from './reason.ts';
import type { Style } from './style.ts';
import { type Cell, textTable } from './table.ts';
import { plainLine } from './terminal-text.ts';
import { versionLabel } from './version-label.ts';

interface Screen {
  readonly style: Style;
  readonly columns: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** `mlp runs show`: all that is known of one run; every line ended. */
export function renderRun(run: RunDetail, versions: readonly ModelVersion[], screen: Screen): string {
  const sections = [
    headline(run, screen),
    facts(run, versions, screen),
    stageTable(run.stages, screen),
    outsTable(run.stages, screen),
    pairs('metrics', Object.entries(run.metrics), formatNumber, screen),
    pairs('params', Object.entries(run.params), formatValue, screen),
  ].filter((section) => section !== '');
  return `${sections.join('\n')}\n  ${screen.style.cyan('next:')} ${nextStep(run)}\n`;
}

function headline(run: RunDetail, { style, now }: Screen): string {
  const paint = run.status === 'FINISHED' ? style.green : run.status === 'RUNNING' ? style.yellow : style.red;
  const took = run.endedAt === null ? '' : ` · ${formatDuration((run.endedAt - run.startedAt) / 1000)}`;
  const started = new Date(run.startedAt).toISOString().replace('T', ' ').slice(0, 16);
  const when = `${started} UTC (${formatAgo(run.startedAt, now)})`;
  return `  ${style.bold(run.name)}   ${paint(run.status.toLowerCase())}   ${when}${took}\n`;
}

/** Tags as they are named, with the id, the experiment where it is not the usual one, and the models in front. */
function facts(run: RunDetail, versions: readonly ModelVersion[], { style, columns }: Screen): string {
  const rows: [string, string][] = [
    ['id', run.id],
    ...(run.experiment === 'default' ? [] : [['experiment', run.experiment] as [string, string]]),
    ...versions.map((version): [string, string] => ['model', versionLabel(version, true)]),
    ...Object.entries(run.tags),
  ];
  const cells = rows.map(([name, value]) => [{ text: name, paint: style.dim }, plainLine(value)]);
  const layout = { indent: 2, header: false, width: columns };
  return textTable({ columns: [{ title: '' }, { title: '', shrinkTo: 20 }], rows: cells }, layout);
}

function stageTable(stages: readonly StageRow[], { style, columns }: Screen): string {
  if (stages.length === 0) return '';
  const titles = [
    { title: 'stage' },
    { title: 'what' },
    { title: 'time', align: 'right' as const },
    { title: 'cpu', align: 'right' as const },
    { title: 'memory', align: 'right' as const },
    { title: 'why', shrinkTo: 12 },
  ];
  const rows = stages.map((row) => [
    row.stage,
    actionCell(row, style),
    row.action === 'unchanged' || row.action === 'not-run' ? '' : formatDuration(row.seconds),
    row.cpuSeconds === null ? '' : formatDuration(row.cpuSeconds),
    row.peakMemoryBytes === null ? '' : formatBytes(row.peakMemoryBytes),
    summariseReasons(row.reasons, Math.max(20, columns - 50)),
  ]);
  return textTable({ columns: titles, rows }, { indent: 2, width: columns, gap: 2, paintHeader: style.dim });
}

function actionCell(row: StageRow, style: Style): Cell {
  if (row.action === 'failed') {
    return { text: row.exitStatus === null ? 'failed' : `failed (${row.exitStatus})`, paint: style.red };
  }
  const text = row.attempts > 1 ? `${row.action} (try ${row.attempts})` : row.action;
  if (row.action === 'ran') return { text, paint: style.yellow };
  return row.action === 'unchanged' ? { text, paint: style.dim } : text;
}

/** What this run made: outputs of stages that ran. */
function outsTable(stages: readonly StageRow[], { style, columns }: Screen): string {
  const rows = stages
    .filter(({ action }) => action === 'ran')
    .flatMap(({ outs }) => outs)
    .map(({ path, hash, size, files }) => [
      plainLine(path),
      shortHash(hash),
      formatBytes(size),
      files === undefined ? '' : countOf(files, 'file'),
    ]);
  if (rows.length === 0) return '';
  const titles = [
    { title: 'output', shrinkTo: 20 },
    { title: 'content' },
    { title: 'size', align: 'right' as const },
    { title: '' },
  ];
  return textTable({ columns: titles, rows }, { indent: 2, width: columns, paintHeader: style.dim });
}

const indent = 2;
const gap = 2;

/** Names and values, in as many pairs side by side as fit, to be read downwards. */
function pairs<V>(
  title: string,
  entries: readonly (readonly [string, V])[],
  format: (value: V) => string,
  { style, columns }: Screen,
): string {
  if (entries.length === 0) return '';
  const shown = entries.map(([name, value]) => [plainLine(name), fitWidth(plainLine(format(value)), 40)] as const);
  const widest = (at: 0 | 1): number => Math.max(...shown.map((pair) => displayWidth(pair[at])));
  // A pair is followed by an empty column, which sets it apart from its neighbour.
  const pairWidth = widest(0) + widest(1) + 3 * gap;
  const across = Math.max(1, Math.floor((columns - indent + 2 * gap) / pairWidth));
  const down = Math.ceil(shown.length / across);
  const rows = Array.from({ length: down }, (_row, row) =>
    Array.from({ length: across }, (_pair, at): Cell[] => {
      const pair = shown[at * down + row];
      return pair === undefined ? [] : [{ text: pair[0], paint: style.dim }, pair[1], ''];
    }).flat(),
  );
  const titles = Array.from({ length: 3 * across }, () => ({ title: '' }));
  const table = textTable({ columns: titles, rows }, { indent, gap, header: false });
  return `${' '.repeat(indent)}${style.bold(title)}\n${table}`;
}

function nextStep(run: RunDetail): string {
  const failed = run.stages.find(({ action }) => action === 'failed');
  if (failed !== undefined) return `mlp runs log ${run.name} ${failed.stage}`;
  return `mlp runs log ${run.name} · mlp compare`;
}
