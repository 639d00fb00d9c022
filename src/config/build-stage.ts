import { asStageName } from '../core/brands.ts';
import { failure } from '../core/failure.ts';
import type { SourceRange } from '../core/source-range.ts';
import { buildOuts } from './build-outs.ts';
import { buildParams } from './build-params.ts';
import { checkFields } from './check-shape.ts';
import { parseDuration } from './duration.ts';
import { stageFields } from './fields.ts';
import { innerPath, inputPath } from './paths.ts';
import { entryOf, type RawEntry, type RawMap } from './raw.ts';
import {
  flagField,
  jsonField,
  listField,
  mapField,
  numberField,
  taken,
  textField,
  writtenPaths,
  type Source,
} from './reading.ts';
import type { EnvConfig, PathRef, StageConfig } from './types.ts';

/** A stage after templates: its final name and fields. */
export interface ExpandedStage {
  readonly name: string;
  readonly at: SourceRange;
  readonly group?: string;
  readonly fields: RawMap;
}

/** Checks one stage and gives what could be read of it; problems go to `source.problems`. */
export function buildStage(stage: ExpandedStage, source: Source): StageConfig {
  const { name, at, group, fields } = stage;
  checkFields(fields, stageFields, { owner: `stage "${name}"`, at, problems: source.problems });
  const wdir = stageFolder(fields, source);
  const desc = textField(fields, 'desc');
  const meta = jsonField(fields, 'meta');
  const timeoutSeconds = timeoutOf(fields);
  return {
    name: asStageName(name),
    ...(group === undefined ? {} : { group }),
    at,
    ...(desc === undefined ? {} : { desc }),
    ...(meta === undefined ? {} : { meta }),
    cmd: buildCommands(entryOf(fields, 'cmd'), source),
    wdir,
    deps: buildDeps(fields, wdir, source),
    params: buildParams(listField(fields, 'params'), wdir, source),
    outs: buildOuts(fields, wdir, source),
    env: buildEnv(mapField(fields, 'env'), source),
    frozen: flagField(fields, 'frozen', false),
    alwaysChanged: flagField(fields, 'always_changed', false),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    retries: numberField(fields, 'retries') ?? 0,
  };
}

function stageFolder(fields: RawMap, source: Source): string {
  const written = textField(fields, 'wdir');
  const at = entryOf(fields, 'wdir')?.value.at;
  if (written === undefined || at === undefined) return source.folder;
  return taken(innerPath(source.folder, written), { role: 'wdir', written, at }, source.problems) ?? source.folder;
}

/** Text: a command a line, where a backslash at the end joins the next line. A list: a command an entry. */
function buildCommands(entry: RawEntry | undefined, { problems }: Source): string[] {
  if (entry === undefined) return [];
  const { value } = entry;
  if (value.kind === 'scalar' && typeof value.value === 'string') {
    const commands = commandLines(value.value);
    if (commands.length === 0) problems.add(failure('empty-command', {}, { at: value.at }));
    return commands;
  }
  if (value.kind !== 'list') return [];
  if (value.items.length === 0) problems.add(failure('empty-command', {}, { at: value.at }));
  return value.items.flatMap((item) => {
    if (item.kind !== 'scalar' || typeof item.value !== 'string') return [];
    if (item.value.trim() === '') problems.add(failure('empty-command', {}, { at: item.at }));
    return [item.value.trim()];
  });
}

export function commandLines(text: string): string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of text.split(/\r?\n/)) {
    open = open === '' ? line.trim() : `${open}\n${line.trimEnd()}`;
    if (/(?<!\\)(?:\\\\)*\\$/.test(open)) continue;
    if (open !== '') commands.push(open);
    open = '';
  }
  return open === '' ? commands : [...commands, open];
}

function buildDeps(fields: RawMap, base: string, source: Source): PathRef[] {
  const deps = new Map<string, PathRef>();
  for (const { written, at } of writtenPaths(listField(fields, 'deps'))) {
    const path = taken(inputPath(base, written), { role: 'dep', written, at }, source.problems);
    if (path !== undefined && !deps.has(path)) deps.set(path, { path, at });
  }
  return [...deps.values()];
}

function buildEnv(env: RawMap | undefined, { problems }: Source): EnvConfig[] {
  return (env?.entries ?? []).flatMap(({ key, keyAt, value }): EnvConfig[] => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) {
      const allowed = 'letters, digits and _, not beginning with a digit';
      problems.add(failure('bad-name', { what: 'an environment variable', name: key, allowed }, { at: keyAt }));
    }
    if (value.kind !== 'scalar') return [];
    return [{ name: key, value: value.value === null ? null : value.text, at: keyAt }];
  });
}

function timeoutOf(fields: RawMap): number | undefined {
  const value = jsonField(fields, 'timeout');
  return typeof value === 'string' || typeof value === 'number' ? parseDuration(value) : undefined;
}
