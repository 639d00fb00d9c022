import { createHash } from 'node:crypto';
import { escapeHtml } from './escape.ts';
import {
  seriesName,
  textOf,
  type ChartPlot,
  type ImagePlot,
  type Plot,
  type PlotSeries,
  type PlotsPage,
} from './model.ts';
import { pageScript, pageStyle } from './page-parts.ts';
import { drawBars } from './svg-bars.ts';
import { drawConfusion } from './svg-confusion.ts';
import { drawChart, type Drawing } from './svg-line.ts';

const mostTableRows = 100;

/**
 * One HTML page that needs nothing else: it asks the network for nothing, and its policy forbids that and every script but its own.
 * All that comes from files stands in it escaped.
 */
export function renderPlotsPage(page: PlotsPage): string {
  const hash = createHash('sha256').update(pageScript).digest('base64');
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'`;
  const remarks = page.remarks.map((remark) => `<p class="note">${escapeHtml(remark)}</p>`).join('');
  const plots = page.plots.map((plot) => section(plot, page.revisions)).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Plots: ${escapeHtml(page.revisions.join(', '))}</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
<header><h1>Plots</h1><p class="soft">${escapeHtml(page.revisions.join(' · '))}</p>${remarks}</header>
<main>
${plots}
</main>
<div id="tip" role="status" hidden></div>
<script>${pageScript}</script>
</body>
</html>
`;
}

function section(plot: Plot, revisions: readonly string[]): string {
  const body = plot.kind === 'image' ? images(plot) : chart(plot, revisions);
  const label = plot.title === plot.id ? '' : `<p class="soft">${escapeHtml(plot.id)}</p>`;
  return `<section><h2>${escapeHtml(plot.title)}</h2>${label}${body}</section>`;
}

function images({ title, images: shown }: ImagePlot): string {
  const figures = shown.map(({ revision, source }) => {
    const name = escapeHtml(revision);
    return `<figure><img src="${escapeHtml(source)}" alt="${escapeHtml(`${title} at ${revision}`)}"><figcaption>${name}</figcaption></figure>`;
  });
  return `<div class="matrices">${figures.join('')}</div>`;
}

function chart(plot: ChartPlot, revisions: readonly string[]): string {
  const { series } = plot;
  const names = series.map((each) => seriesName(each, series));
  if (plot.template.startsWith('confusion')) {
    const matrices = series.map((each, index) => {
      const { svg, note } = drawConfusion(plot, each);
      return `<figure>${svg}<figcaption>${escapeHtml(names[index] ?? '')}${note === undefined ? '' : ` (${note})`}</figcaption></figure>`;
    });
    return `<div class="matrices">${matrices.join('')}</div>${table(plot, names)}`;
  }
  const look = lookOf(series, revisions);
  const drawing: Drawing = (plot.template.startsWith('bar') ? drawBars : drawChart)(plot, look, names);
  const note = drawing.note === undefined ? '' : `<p class="note">${escapeHtml(drawing.note)}</p>`;
  return drawing.svg + legend(series, names, look) + note + table(plot, names);
}

/** Of several revisions, each has a colour and each field a dash; of one, each field has a colour. */
function lookOf(series: readonly PlotSeries[], revisions: readonly string[]): (series: PlotSeries) => string {
  const fieldOf = ({ file, field }: PlotSeries): string => `${file}\n${field}`;
  const fields = [...new Set(series.map(fieldOf))];
  return (each) => {
    const field = fields.indexOf(fieldOf(each));
    if (revisions.length <= 1) return `c${field % 8}`;
    return `c${Math.max(0, revisions.indexOf(each.revision)) % 8} dash${field % 4}`;
  };
}

function legend(series: readonly PlotSeries[], names: readonly string[], look: (series: PlotSeries) => string): string {
  const items = series.map((each, index) => {
    const name = escapeHtml(names[index] ?? '');
    return `<li class="${look(each)}"><button type="button" aria-pressed="true" data-series="${index}"><i class="${look(each)}"></i>${name}</button></li>`;
  });
  return `<ul class="legend">${items.join('')}</ul>`;
}

function table({ xLabel, yLabel, series }: ChartPlot, names: readonly string[]): string {
  const rows: string[] = [];
  let left = 0;
  for (const [index, { xs, ys }] of series.entries()) {
    const share = Math.max(5, Math.floor(mostTableRows / series.length));
    left += Math.max(0, ys.length - share);
    for (let row = 0; row < Math.min(ys.length, share); row++) {
      const cells = [names[index] ?? '', textOf(xs[row]), textOf(ys[row])];
      rows.push(`<tr>${cells.map((text) => `<td>${escapeHtml(text)}</td>`).join('')}</tr>`);
    }
  }
  const head = ['Series', xLabel, yLabel].map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('');
  const rest = left === 0 ? '' : `<p class="note">${left} further rows are not listed</p>`;
  return `<details><summary>Values</summary><div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>${rest}</details>`;
}
