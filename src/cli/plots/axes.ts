import type { Axis, PlotDefinition } from './definitions.ts';

/** Fields that the command line names in place of those of the pipeline file. */
export interface NamedAxes {
  readonly x?: string;
  /** None: as the pipeline file has it. */
  readonly y: readonly string[];
}

/** The plot with these fields; a plot of several files takes them from each. */
export function withAxes(definition: PlotDefinition, { x, y }: NamedAxes): PlotDefinition {
  if (x === undefined && y.length === 0) return definition;
  const files = new Set((definition.y ?? []).flatMap((each) => (typeof each === 'string' ? [] : [each.file])));
  const fields: PlotDefinition['y'] =
    files.size === 0 ? y : [...files].flatMap((file) => y.map((field): Axis => ({ file, field })));
  const { xLabel, yLabel, ...style } = definition.style;
  return {
    ...definition,
    ...(x === undefined ? {} : { x }),
    ...(y.length === 0 ? {} : { y: fields }),
    // A label tells of the field that it was written for.
    style: {
      ...style,
      ...(x !== undefined || xLabel === undefined ? {} : { xLabel }),
      ...(y.length > 0 || yLabel === undefined ? {} : { yLabel }),
    },
  };
}
