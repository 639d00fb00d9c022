import { barsOf } from './bars.ts';
import { escapeHtml, shorten } from './escape.ts';
import type { ChartPlot, PlotSeries } from './model.ts';
import { numberTicks } from './scale.ts';
import type { Drawing } from './svg-line.ts';

const width = 640;
const left = 150;
const right = 88;

/** Horizontal bars, those of one name side by side. */
export function drawBars(plot: ChartPlot, look: (series: PlotSeries) => string, names: readonly string[]): Drawing {
  const { rows, low, high, left: notShown } = barsOf(plot);
  const thickness = Math.max(8, Math.min(18, 28 / plot.series.length));
  const rowHeight = thickness * plot.series.length + 10;
  const height = rows.length * rowHeight + 48;
  const at = (value: number): number =>
    Number((left + ((value - low) / (high - low || 1)) * (width - left - right)).toFixed(1));
  const groups = plot.series.map((series, index) => {
    const bars = rows.map(({ name, lengths }, row) => {
      const length = lengths[index];
      if (length === undefined) return '';
      const y = row * rowHeight + 5 + index * thickness;
      const [from, to] = [at(Math.min(0, length)), at(Math.max(0, length))];
      const shown = String(Number(length.toPrecision(5)));
      const title = escapeHtml(`${name}: ${length} (${names[index] ?? ''})`);
      return `<rect x="${from}" y="${y}" width="${Math.max(1, to - from)}" height="${thickness - 2}" rx="2"><title>${title}</title></rect><text class="value" x="${to + 5}" y="${y + thickness / 2 + 3}">${shown}</text>`;
    });
    return `<g class="series ${look(series)}" data-name="${escapeHtml(names[index] ?? '')}">${bars.join('')}</g>`;
  });
  const labels = rows.map(({ name }, row) => {
    const y = row * rowHeight + rowHeight / 2 + 3;
    return `<text x="${left - 8}" y="${y}" text-anchor="end">${escapeHtml(shorten(name === '' ? '(empty)' : name, 16))}</text>`;
  });
  const end = rows.length * rowHeight + 6;
  const ticks = numberTicks(low, high || 1, 5).map(
    (tick) =>
      `<line class="grid" x1="${at(tick.at)}" x2="${at(tick.at)}" y1="0" y2="${end}"/><text x="${at(tick.at)}" y="${end + 14}" text-anchor="middle">${tick.text}</text>`,
  );
  const label = `<text class="label" x="${(left + width - right) / 2}" y="${height - 4}" text-anchor="middle">${escapeHtml(shorten(plot.xLabel, 60))}</text>`;
  const head = `<title>${escapeHtml(plot.title)}</title><desc>${escapeHtml(`Bars of ${plot.xLabel} by ${plot.yLabel}: ${names.join(', ')}`)}</desc>`;
  return {
    svg: `<svg viewBox="0 0 ${width} ${height}" role="img" class="chart">${head}<g class="axes">${ticks.join('')}${labels.join('')}${label}</g>${groups.join('')}</svg>`,
    note: notShown === 0 ? undefined : `${notShown} further bars are not drawn`,
  };
}
