import { failure } from '../core/failure.ts';
import type { JsonValue } from '../core/json.ts';
import type { SourceRange } from '../core/source-range.ts';
import type { PathCheck } from './paths.ts';
import type { Problems } from './problems.ts';
import { entryOf, rawToJson, type RawMap, type RawNode } from './raw.ts';

/** What the builders of one file share. */
export interface Source {
  /** The pipeline file, relative to the workspace. */
  readonly file: string;
  /** Its folder. */
  readonly folder: string;
  readonly problems: Problems;
}

// The getters below answer undefined for an absent field and for one of the wrong type: check-shape.ts has told the latter.

export function textField(map: RawMap, name: string): string | undefined {
  const node = entryOf(map, name)?.value;
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

export function flagField(map: RawMap, name: string, standard: boolean): boolean {
  const node = entryOf(map, name)?.value;
  return node?.kind === 'scalar' && typeof node.value === 'boolean' ? node.value : standard;
}

export function numberField(map: RawMap, name: string): number | undefined {
  const node = entryOf(map, name)?.value;
  return node?.kind === 'scalar' && typeof node.value === 'number' ? node.value : undefined;
}

export function jsonField(map: RawMap, name: string): JsonValue | undefined {
  const entry = entryOf(map, name);
  return entry === undefined ? undefined : rawToJson(entry.value);
}

export function listField(map: RawMap, name: string): readonly RawNode[] {
  const node = entryOf(map, name)?.value;
  return node?.kind === 'list' ? node.items : [];
}

export function mapField(map: RawMap, name: string): RawMap | undefined {
  const node = entryOf(map, name)?.value;
  return node?.kind === 'map' ? node : undefined;
}

export function textItems(map: RawMap, name: string): string[] {
  return listField(map, name).flatMap((item) =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [item.value] : [],
  );
}

/** One `path` or `{path: options}` of a list; a map may hold several. */
export interface WrittenPath {
  readonly written: string;
  readonly at: SourceRange;
  readonly options: RawNode | undefined;
}

export function writtenPaths(items: readonly RawNode[]): WrittenPath[] {
  return items.flatMap((item): WrittenPath[] => {
    if (item.kind === 'map') {
      return item.entries.map(({ key, keyAt, value }) => ({ written: key, at: keyAt, options: value }));
    }
    if (item.kind === 'list' || typeof item.value !== 'string') return [];
    return [{ written: item.value, at: item.at, options: undefined }];
  });
}

/** The path, or undefined after its problem was added. */
export function taken(
  checked: PathCheck,
  { role, written, at }: { role: string; written: string; at: SourceRange },
  problems: Problems,
): string | undefined {
  if (checked.ok) return checked.path;
  const { problem, hint } = checked;
  problems.add(failure('bad-path', { role, path: written, problem, hint }, { at }));
  return undefined;
}
