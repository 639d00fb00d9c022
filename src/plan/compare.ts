import { sameContent, type Artifact } from '../core/artifact.ts';
import type { StageName } from '../core/brands.ts';
import { isJsonObject, sameJson, type JsonObject, type JsonValue } from '../core/json.ts';
import type { Reason } from '../core/reason.ts';
import type { DepState, StageEvidence, StageInputs } from './types.ts';

/** What of a stage's definition is compared with its evidence. */
export interface StageDefinition {
  readonly cmd: readonly string[];
  readonly wdir: string;
  readonly outPaths: readonly string[];
}

/** How the definition and the inputs differ from the recorded ones: what a person changed by hand first, then deps, then out paths. */
export function inputReasons(
  definition: StageDefinition,
  inputs: StageInputs,
  recorded: StageEvidence,
  makerOf: (path: string) => StageName | undefined,
): Reason[] {
  return [
    ...commandReasons(definition, recorded),
    ...paramReasons(inputs.params, knownParams(recorded.params, inputs.unmadeParams)),
    ...envReasons(inputs.env, recorded.env ?? {}),
    ...depReasons(inputs.deps, recorded.deps, makerOf),
    ...outPathReasons(definition.outPaths, recorded.outs),
  ];
}

function commandReasons(definition: StageDefinition, recorded: StageEvidence): Reason[] {
  const same = sameJson(definition.cmd, recorded.cmd) && definition.wdir === (recorded.wdir ?? '.');
  return same ? [] : [{ kind: 'cmd-changed', was: recorded.cmd, now: definition.cmd }];
}

function depReasons(
  deps: ReadonlyMap<string, DepState>,
  recorded: readonly Artifact[],
  makerOf: (path: string) => StageName | undefined,
): Reason[] {
  const before = new Map(recorded.map((dep) => [dep.path, dep]));
  const reasons: Reason[] = [];
  for (const [path, dep] of [...deps].sort(byKey)) {
    const was = before.get(path);
    const maker = makerOf(path);
    const by = maker === undefined ? {} : { by: maker };
    if (was === undefined) reasons.push({ kind: 'dep-added', path });
    else if (dep.state === 'missing') reasons.push({ kind: 'dep-missing', path, ...by });
    else if (dep.state === 'present' && !sameContent(dep.artifact, was)) {
      reasons.push({ kind: 'dep-changed', path, was: was.hash, now: dep.artifact.hash, ...by });
    }
  }
  for (const path of [...before.keys()].sort()) if (!deps.has(path)) reasons.push({ kind: 'dep-removed', path });
  return reasons;
}

const byKey = (a: readonly [string, unknown], b: readonly [string, unknown]): number => (a[0] < b[0] ? -1 : 1);

/** Without the files that are about to be made: what they will hold cannot be compared yet. */
function knownParams(recorded: StageEvidence['params'], unmade: StageInputs['unmadeParams']): StageEvidence['params'] {
  if (unmade === undefined) return recorded;
  return Object.fromEntries(Object.entries(recorded).filter(([file]) => !unmade.has(file)));
}

function paramReasons(now: StageEvidence['params'], was: StageEvidence['params']): Reason[] {
  const files = [...new Set([...Object.keys(now), ...Object.keys(was)])].sort();
  return files.flatMap((file) => {
    const before = was[file] ?? {};
    const after = now[file] ?? {};
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => valueReasons({ file, key: key === '*' ? '' : key }, before[key], after[key]));
  });
}

/** Differences leaf by leaf, so that `train` differing is said as `train.c: 0.5 -> 0.3`. */
function valueReasons(
  at: { file: string; key: string },
  was: JsonValue | undefined,
  now: JsonValue | undefined,
): Reason[] {
  if (sameJson(was, now)) return [];
  if (isJsonObject(was) && isJsonObject(now)) return objectReasons(at, was, now);
  if (was === undefined) return [{ kind: 'param-added', ...at, now: now ?? null }];
  if (now === undefined) return [{ kind: 'param-removed', ...at, was }];
  return [{ kind: 'param-changed', ...at, was, now }];
}

function objectReasons(at: { file: string; key: string }, was: JsonObject, now: JsonObject): Reason[] {
  const keys = [...new Set([...Object.keys(was), ...Object.keys(now)])].sort();
  return keys.flatMap((key) =>
    valueReasons({ file: at.file, key: at.key === '' ? key : `${at.key}.${key}` }, was[key], now[key]),
  );
}

function envReasons(now: Readonly<Record<string, string>>, was: Readonly<Record<string, string>>): Reason[] {
  const names = [...new Set([...Object.keys(now), ...Object.keys(was)])].sort();
  return names.filter((name) => now[name] !== was[name]).map((name) => ({ kind: 'env-changed', name }));
}

function outPathReasons(now: readonly string[], recorded: readonly Artifact[]): Reason[] {
  const before = new Set(recorded.map((out) => out.path));
  const after = new Set(now);
  return [
    ...now.filter((path) => !before.has(path)).map((path): Reason => ({ kind: 'out-added', path })),
    ...recorded.filter((out) => !after.has(out.path)).map((out): Reason => ({ kind: 'out-removed', path: out.path })),
  ];
}

/** How the outs in the workspace differ from the recorded ones. */
export function outReasons(outs: ReadonlyMap<string, Artifact | undefined>, recorded: readonly Artifact[]): Reason[] {
  return recorded.flatMap((was): Reason[] => {
    if (!outs.has(was.path)) return [];
    const now = outs.get(was.path);
    if (now === undefined) return [{ kind: 'out-missing', path: was.path }];
    return sameContent(was, now) ? [] : [{ kind: 'out-changed', path: was.path, was: was.hash, now: now.hash }];
  });
}
