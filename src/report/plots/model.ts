/** One value of a field as a plot needs it. */
export type PlotValue = number | string | boolean | null;

export const plotTemplates = [
  'linear',
  'simple',
  'scatter',
  'scatter_jitter',
  'smooth',
  'bar_horizontal',
  'bar_horizontal_sorted',
  'confusion',
  'confusion_normalized',
] as const;
export type PlotTemplate = (typeof plotTemplates)[number];

/** The points of one field in one file at one revision, in the order of the file. */
export interface PlotSeries {
  readonly revision: string;
  readonly file: string;
  readonly field: string;
  readonly xs: readonly PlotValue[];
  readonly ys: readonly PlotValue[];
}

export interface ChartPlot {
  readonly kind: 'chart';
  readonly id: string;
  readonly title: string;
  readonly template: PlotTemplate;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly PlotSeries[];
}

export interface ImagePlot {
  readonly kind: 'image';
  readonly id: string;
  readonly title: string;
  /** `data:` addresses, by revision. */
  readonly images: readonly { readonly revision: string; readonly source: string }[];
}

export type Plot = ChartPlot | ImagePlot;

export interface PlotsPage {
  readonly revisions: readonly string[];
  readonly plots: readonly Plot[];
  /** What is not shown, and why. */
  readonly remarks: readonly string[];
}

/** What to call a series beside others: by what they differ in. */
export function seriesName(series: PlotSeries, all: readonly PlotSeries[]): string {
  const differ = (of: (each: PlotSeries) => string): boolean => new Set(all.map(of)).size > 1;
  const parts = [
    ...(differ(({ revision }) => revision) || all.length === 1 ? [series.revision] : []),
    ...(differ(({ file }) => file) ? [series.file] : []),
    ...(differ(({ field }) => field) ? [series.field] : []),
  ];
  return parts.length === 0 ? series.revision : parts.join(' · ');
}

/** A number, also where CSV gave its text; undefined for everything else, and for what is not finite. */
export function numberOf(value: PlotValue | undefined): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

export const textOf = (value: PlotValue | undefined): string =>
  value === undefined || value === null ? '' : String(value);
