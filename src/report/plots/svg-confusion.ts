import { cellText, confusionOf } from './confusion.ts';
import { escapeHtml, shorten } from './escape.ts';
import type { ChartPlot, PlotSeries } from './model.ts';

const left = 118;
const top = 8;

/** One matrix: columns are the values of x, rows those of y; the fuller a cell, the stronger its colour. */
export function drawConfusion(
  plot: ChartPlot,
  series: PlotSeries,
): { readonly svg: string; readonly note: string | undefined } {
  const normalized = plot.template === 'confusion_normalized';
  const { xs, ys, cell, highest, cut } = confusionOf(series, normalized);
  const size = xs.length <= 6 ? 64 : xs.length <= 14 ? 40 : 24;
  const width = left + xs.length * size + 8;
  const bottom = top + ys.length * size;
  const cells = ys.flatMap((y, row) =>
    xs.map((x, column) => {
      const value = cell(x, y);
      const share = highest === 0 ? 0 : value / highest;
      const [cx, cy] = [left + column * size, top + row * size];
      const shown = cellText(value, normalized);
      const title = escapeHtml(`${plot.xLabel} ${x}, ${plot.yLabel} ${y}: ${shown}`);
      const text =
        size < 40
          ? ''
          : `<text class="${share > 0.55 ? 'on' : 'off'}" x="${cx + size / 2}" y="${cy + size / 2 + 4}" text-anchor="middle">${shown}</text>`;
      return `<g class="cell"><title>${title}</title><rect x="${cx + 1}" y="${cy + 1}" width="${size - 2}" height="${size - 2}" rx="3" fill-opacity="${share.toFixed(3)}"/>${text}</g>`;
    }),
  );
  const most = Math.max(4, Math.floor(size / 6.5));
  const columns = xs.map((x, column) => {
    const at = left + column * size + size / 2;
    return `<text transform="rotate(-35 ${at} ${bottom + 16})" x="${at}" y="${bottom + 16}" text-anchor="end">${escapeHtml(shorten(x, Math.max(12, most)))}</text>`;
  });
  const rows = ys.map(
    (y, row) =>
      `<text x="${left - 8}" y="${top + row * size + size / 2 + 4}" text-anchor="end">${escapeHtml(shorten(y, 12))}</text>`,
  );
  const height = bottom + 92;
  const middle = left + (xs.length * size) / 2;
  const labels = `<text class="label" x="${middle}" y="${height - 4}" text-anchor="middle">${escapeHtml(shorten(plot.xLabel, 30))}</text><text class="label" transform="rotate(-90)" x="${-(top + bottom) / 2}" y="14" text-anchor="middle">${escapeHtml(shorten(plot.yLabel, 30))}</text>`;
  const head = `<title>${escapeHtml(plot.title)}</title><desc>${escapeHtml(`How often each ${plot.yLabel} stands with each ${plot.xLabel}`)}</desc>`;
  return {
    svg: `<svg viewBox="0 0 ${width} ${height}" style="max-width:${Math.max(260, width)}px" role="img" class="matrix">${head}${cells.join('')}<g class="axes">${columns.join('')}${rows.join('')}${labels}</g></svg>`,
    note: cut ? `only the first ${xs.length} values are shown` : undefined,
  };
}
