import { exitCode } from '../exit-code.ts';
import { didYouMean, kind } from './kind.ts';

const exit = exitCode.usage;
const nearText = (near: readonly string[]): string => (near.length === 0 ? '' : `${didYouMean(near)} `);

/** `mlp plots`: what cannot be drawn. */
export const plotFailures = {
  'unplottable-file': kind<{ file: string }>({
    exit,
    message: (d) =>
      `cannot draw ${d.file}: it is no table (CSV, TSV, JSON, YAML) and no picture (PNG, JPEG, GIF, SVG, WebP)`,
    next: () => 'write rows into a file of one of these kinds, or list it under outs instead of plots',
  }),
  'no-plot-field': kind<{
    plot: string;
    field: string;
    file: string;
    fields: readonly string[];
    near: readonly string[];
  }>({
    exit,
    message: (d) => `plot ${JSON.stringify(d.plot)} wants the field ${JSON.stringify(d.field)}, which ${d.file} lacks`,
    next: (d) =>
      `${nearText(d.near)}it has: ${d.fields
        .slice(0, 20)
        .map((name) => JSON.stringify(name))
        .join(', ')}`,
  }),
  'plot-lengths': kind<{ plot: string; x: string; xRows: number; y: string; yRows: number }>({
    exit,
    message: (d) => `plot ${JSON.stringify(d.plot)} cannot join ${d.x} (${d.xRows} rows) and ${d.y} (${d.yRows} rows)`,
    next: () => 'x and y of one series need equally many rows',
  }),
  'unknown-template': kind<{ plot: string; template: string; known: readonly string[]; near: readonly string[] }>({
    exit,
    message: (d) =>
      `plot ${JSON.stringify(d.plot)} wants the template ${JSON.stringify(d.template)}, which mlp does not have`,
    next: (d) => didYouMean(d.near) ?? `choose one of ${d.known.join(', ')}`,
  }),
  'no-plots': kind<{ near: readonly string[]; wanted?: string }>({
    exit,
    message: (d) =>
      d.wanted === undefined
        ? 'the pipeline names no plots'
        : `there is neither a plot nor a file, a git revision or a run "${d.wanted}"`,
    next: (d) =>
      d.wanted === undefined
        ? 'list them: plots: [{history.csv: {x: step, y: loss}}] in a stage'
        : (didYouMean(d.near) ?? 'mlp plots show without words shows all plots of the workspace'),
  }),
};
