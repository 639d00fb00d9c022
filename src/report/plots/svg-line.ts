import { thinCloud, thinLine } from './downsample.ts';
import { escapeHtml, shorten } from './escape.ts';
import { textOf, type ChartPlot, type PlotSeries } from './model.ts';
import { pointsOf, scaleOf, type Point, type Scale } from './scale.ts';
import { smoothed } from './smooth.ts';

const chartSize = { width: 640, height: 380, left: 64, right: 16, top: 12, bottom: 52 } as const;
const mostOnLine = 1600;
const mostInCloud = 2500;
const mostDots = 120;

interface Frame {
  readonly x: Scale;
  readonly y: Scale;
}

export interface Drawing {
  readonly svg: string;
  readonly note: string | undefined;
}

/** Lines or points over two axes; `look` gives each series the class of its colour. */
export function drawChart(plot: ChartPlot, look: (series: PlotSeries) => string, names: readonly string[]): Drawing {
  const frame: Frame = {
    x: scaleOf(plot.series.map(({ xs }) => xs)),
    y: scaleOf(plot.series.map(({ ys }) => ys)),
  };
  const notes: string[] = [];
  const groups = plot.series.map((series, index) => {
    const points = pointsOf(series, frame.x, frame.y);
    const there = points.filter((point) => point !== undefined);
    const skipped = series.ys.length - there.length;
    if (skipped > 0) notes.push(`${names[index] ?? ''}: ${skipped} of ${series.ys.length} rows hold no number to draw`);
    const { marks, drawn } = drawSeries(plot, points, there, frame);
    if (drawn.length < there.length) {
      notes.push(
        `${names[index] ?? ''}: ${drawn.length} of ${there.length} points drawn, every low and high among them`,
      );
    }
    const data = drawn.map((point) => [
      px(frame.x, point.x),
      py(frame.y, point.y),
      textOf(series.xs[point.row]),
      textOf(series.ys[point.row]),
    ]);
    const attributes = `class="series ${look(series)}" data-name="${escapeHtml(names[index] ?? '')}"`;
    return `<g ${attributes} data-points="${escapeHtml(JSON.stringify(data))}">${marks}</g>`;
  });
  const { width, height } = chartSize;
  const title = `<title>${escapeHtml(plot.title)}</title><desc>${escapeHtml(`${plot.yLabel} over ${plot.xLabel}: ${names.join(', ')}`)}</desc>`;
  const svg = `<svg viewBox="0 0 ${width} ${height}" role="img" class="chart">${title}${axes(plot, frame)}${groups.join('')}</svg>`;
  return { svg, note: notes.length === 0 ? undefined : notes.join('; ') };
}

function drawSeries(
  { template }: ChartPlot,
  points: readonly (Point | undefined)[],
  there: readonly Point[],
  { x, y }: Frame,
): { marks: string; drawn: readonly Point[] } {
  const dot = (point: Point): string => `<circle cx="${px(x, point.x)}" cy="${py(y, point.y)}" r="3"/>`;
  if (template === 'scatter' || template === 'scatter_jitter') {
    const drawn = thinCloud(there, mostInCloud);
    return { marks: drawn.map(dot).join(''), drawn };
  }
  const thin = thinLine(points, mostOnLine);
  const drawn = thin.filter((point) => point !== undefined);
  if (template === 'smooth') {
    const faint = `<path class="faint" d="${path(thin, x, y)}"/>`;
    return { marks: `${faint}<path d="${path(smoothed(there), x, y)}"/>`, drawn };
  }
  const dots = drawn.length <= mostDots ? drawn.map(dot).join('') : '';
  return { marks: `<path d="${path(thin, x, y)}"/>${dots}`, drawn };
}

function path(points: readonly (Point | undefined)[], x: Scale, y: Scale): string {
  let isOpen = false;
  return points
    .map((point) => {
      if (point === undefined) {
        isOpen = false;
        return '';
      }
      const command = isOpen ? 'L' : 'M';
      isOpen = true;
      return `${command}${px(x, point.x)} ${py(y, point.y)}`;
    })
    .join('');
}

const px = ({ low, high }: Scale, value: number): number => {
  const { left, width, right } = chartSize;
  return Number((left + ((value - low) / (high - low)) * (width - left - right)).toFixed(1));
};
const py = ({ low, high }: Scale, value: number): number => {
  const { top, height, bottom } = chartSize;
  return Number((height - bottom - ((value - low) / (high - low)) * (height - top - bottom)).toFixed(1));
};

function axes({ xLabel, yLabel }: ChartPlot, { x, y }: Frame): string {
  const { width, height, left, right, top, bottom } = chartSize;
  const bottomLine = height - bottom;
  const vertical = x.ticks.map(({ at, text }) => {
    const place = px(x, at);
    return `<line class="grid" x1="${place}" x2="${place}" y1="${top}" y2="${bottomLine}"/><text x="${place}" y="${bottomLine + 18}" text-anchor="middle">${escapeHtml(shorten(text, 14))}</text>`;
  });
  const horizontal = y.ticks.map(({ at, text }) => {
    const place = py(y, at);
    return `<line class="grid" x1="${left}" x2="${width - right}" y1="${place}" y2="${place}"/><text x="${left - 8}" y="${place + 4}" text-anchor="end">${escapeHtml(shorten(text, 8))}</text>`;
  });
  const middle = (top + bottomLine) / 2;
  const labels =
    `<text class="label" x="${(left + width - right) / 2}" y="${height - 10}" text-anchor="middle">${escapeHtml(shorten(xLabel, 60))}</text>` +
    `<text class="label" transform="rotate(-90)" x="${-middle}" y="14" text-anchor="middle">${escapeHtml(shorten(yLabel, 40))}</text>`;
  return `<g class="axes" aria-hidden="true">${vertical.join('')}${horizontal.join('')}${labels}</g>`;
}
