import { outPath } from './paths.ts';
import { flagField, jsonField, listField, taken, textField, writtenPaths, type Source } from './reading.ts';
import type { RawMap } from './raw.ts';
import type { OutConfig, PlotStyle } from './types.ts';

const fieldKinds = [
  { field: 'outs', kind: 'out', role: 'out' },
  { field: 'metrics', kind: 'metric', role: 'metrics file' },
  { field: 'plots', kind: 'plot', role: 'plots file' },
] as const;

/** `outs`, `metrics` and `plots` of a stage, in that order. */
export function buildOuts(stage: RawMap, base: string, source: Source): OutConfig[] {
  return fieldKinds.flatMap(({ field, kind, role }) =>
    writtenPaths(listField(stage, field)).flatMap(({ written, at, options }) => {
      const path = taken(outPath(base, written, source.file), { role, written, at }, source.problems);
      if (path === undefined) return [];
      return [{ path, at, kind, ...outOptions(options?.kind === 'map' ? options : undefined, kind) }];
    }),
  );
}

function outOptions(options: RawMap | undefined, kind: OutConfig['kind']): Omit<OutConfig, 'path' | 'at' | 'kind'> {
  if (options === undefined) return { cache: true, persist: false };
  const desc = textField(options, 'desc');
  const remote = textField(options, 'remote');
  const push = flagField(options, 'push', true);
  return {
    cache: flagField(options, 'cache', true),
    persist: flagField(options, 'persist', false),
    ...(desc === undefined ? {} : { desc }),
    ...(remote === undefined ? {} : { remote }),
    ...(push ? {} : { push }),
    ...(kind === 'plot' ? { plot: plotStyle(options) } : {}),
  };
}

/** The options that say how a plot looks; absent ones are left out. */
export function plotStyle(options: RawMap): PlotStyle {
  const x = jsonField(options, 'x');
  const y = jsonField(options, 'y');
  const xLabel = textField(options, 'x_label');
  const yLabel = textField(options, 'y_label');
  const title = textField(options, 'title');
  const template = textField(options, 'template');
  const hasHeader = options.entries.some(({ key }) => key === 'header');
  return {
    ...(x === undefined ? {} : { x }),
    ...(y === undefined ? {} : { y }),
    ...(xLabel === undefined ? {} : { xLabel }),
    ...(yLabel === undefined ? {} : { yLabel }),
    ...(title === undefined ? {} : { title }),
    ...(template === undefined ? {} : { template }),
    ...(hasHeader ? { header: flagField(options, 'header', true) } : {}),
  };
}
