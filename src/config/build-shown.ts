import { plotStyle } from './build-outs.ts';
import { inputPath } from './paths.ts';
import { entryOf, type RawMap, type RawNode } from './raw.ts';
import { jsonField, listField, taken, textField, textItems, writtenPaths, type Source } from './reading.ts';
import type { ArtifactConfig, PathRef, PipelineConfig, PlotConfig } from './types.ts';

/** What the top-level `params`, `metrics` and `plots` show. */
export function buildShown(root: RawMap, source: Source): PipelineConfig['shown'] {
  return {
    params: shownFiles(root, 'params', source),
    metrics: shownFiles(root, 'metrics', source),
    plots: buildPlots(entryOf(root, 'plots')?.value, source),
  };
}

function shownFiles(root: RawMap, field: 'params' | 'metrics', source: Source): PathRef[] {
  return writtenPaths(listField(root, field)).flatMap(({ written, at }) => {
    const path = taken(inputPath(source.folder, written), { role: `${field} file`, written, at }, source.problems);
    return path === undefined ? [] : [{ path, at }];
  });
}

/** A list of paths and `{id: options}`, or one map of the latter. */
function buildPlots(node: RawNode | undefined, source: Source): PlotConfig[] {
  const items = node?.kind === 'list' ? node.items : node?.kind === 'map' ? [node] : [];
  return writtenPaths(items).flatMap(({ written, at, options }): PlotConfig[] => {
    if (options !== undefined) return [{ id: written, at, ...(options.kind === 'map' ? plotStyle(options) : {}) }];
    const path = taken(inputPath(source.folder, written), { role: 'plots file', written, at }, source.problems);
    return path === undefined ? [] : [{ id: path, at }];
  });
}

/** The entries of `artifacts`. */
export function buildArtifacts(artifacts: RawMap | undefined, source: Source): ArtifactConfig[] {
  return (artifacts?.entries ?? []).flatMap(({ key: name, keyAt: at, value: fields }): ArtifactConfig[] => {
    const node = fields.kind === 'map' ? entryOf(fields, 'path')?.value : undefined;
    if (fields.kind !== 'map' || node?.kind !== 'scalar') return [];
    const place = { role: `path of artifact "${name}"`, written: node.text, at: node.at };
    const path = taken(inputPath(source.folder, node.text), place, source.problems);
    if (path === undefined) return [];
    const type = textField(fields, 'type');
    const desc = textField(fields, 'desc');
    const meta = jsonField(fields, 'meta');
    return [
      {
        name,
        path,
        at,
        ...(type === undefined ? {} : { type }),
        ...(desc === undefined ? {} : { desc }),
        labels: textItems(fields, 'labels'),
        ...(meta === undefined ? {} : { meta }),
      },
    ];
  });
}
