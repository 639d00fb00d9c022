import { displayWidth, fitWidth } from './display-width.ts';
import { countOf, formatDelta, formatDuration, formatNumber } from './format.ts';
import type { Style } from './style.ts';
import { joinFitting, padTo, plainLine } from './terminal-text.ts';

/** What is said below the stage lines once a run has ended well. */
export interface RunSummary {
  readonly runName: string;
  readonly seconds: number;
  readonly metrics: readonly SummaryMetric[];
  readonly models: readonly SummaryModel[];
  /** Commands worth typing now, best first. */
  readonly next: readonly string[];
}

interface SummaryMetric {
  readonly name: string;
  readonly value: number;
  /** Of the run before this one, where it has the metric. */
  readonly previous?: number;
}

/** The version whose content the run came by. */
export interface SummaryModel {
  readonly name: string;
  readonly version: number;
  readonly stage: string;
  /** Absent when the version was known before: then nothing was measured or moved. */
  readonly gates?: { readonly passed: number; readonly of: number };
  /** The gates that kept it where it is. */
  readonly refused?: readonly RefusedGate[];
}

/** What a gate asks for and what it measured, as gate-text.ts words them. */
interface RefusedGate {
  readonly gate: string;
  readonly measured: string;
}

interface Screen {
  readonly style: Style;
  readonly columns: number;
}

const mostMetrics = 12;

/** The metrics with what they won or lost, the run with its model, and the next step; every line ended. */
export function renderRunSummary(summary: RunSummary, { style, columns }: Screen): string {
  const metrics = metricLines(summary.metrics, columns);
  const run = joinFitting(
    [`run ${summary.runName}`, ...summary.models.map(modelText), formatDuration(summary.seconds)],
    ' · ',
    columns - 2,
  );
  const next = joinFitting(summary.next, ' · ', columns - 8);
  const lines = [
    ...(metrics.length === 0 ? [] : [...metrics, '']),
    `  ${run}`,
    ...summary.models.flatMap((model) => refusedLines(model, style, columns)),
    ...(next === '' ? [] : [`  ${style.cyan('next:')} ${next}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** What is said when there was nothing to do. */
export const renderUpToDate = (stages: number, seconds: number): string =>
  stages === 0
    ? '  nothing to run: the pipeline file has no stages\n'
    : `  ${countOf(stages, 'stage')} up to date (${seconds.toFixed(2)}s)\n`;

/** `sentiment v2 -> Staging (gates 3/3)`; of a version that was known before, where it stands: `sentiment v1 (Production)`. */
export function modelText({ name, version, stage, gates }: SummaryModel): string {
  if (gates === undefined) return `${name} v${version} (${stage})`;
  return `${name} v${version} -> ${stage} (gates ${gates.passed}/${gates.of})`;
}

/** A line for each gate that refused the model, not ended. */
export function refusedLines({ name, version, refused = [] }: SummaryModel, style: Style, columns: number): string[] {
  const head = `${plainLine(name)} v${version} refused: `;
  const room = Math.max(20, columns - 2 - displayWidth(head));
  return refused.map(
    ({ gate, measured }) => `  ${style.yellow(head)}${fitWidth(plainLine(`${gate} (${measured})`), room)}`,
  );
}

/** As many metrics side by side as fit, aligned below each other. */
function metricLines(metrics: readonly SummaryMetric[], columns: number): string[] {
  const shown = metrics.slice(0, mostMetrics);
  const nameWidth = Math.max(0, ...shown.map(({ name }) => displayWidth(name)));
  const numbers = shown.map(numbersOf);
  const numberWidth = Math.max(0, ...numbers.map(displayWidth));
  const perLine = Math.max(1, Math.floor((columns - 2 + 5) / (nameWidth + 3 + numberWidth + 5)));
  const lines: string[] = [];
  for (let from = 0; from < shown.length; from += perLine) {
    const cells = shown
      .slice(from, from + perLine)
      .map(({ name }, at) => `${padTo(name, nameWidth)}   ${padTo(numbers[from + at] ?? '', numberWidth)}`);
    lines.push(`  ${cells.join('     ')}`.trimEnd());
  }
  const left = metrics.length - shown.length;
  return left > 0 ? [...lines, `  and ${left} more: mlp metrics show`] : lines;
}

function numbersOf({ value, previous }: SummaryMetric): string {
  return previous === undefined ? formatNumber(value) : `${formatNumber(value)}  ${formatDelta(value - previous)}`;
}
