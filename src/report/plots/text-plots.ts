import { fitWidth } from '../display-width.ts';
import type { Style } from '../style.ts';
import { plainLine } from '../terminal-text.ts';
import { barsOf } from './bars.ts';
import { cellText, confusionOf } from './confusion.ts';
import { thinLine } from './downsample.ts';
import { seriesName, type ChartPlot, type PlotSeries, type PlotsPage } from './model.ts';
import { drawBraille } from './text-line.ts';

export interface TextView {
  readonly style: Style;
  readonly columns: number;
}

/** All plots for a terminal: lines and points in Braille dots, bars in blocks, a matrix as a table. Without colour each series has a chart of its own. */
export function renderPlotsText({ plots, revisions }: PlotsPage, view: TextView): string {
  const shown = plots.map((plot) => {
    const head = view.style.bold(plainLine(plot.title));
    if (plot.kind === 'image') return `${head}\n  a picture: see the page\n`;
    return `${head}\n${chartText(plot, view)}`;
  });
  return shown.length === 0 ? `  no plots in ${revisions.join(', ')}\n` : shown.join('\n');
}

function chartText(plot: ChartPlot, view: TextView): string {
  const names = plot.series.map((series) => plainLine(seriesName(series, plot.series)));
  if (plot.template.startsWith('bar')) return barsText(plot, names, view);
  const draw = plot.template.startsWith('confusion')
    ? (series: PlotSeries) => confusionText(plot, series, view)
    : (series: PlotSeries) => drawBraille(plot, series, view, (points) => thinLine(points, 20_000));
  return plot.series.map((series, index) => `  ${view.style.cyan(names[index] ?? '')}\n${draw(series)}`).join('');
}

function barsText(plot: ChartPlot, names: readonly string[], { style, columns }: TextView): string {
  const { rows, high, low, left } = barsOf(plot);
  const width = Math.max(10, columns - 40);
  const reach = Math.max(Math.abs(high), Math.abs(low)) || 1;
  const lines = rows.flatMap(({ name, lengths }) =>
    lengths.map((length, index) => {
      const label = fitWidth(index === 0 ? plainLine(name) : '', 16).padEnd(16);
      if (length === undefined) return `  ${label} -`;
      const bar = blocks((Math.abs(length) / reach) * width);
      const which = names.length > 1 ? ` ${style.dim(fitWidth(names[index] ?? '', 12))}` : '';
      return `  ${label} ${length < 0 ? '-' : ''}${style.cyan(bar)} ${Number(length.toPrecision(5))}${which}`;
    }),
  );
  return `${[...lines, ...(left === 0 ? [] : [`  ${left} further bars`])].join('\n')}\n`;
}

/** Eighths of a block at the end. */
function blocks(length: number): string {
  const whole = Math.floor(length);
  const eighth = Math.round((length - whole) * 8);
  return '█'.repeat(whole) + (' ▏▎▍▌▋▊▉█'[eighth] ?? '').trim();
}

function confusionText(plot: ChartPlot, series: PlotSeries, { style, columns }: TextView): string {
  const normalized = plot.template === 'confusion_normalized';
  const { xs, ys, cell, highest, cut } = confusionOf(series, normalized);
  const labelWidth = Math.min(16, Math.max(...ys.map((y) => y.length), 4));
  const width = Math.max(7, Math.min(12, Math.max(...xs.map((x) => x.length), 5) + 2));
  const room = Math.max(1, Math.floor((columns - labelWidth - 4) / width));
  const shown = xs.slice(0, room);
  const shade = (value: number): string => ' ░▒▓█'[highest === 0 ? 0 : Math.ceil((value / highest) * 4)] ?? ' ';
  const head = shown.map((x) => fitWidth(plainLine(x), width - 1).padStart(width)).join('');
  const rows = ys.map((y) => {
    const cells = shown.map((x) => {
      const value = cell(x, y);
      return `${cellText(value, normalized).padStart(width - 2)} ${shade(value)}`;
    });
    return `  ${fitWidth(plainLine(y), labelWidth).padEnd(labelWidth)} ${cells.join('')}`;
  });
  const axes = style.dim(plainLine(`rows: ${plot.yLabel}, columns: ${plot.xLabel}`));
  const left = cut || shown.length < xs.length ? ['  further columns do not fit'] : [];
  return `${[`  ${' '.repeat(labelWidth)} ${head}`, ...rows, `  ${axes}`, ...left].join('\n')}\n`;
}
