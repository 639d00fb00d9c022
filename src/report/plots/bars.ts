import { numberOf, textOf, type ChartPlot, type PlotValue } from './model.ts';

/** Bars by what stands at the y axis; for each a length for every series. */
export interface Bars {
  readonly rows: readonly { readonly name: string; readonly lengths: readonly (number | undefined)[] }[];
  readonly low: number;
  readonly high: number;
  /** How many rows are not shown. */
  readonly left: number;
}

const mostBars = 60;

/** `x` holds the lengths and `y` the names, as in DVC; where x holds no numbers and y does, the other way round. */
export function barsOf({ series, template }: ChartPlot): Bars {
  const rows = new Map<string, (number | undefined)[]>();
  for (const [index, { xs, ys }] of series.entries()) {
    const swap = isNumeric(ys) && !isNumeric(xs);
    const [names, lengths] = swap ? [xs, ys] : [ys, xs];
    for (const [row, name] of names.entries()) {
      const text = textOf(name);
      const found = rows.get(text) ?? [];
      found[index] = numberOf(lengths[row]) ?? found[index];
      rows.set(text, found);
    }
  }
  const all = [...rows].map(([name, found]) => ({ name, lengths: series.map((_, index) => found[index]) }));
  const longest = ({ lengths }: { lengths: readonly (number | undefined)[] }): number =>
    Math.max(...lengths.map((length) => length ?? Number.NEGATIVE_INFINITY));
  if (template === 'bar_horizontal_sorted') all.sort((a, b) => longest(b) - longest(a));
  const shown = all.slice(0, mostBars);
  const values = shown.flatMap(({ lengths }) => lengths).filter((length) => length !== undefined);
  return { rows: shown, low: Math.min(0, ...values), high: Math.max(0, ...values), left: all.length - shown.length };
}

const isNumeric = (values: readonly PlotValue[]): boolean =>
  values.length > 0 && values.slice(0, 1000).every((value) => numberOf(value) !== undefined);
