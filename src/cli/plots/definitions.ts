import { posix } from 'node:path';
import type { PipelineConfig, PlotStyle } from '../../config/types.ts';
import { isJsonObject, type JsonValue } from '../../core/json.ts';

/** Fields of one file, in the order given. */
export interface Axis {
  readonly file: string;
  readonly field: string;
}

/** One plot as the pipeline file has it. A path may be a directory; each file in it is then a plot of its own. */
export interface PlotDefinition {
  readonly id: string;
  /** Undefined where `y` names the files. */
  readonly path: string | undefined;
  /** Empty: the row number. One field without files stands for all. */
  readonly x: string | readonly Axis[] | undefined;
  /** Undefined: the last field. */
  readonly y: readonly string[] | readonly Axis[] | undefined;
  readonly style: PlotStyle;
}

/** The plots of stages, in their order, and then those of the top level; of one path in both, the options of the latter count. */
export function plotDefinitions(config: PipelineConfig): readonly PlotDefinition[] {
  const found = new Map<string, PlotDefinition>();
  for (const { path, plot = {} } of config.stages.flatMap(({ outs }) => outs).filter(({ kind }) => kind === 'plot')) {
    found.set(path, definition(path, plot, '.'));
  }
  for (const { id, at, ...style } of config.shown.plots) {
    const folder = posix.dirname(at.file);
    // A bare path has come from its folder already.
    const isWhole = Object.keys(style).length === 0 && id.startsWith(`${folder}/`);
    const known = definition(id, style, isWhole ? '.' : folder);
    found.set(known.path ?? id, known);
  }
  return [...found.values()];
}

/** Of a file that no plot names: the last field over the row number. */
export const plainDefinition = (path: string): PlotDefinition => definition(path, {}, '.');

function definition(id: string, style: PlotStyle, folder: string): PlotDefinition {
  const y = fieldsOf(style.y, folder);
  const hasFiles = y?.some((each) => typeof each !== 'string') === true;
  const x = typeof style.x === 'string' ? style.x : (fieldsOf(style.x, folder) as readonly Axis[] | undefined);
  return { id, path: hasFiles ? undefined : posix.join(folder, id), x, y, style };
}

function fieldsOf(value: JsonValue | undefined, folder: string): readonly string[] | readonly Axis[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) return (Array.isArray(value) ? value : [value]).map(String);
  return Object.entries(value).flatMap(([file, fields]) =>
    (Array.isArray(fields) ? fields : [fields]).map((field) => ({
      file: posix.join(folder, file),
      field: String(field),
    })),
  );
}
