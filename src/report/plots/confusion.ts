import { textOf, type PlotSeries } from './model.ts';

/** How often each pair of x and y stands in the rows. */
export interface Confusion {
  /** Values of x, for the columns, and of y, for the rows; both sorted, numbers by size. */
  readonly xs: readonly string[];
  readonly ys: readonly string[];
  /** A share of its column when normalised. */
  readonly cell: (x: string, y: string) => number;
  readonly highest: number;
  /** Whether there were more different values than are shown. */
  readonly cut: boolean;
}

const mostClasses = 40;

export function confusionOf({ xs, ys }: PlotSeries, normalized: boolean): Confusion {
  const counts = new Map<string, Map<string, number>>();
  const totals = new Map<string, number>();
  const names = new Set<string>();
  for (let row = 0; row < ys.length; row++) {
    const x = textOf(xs[row]);
    const y = textOf(ys[row]);
    names.add(x).add(y);
    const column = counts.get(x) ?? new Map<string, number>();
    counts.set(x, column.set(y, (column.get(y) ?? 0) + 1));
    totals.set(x, (totals.get(x) ?? 0) + 1);
  }
  const sorted = [...names].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const shown = sorted.slice(0, mostClasses);
  const cell = (x: string, y: string): number => {
    const count = counts.get(x)?.get(y) ?? 0;
    return normalized ? count / (totals.get(x) ?? 1) : count;
  };
  const cells = shown.flatMap((x) => shown.map((y) => cell(x, y)));
  return { xs: shown, ys: shown, cell, highest: Math.max(...cells, 0), cut: sorted.length > shown.length };
}

/** As it stands in a cell: a count, or a share with two decimals. */
export const cellText = (value: number, normalized: boolean): string => (normalized ? value.toFixed(2) : String(value));
