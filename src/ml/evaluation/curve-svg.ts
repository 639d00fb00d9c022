import type { Curve } from '../metrics/ranking.ts';
import { escapeMarkup } from './escape.ts';

const size = 300;
const left = 44;
const top = 12;
const bottom = 40;
/** A curve needs no more points than there are pixels. */
const mostPoints = size;

export interface Line {
  readonly name: string;
  readonly curve: Curve;
  /** Number of its colour. */
  readonly colour: number;
  /** Share of all rows behind each point, which is then marked with a circle of that area. */
  readonly shares?: readonly number[];
}

export interface CurveChart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly lines: readonly Line[];
  /** A dashed line to compare with: of chance, or of perfect claims. */
  readonly diagonal: boolean;
}

/** Lines in the unit square as a picture that takes its colours from the page. */
export function curveSvg({ title, xLabel, yLabel, lines, diagonal }: CurveChart): string {
  const width = left + size + 14;
  const height = top + size + bottom;
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeMarkup(title)}">`,
    ...ticks.map((tick) => gridLines(tick)),
    ...(diagonal ? [`<line class="diagonal" x1="${px(0)}" y1="${py(0)}" x2="${px(1)}" y2="${py(1)}"/>`] : []),
    ...lines.map(drawLine),
    `<text class="axis" x="${px(0.5)}" y="${height - 4}" text-anchor="middle">${escapeMarkup(xLabel)}</text>`,
    `<text class="axis" transform="translate(11 ${py(0.5)}) rotate(-90)" text-anchor="middle">${escapeMarkup(yLabel)}</text>`,
    '</svg>',
  ].join('\n');
}

const round = (value: number): number => Math.round(value * 10) / 10;
const px = (x: number): number => round(left + x * size);
const py = (y: number): number => round(top + (1 - y) * size);

const gridLines = (tick: number): string =>
  [
    `<path class="grid" d="M${px(tick)} ${py(0)}V${py(1)}M${px(0)} ${py(tick)}H${px(1)}"/>`,
    `<text class="tick" x="${px(tick)}" y="${py(0) + 15}" text-anchor="middle">${tick}</text>`,
    `<text class="tick" x="${left - 6}" y="${py(tick) + 4}" text-anchor="end">${tick}</text>`,
  ].join('');

function drawLine({ name, curve, colour, shares }: Line): string {
  const points: string[] = [];
  const marks: string[] = [];
  const last = curve.x.length - 1;
  const step = Math.max(1, last / mostPoints);
  for (let at = 0; at <= last + 1e-9; at += step) {
    const i = Math.min(last, Math.round(at));
    const [x, y] = [px(curve.x[i] ?? 0), py(curve.y[i] ?? 0)];
    points.push(`${x} ${y}`);
    if (shares === undefined) continue;
    const radius = round(2 + 14 * Math.sqrt(shares[i] ?? 0));
    marks.push(`<circle class="mark c${colour % 8}" cx="${x}" cy="${y}" r="${radius}"/>`);
  }
  points.push(`${px(curve.x[last] ?? 0)} ${py(curve.y[last] ?? 0)}`);
  const label = `<title>${escapeMarkup(name)}</title>`;
  return `<path class="line${shares === undefined ? '' : ' thin'} c${colour % 8}" d="M${points.join('L')}">${label}</path>${marks.join('')}`;
}
