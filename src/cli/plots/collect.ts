import { failureMessage, failure, type Failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import { err, ok, type Result } from '../../core/result.ts';
import {
  plotTemplates,
  type ChartPlot,
  type ImagePlot,
  type Plot,
  type PlotsPage,
  type PlotSeries,
} from '../../report/plots/model.ts';
import type { ValuesSource } from '../values/source.ts';
import { withAxes, type NamedAxes } from './axes.ts';
import { axesOf, seriesOf, type Axes } from './chart.ts';
import { plainDefinition, plotDefinitions, type PlotDefinition } from './definitions.ts';
import { imageSource, isImage } from './image.ts';
import { readTable, type Table } from './read-table.ts';

/** What is gathered while the revisions are read, one after the other. */
interface Gathering {
  readonly definitions: Map<string, PlotDefinition>;
  readonly axes: Map<string, Axes>;
  readonly series: Map<string, PlotSeries[]>;
  readonly images: Map<string, { revision: string; source: string }[]>;
  readonly remarks: Set<string>;
  /** By plot: why it has nothing to show at some revision. */
  readonly problems: Map<string, Failure>;
}

/** Which plots, and how. */
export interface Asked {
  /** Empty: all. */
  readonly targets: readonly string[];
  /** Files that no plot names, to draw as they are. */
  readonly files?: readonly string[];
  readonly axes?: NamedAxes;
}

/** Every plot that any of the states names, with its points at each. A plot that no state can show is a failure; of others a remark tells. */
export async function collectPlots(
  sources: readonly ValuesSource[],
  { targets, files = [], axes = { y: [] } }: Asked,
): Promise<Result<PlotsPage, readonly Failure[]>> {
  const gathering: Gathering = {
    definitions: new Map(),
    axes: new Map(),
    series: new Map(),
    images: new Map(),
    remarks: new Set(),
    problems: new Map(),
  };
  for (const source of sources) {
    for (const definition of [...plotDefinitions(source.config), ...files.map(plainDefinition)]) {
      if (isWanted(definition, targets)) await gather(withAxes(definition, axes), source, targets, gathering);
    }
  }
  const failures = [...gathering.problems].filter(([id]) => !gathering.series.has(id)).map(([, problem]) => problem);
  if (failures.length > 0) return err(failures);
  for (const problem of gathering.problems.values()) gathering.remarks.add(failureMessage(problem));
  const plots = [...gathering.definitions].flatMap(([id, definition]) => plotOf(id, definition, gathering));
  const bad = plots.filter((plot) => 'reason' in plot);
  if (bad.length > 0) return err(bad);
  return ok({
    revisions: sources.map(({ name }) => name),
    plots: plots.filter((plot): plot is Plot => !('reason' in plot)),
    remarks: [...gathering.remarks],
  });
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

function isWanted({ id, path, y }: PlotDefinition, targets: readonly string[]): boolean {
  if (targets.length === 0) return true;
  const files =
    path === undefined ? (y ?? []).flatMap((each) => (typeof each === 'string' ? [] : [each.file])) : [path];
  return targets.some(
    (target) => target === id || files.some((file) => isBelow(file, target) || isBelow(target, file)),
  );
}

async function gather(
  definition: PlotDefinition,
  source: ValuesSource,
  targets: readonly string[],
  gathering: Gathering,
): Promise<void> {
  const { path } = definition;
  if (path === undefined) {
    await gatherChart(definition.id, definition, source, gathering);
    return;
  }
  const inside = await source.list(path);
  const files = inside.ok ? inside.value : undefined;
  if (files === undefined) {
    await gatherFile(definition.id, definition, source, gathering);
    return;
  }
  const wanted = files.filter(
    (file) => targets.length === 0 || targets.some((target) => isBelow(file, target) || target === definition.id),
  );
  for (const file of wanted) {
    const { title: _, ...style } = definition.style;
    if (isImage(file) || /\.(csv|tsv|json|ya?ml)$/i.test(file)) {
      await gatherFile(file, { ...definition, id: file, path: file, style }, source, gathering);
    }
  }
}

async function gatherFile(
  id: string,
  definition: PlotDefinition,
  source: ValuesSource,
  gathering: Gathering,
): Promise<void> {
  const path = definition.path ?? id;
  if (!isImage(path)) {
    await gatherChart(id, definition, source, gathering);
    return;
  }
  const bytes = await source.bytes(path);
  const image = bytes.ok && bytes.value !== undefined ? imageSource(path, bytes.value) : undefined;
  if (image === undefined) {
    gathering.remarks.add(`${path} is not in ${source.name}, or larger than a page should hold`);
    return;
  }
  gathering.definitions.set(id, definition);
  const images = gathering.images.get(id) ?? [];
  gathering.images.set(id, [...images, { revision: source.name, source: image }]);
}

async function gatherChart(
  id: string,
  definition: PlotDefinition,
  source: ValuesSource,
  gathering: Gathering,
): Promise<void> {
  const file = definition.path ?? id;
  const tables = await tablesOf(definition, file, source, gathering);
  if (!tables.ok) {
    gathering.problems.set(id, tables.error);
    return;
  }
  if (tables.value.size === 0) return;
  const series = seriesOf(definition, tables.value, { revision: source.name, file });
  if (!series.ok) {
    gathering.problems.set(id, series.error);
    return;
  }
  if (series.value.length === 0) return;
  if (!gathering.definitions.has(id)) {
    gathering.definitions.set(id, definition);
    gathering.axes.set(id, axesOf(definition, tables.value, file));
  }
  gathering.series.set(id, [...(gathering.series.get(id) ?? []), ...series.value]);
}

async function tablesOf(
  { x, y, style }: PlotDefinition,
  file: string,
  source: ValuesSource,
  { remarks }: Gathering,
): Promise<Result<ReadonlyMap<string, Table>>> {
  const axes = [...(y ?? []), ...(typeof x === 'string' ? [] : (x ?? []))];
  const named = axes.flatMap((axis) => (typeof axis === 'string' ? [] : [axis.file]));
  const tables = new Map<string, Table>();
  for (const path of new Set(named.length === 0 ? [file] : named)) {
    const text = await source.text(path);
    if (!text.ok) return text;
    if (text.value === undefined) {
      remarks.add(`${path} is not in ${source.name === 'workspace' ? 'the workspace' : source.name}`);
      continue;
    }
    const table = readTable(text.value, path, style.header ?? true);
    if (!table.ok) return table;
    if (table.value === undefined || table.value.rows === 0) remarks.add(`${path} holds no rows in ${source.name}`);
    else tables.set(path, table.value);
  }
  return ok(tables);
}

function plotOf(id: string, { style }: PlotDefinition, { axes, series, images }: Gathering): [Plot | Failure] {
  const shown = images.get(id);
  if (shown !== undefined) return [{ kind: 'image', id, title: style.title ?? id, images: shown } satisfies ImagePlot];
  const wanted = style.template ?? 'linear';
  const template = plotTemplates.find((name) => name === wanted);
  if (template === undefined) {
    const near = nearestNames(wanted, plotTemplates);
    return [failure('unknown-template', { plot: id, template: wanted, known: plotTemplates, near })];
  }
  const { xs, ys } = axes.get(id) ?? { xs: [], ys: [] };
  const chart: ChartPlot = {
    kind: 'chart',
    id,
    title: style.title ?? id,
    template,
    xLabel:
      style.xLabel ??
      onlyField(
        xs.map(({ field }) => field),
        'step',
        'x',
      ),
    yLabel:
      style.yLabel ??
      onlyField(
        ys.map(({ field }) => field),
        'y',
        'y',
      ),
    series: series.get(id) ?? [],
  };
  return [chart];
}

function onlyField(fields: readonly string[], none: string, several: string): string {
  const [first, ...others] = new Set(fields);
  if (first === undefined) return none;
  return others.length === 0 ? first : several;
}
