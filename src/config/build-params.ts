import type { SourceRange } from '../core/source-range.ts';
import { inputPath } from './paths.ts';
import type { RawNode } from './raw.ts';
import { taken, type Source } from './reading.ts';
import type { ParamsRef } from './types.ts';

/** The params file beside a stage that keys without a file belong to. */
export const standardParamsFile = 'params.yaml';

type Key = { readonly key: string; readonly at: SourceRange };

/** One written entry: keys of a file, or all of it. */
interface Wanted {
  readonly written: string;
  readonly at: SourceRange;
  readonly keys: 'all' | readonly Key[];
}

/** One reference a file, in the order in which the files first appear; `all` takes in any keys beside it. */
export function buildParams(items: readonly RawNode[], base: string, source: Source): ParamsRef[] {
  const files = new Map<string, { at: SourceRange; all: boolean; keys: Map<string, Key> }>();
  for (const { written, at, keys } of items.flatMap(wantedBy)) {
    const file = taken(inputPath(base, written), { role: 'params file', written, at }, source.problems);
    if (file === undefined) continue;
    const known = files.get(file) ?? { at, all: false, keys: new Map<string, Key>() };
    files.set(file, known);
    if (keys === 'all') known.all = true;
    else for (const key of keys) if (!known.keys.has(key.key)) known.keys.set(key.key, key);
  }
  return [...files].map(([file, { at, all, keys }]) => ({ file, at, keys: all ? 'all' : [...keys.values()] }));
}

function wantedBy(item: RawNode): Wanted[] {
  if (item.kind === 'scalar' && typeof item.value === 'string') {
    return [{ written: standardParamsFile, at: item.at, keys: [{ key: item.value, at: item.at }] }];
  }
  if (item.kind !== 'map') return [];
  return item.entries.map(({ key, keyAt, value }) => ({ written: key, at: keyAt, keys: keysOf(value) }));
}

/** Nothing, or an empty list, stands for the whole file. */
function keysOf(node: RawNode): Wanted['keys'] {
  if (node.kind !== 'list' || node.items.length === 0) return 'all';
  return node.items.flatMap((item): Key[] =>
    item.kind === 'scalar' && typeof item.value === 'string' ? [{ key: item.value, at: item.at }] : [],
  );
}
