import { posix } from 'node:path';
import { failure } from '../../core/failure.ts';
import { placeText } from '../../core/failures/place.ts';
import type { SourceRange } from '../../core/source-range.ts';
import { standardParamsFile } from '../build-params.ts';
import { parseParamsTree } from '../params-file.ts';
import type { Problems } from '../problems.ts';
import type { RawMap, RawNode } from '../raw.ts';
import { referencesIn } from './expression.ts';
import { merge, type Clash } from './scope.ts';

/** Gives the text of a file by its path in the workspace; undefined when it is not there. */
export type ReadFile = (path: string) => string | undefined;

/** What was loaded so far, and which files it came from. */
export interface LoadedVars {
  readonly values: RawMap;
  /** File -> the keys taken from it; `all` for the whole file. */
  readonly files: ReadonlyMap<string, 'all' | readonly string[]>;
}

export interface VarsSource {
  readonly read: ReadFile;
  readonly problems: Problems;
}

export function emptyVars(file: string): LoadedVars {
  const at = { file, line: 1, column: 1, length: 1 };
  return { values: { kind: 'map', entries: [], at, span: [0, 0] }, files: new Map() };
}

/** params.yaml of the folder, where there is one. */
export function loadStandardParams(loaded: LoadedVars, folder: string, source: VarsSource): LoadedVars {
  const file = posix.join(folder, standardParamsFile);
  const text = source.read(file);
  if (text === undefined) return loaded;
  const tree = parseParamsTree(text, file);
  if (!tree.ok) {
    source.problems.add(tree.error);
    return loaded;
  }
  return { values: merge(loaded.values, tree.value, []), files: new Map([...loaded.files, [file, 'all']]) };
}

/** The entries of a `vars` list, in order; files are relative to `folder`. Nothing in them is a template. */
export function loadVars(
  loaded: LoadedVars,
  items: readonly RawNode[],
  folder: string,
  source: VarsSource,
): LoadedVars {
  let result = loaded;
  for (const item of items) {
    if (holdsReference(item)) {
      source.problems.add(
        failure('bad-vars', { item: 'this entry', problem: '${...} does not work here' }, { at: item.at }),
      );
    } else if (item.kind === 'map') {
      result = { ...result, values: mergeTold(result.values, item, source.problems) };
    } else if (item.kind === 'scalar' && typeof item.value === 'string') {
      result = loadFile(result, { written: item.value, at: item.at, folder }, source);
    }
  }
  return result;
}

export function holdsReference(node: RawNode): boolean {
  if (node.kind === 'scalar') return typeof node.value === 'string' && referencesIn(node.value).length > 0;
  if (node.kind === 'list') return node.items.some(holdsReference);
  return node.entries.some(({ key, value }) => referencesIn(key).length > 0 || holdsReference(value));
}

function loadFile(
  loaded: LoadedVars,
  { written, at, folder }: { written: string; at: SourceRange; folder: string },
  { read, problems }: VarsSource,
): LoadedVars {
  const refuse = (problem: string): LoadedVars => {
    problems.add(failure('bad-vars', { item: written, problem }, { at }));
    return loaded;
  };
  const colon = written.indexOf(':');
  const file = posix.join(folder, colon < 0 ? written : written.slice(0, colon));
  const keys =
    colon < 0
      ? []
      : written
          .slice(colon + 1)
          .split(',')
          .filter((key) => key !== '');
  const before = loaded.files.get(file);
  if (before === 'all' && keys.length === 0) return loaded;
  if (before === 'all') return refuse('all of the file is loaded already');
  if (before !== undefined && (keys.length === 0 || keys.some((key) => before.includes(key)))) {
    return refuse('a part of it is loaded already');
  }
  const text = read(file);
  if (text === undefined) return refuse('there is no such file');
  const tree = parseParamsTree(text, file);
  if (!tree.ok) {
    problems.add(tree.error);
    return loaded;
  }
  const missing = keys.find((key) => !tree.value.entries.some((entry) => entry.key === key));
  if (missing !== undefined) return refuse(`the file has no key "${missing}"`);
  const chosen = keys.length === 0 ? tree.value.entries : tree.value.entries.filter(({ key }) => keys.includes(key));
  return {
    values: mergeTold(loaded.values, { ...tree.value, entries: chosen }, problems, at),
    files: new Map([...loaded.files, [file, keys.length === 0 ? 'all' : [...(before ?? []), ...keys]]]),
  };
}

/** `at` is told instead of the second place when that lies in another file than the pipeline's. */
function mergeTold(base: RawMap, more: RawMap, problems: Problems, at?: SourceRange): RawMap {
  const clashes: Clash[] = [];
  const merged = merge(base, more, clashes);
  for (const { name, first, second } of clashes) {
    const detail = { name, source: placeText(second.keyAt), first: placeText(first.keyAt) };
    problems.add(failure('variable-twice', detail, { at: at ?? second.keyAt }));
  }
  return merged;
}
