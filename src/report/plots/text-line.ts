import { fitWidth } from '../display-width.ts';
import type { Style } from '../style.ts';
import { plainLine } from '../terminal-text.ts';
import type { ChartPlot, PlotSeries } from './model.ts';
import { pointsOf, scaleOf, type Point } from './scale.ts';

const height = 10;
const gutter = 10;

/** A canvas of Braille dots, two by four to a character. */
class Dots {
  readonly #cells: Uint8Array;
  readonly columns: number;
  readonly rows: number;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#cells = new Uint8Array(columns * rows);
  }

  set(x: number, y: number): void {
    const [column, row] = [x >> 1, y >> 2];
    if (column < 0 || column >= this.columns || row < 0 || row >= this.rows) return;
    const bit = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80][(y & 3) * 2 + (x & 1)] ?? 0;
    const at = row * this.columns + column;
    this.#cells[at] = (this.#cells[at] ?? 0) | bit;
  }

  line(row: number): string {
    const cells = this.#cells.subarray(row * this.columns, (row + 1) * this.columns);
    return [...cells].map((bits) => (bits === 0 ? ' ' : String.fromCharCode(0x2800 + bits))).join('');
  }
}

/** One series over the axes that all series of the plot share. */
export function drawBraille(
  plot: ChartPlot,
  series: PlotSeries,
  { style, columns }: { readonly style: Style; readonly columns: number },
  thin: (points: readonly (Point | undefined)[]) => (Point | undefined)[],
): string {
  const x = scaleOf(
    plot.series.map(({ xs }) => xs),
    4,
  );
  const y = scaleOf(
    plot.series.map(({ ys }) => ys),
    4,
  );
  const dots = new Dots(Math.max(20, Math.min(columns, 120) - gutter - 3), height);
  const place = (point: Point): readonly [number, number] => [
    Math.round(((point.x - x.low) / (x.high - x.low)) * (dots.columns * 2 - 1)),
    Math.round((1 - (point.y - y.low) / (y.high - y.low)) * (height * 4 - 1)),
  ];
  const isLine = !plot.template.startsWith('scatter');
  let before: readonly [number, number] | undefined;
  for (const point of thin(pointsOf(series, x, y))) {
    const here = point === undefined ? undefined : place(point);
    if (here !== undefined) join(dots, isLine ? (before ?? here) : here, here);
    before = here;
  }
  const labels = [text(y.high), text((y.high + y.low) / 2), text(y.low)];
  const lines = Array.from({ length: height }, (_, row) => {
    const label =
      row === 0 ? labels[0] : row === Math.floor(height / 2) ? labels[1] : row === height - 1 ? labels[2] : '';
    return `  ${style.dim((label ?? '').padStart(gutter - 1))} ${style.dim('│')}${dots.line(row).trimEnd()}`;
  });
  const [first, last] = [edge(x.ends?.[0] ?? text(x.low)), edge(x.ends?.[1] ?? text(x.high))];
  const middle = fitWidth(plainLine(plot.xLabel), Math.max(4, dots.columns - first.length - last.length - 4));
  const space = Math.max(2, dots.columns - first.length - last.length - middle.length);
  const foot = `${first}${' '.repeat(space >> 1)}${middle}${' '.repeat(space - (space >> 1))}${last}`;
  return `${[...lines, `  ${' '.repeat(gutter)}${style.dim(`└${'─'.repeat(dots.columns)}`)}`, `  ${' '.repeat(gutter + 1)}${foot}`].join('\n')}\n`;
}

const text = (value: number): string => {
  const plain = String(Number(value.toPrecision(4)));
  return plain.length < gutter ? plain : value.toExponential(1);
};
const edge = (shown: string): string => fitWidth(plainLine(shown), 12);

/** Bresenham's line. */
function join(dots: Dots, [fromX, fromY]: readonly [number, number], [toX, toY]: readonly [number, number]): void {
  const steps = Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY), 1);
  for (let step = 0; step <= steps; step++) {
    dots.set(Math.round(fromX + ((toX - fromX) * step) / steps), Math.round(fromY + ((toY - fromY) * step) / steps));
  }
}
