import { numberOf, textOf, type PlotSeries, type PlotValue } from './model.ts';

/** A value's place along an axis, and where the axis has marks. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  /** The first and the last value's text, where the axis is of texts. */
  readonly ends?: readonly [string, string];
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** Undefined for what has no place: nothing, not-a-number, infinite, text among numbers. */
  valueOf(value: PlotValue | undefined): number | undefined;
}

/** Numbers where at least half of the values are numbers, else one place for each different text. */
export function scaleOf(columns: readonly (readonly PlotValue[])[], most = 6): Scale {
  let numbers = 0;
  let others = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const column of columns) {
    for (const value of column) {
      const number = numberOf(value);
      if (number === undefined) {
        if (typeof value === 'string' && !/^(nan|[+-]?inf(inity)?|)$/i.test(value.trim())) others++;
        continue;
      }
      numbers++;
      if (number < low) low = number;
      if (number > high) high = number;
    }
  }
  return numbers >= others ? numberScale(numbers === 0 ? [0, 1] : [low, high], most) : textScale(columns, most);
}

function numberScale([first, last]: readonly [number, number], most: number): Scale {
  const pad = first === last ? Math.abs(first) * 0.1 || 0.5 : 0;
  const low = first - pad;
  const high = last + pad;
  return { low, high, ticks: numberTicks(low, high, most), valueOf: numberOf };
}

/** Multiples of 1, 2 or 5 times a power of ten (Heckbert, Graphics Gems, 1990). */
export function numberTicks(low: number, high: number, most: number): { at: number; text: string }[] {
  const rough = (high - low) / Math.max(1, most);
  if (!(rough > 0) || !Number.isFinite(rough)) return [low, high].map((at) => ({ at, text: String(at) }));
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  const ticks: { at: number; text: string }[] = [];
  // Adding 0 makes -0 plain.
  for (let index = Math.ceil(low / step) + 0; index * step <= high + step * 1e-9 && ticks.length <= most * 3; index++) {
    ticks.push({ at: index * step, text: numberText(index * step, step) });
  }
  return ticks;
}

function numberText(value: number, step: number): string {
  if (value !== 0 && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4))
    return value.toExponential(1).replace('.0e', 'e');
  return value.toFixed(Math.min(10, Math.max(0, -Math.floor(Math.log10(step) + 1e-9))));
}

const mostTexts = 1000;
function textScale(columns: readonly (readonly PlotValue[])[], most: number): Scale {
  const places = new Map<string, number>();
  for (const column of columns) {
    for (const value of column) {
      const text = textOf(value);
      if (!places.has(text) && places.size < mostTexts) places.set(text, places.size);
    }
  }
  const every = Math.max(1, Math.ceil(places.size / most));
  const ticks = [...places].filter(([, at]) => at % every === 0).map(([text, at]) => ({ at, text }));
  const names = [...places.keys()];
  const ends = [names[0] ?? '', names.at(-1) ?? ''] as const;
  return { low: -0.5, high: places.size - 0.5, ends, ticks, valueOf: (value) => places.get(textOf(value)) };
}

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly row: number;
}

/** The points of a series that have a place, in the order of the file; `undefined` where a line is broken. */
export function pointsOf({ xs, ys }: PlotSeries, xScale: Scale, yScale: Scale): (Point | undefined)[] {
  const points: (Point | undefined)[] = [];
  for (let row = 0; row < ys.length; row++) {
    const x = xScale.valueOf(xs[row]);
    const y = yScale.valueOf(ys[row]);
    if (x !== undefined && y !== undefined) points.push({ x, y, row });
    else if (points.at(-1) !== undefined) points.push(undefined);
  }
  return points;
}
