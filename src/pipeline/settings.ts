import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../config/read-text.ts';
import type { StageConfig } from '../config/types.ts';
import type { Failure } from '../core/failure.ts';
import { flattenValues } from '../core/flatten.ts';
import type { JsonObject, JsonValue } from '../core/json.ts';
import { nearestNames } from '../core/nearest.ts';
import { err, ok, type Result } from '../core/result.ts';
import { hashBytes } from '../fs/hash-file.ts';
import type { StageSettings } from '../plan/plan-run.ts';
import type { MissingParam } from '../plan/types.ts';
import { followKey, jsonChild } from '../config/key-path.ts';
import type { ParseMemo } from './memo.ts';

/** The parameter files that stages read, by path; undefined where there is no such file. */
export type ParamsFiles = ReadonlyMap<string, JsonObject | undefined>;

interface ParamsSource {
  readonly root: string;
  readonly memo: ParseMemo;
  /** Texts to take in place of what files hold. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Reads every parameter file that the stages name. */
export async function readParamsFiles(
  stages: readonly StageConfig[],
  source: ParamsSource,
): Promise<Result<ParamsFiles, readonly Failure[]>> {
  const files = new Set(stages.flatMap((stage) => stage.params.map((ref) => ref.file)));
  const found = new Map<string, JsonObject | undefined>();
  const problems: Failure[] = [];
  for (const file of files) {
    const values = await readParamsFile(file, source);
    if (values.ok) found.set(file, values.value);
    else problems.push(values.error);
  }
  return problems.length > 0 ? err(problems) : ok(found);
}

async function readParamsFile(file: string, source: ParamsSource): Promise<Result<JsonObject | undefined>> {
  const given = source.texts.get(file);
  if (given === undefined && !isThere(join(source.root, file))) return ok(undefined);
  const text = given === undefined ? readText(source.root, file) : ok(given);
  if (!text.ok) return text;
  return source.memo.parsed(`params ${file}`, text.value, async () => {
    const { parseParamsFile } = await import('../config/params-file.ts');
    return parseParamsFile(text.value, file);
  });
}

/** A link that leads back to itself counts as there: reading it says so, which its missing params would not. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ELOOP';
  }
}

/** The values that one stage reads now: its declared params, and the environment that it declares. */
export function settingsOf(
  stage: StageConfig,
  files: ParamsFiles,
  env: Readonly<Record<string, string | undefined>>,
): StageSettings {
  const params: Record<string, Record<string, JsonValue>> = {};
  const missingParams: MissingParam[] = [];
  for (const ref of stage.params) {
    const values = files.get(ref.file);
    const chosen = (params[ref.file] ??= {});
    if (ref.keys === 'all') {
      if (values !== undefined) chosen['*'] = values;
      else missingParams.push({ file: ref.file, key: '(the whole file)', near: [], at: ref.at });
      continue;
    }
    for (const { key, at } of ref.keys) {
      const value = values === undefined ? undefined : followKey<JsonValue>(values, key, jsonChild)?.at(-1)?.node;
      if (value !== undefined) chosen[key] = value;
      else missingParams.push({ file: ref.file, key, near: nearKeys(key, values), at });
    }
  }
  return { params, missingParams, env: environmentEvidence(stage, env) };
}

function nearKeys(key: string, values: JsonObject | undefined): string[] {
  if (values === undefined) return [];
  const prefixes = Object.keys(flattenValues(values)).flatMap((leaf) => {
    const parts = leaf.split('.');
    return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
  });
  return nearestNames(key, prefixes);
}

/** Values that the pipeline file sets stand as they are; those taken from outside are hashed, for they may be secret. */
function environmentEvidence(
  stage: StageConfig,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { name, value } of stage.env) {
    const outside = env[name];
    found[name] = value ?? (outside === undefined ? 'unset' : `sha256:${hashBytes(outside)}`);
  }
  return found;
}

/** A stage's params as its process gets them: nested as in the file. Of several files, later ones add to earlier ones. */
export function paramsForProcess(settings: StageSettings): JsonObject {
  const merged: Record<string, JsonValue> = {};
  for (const values of Object.values(settings.params)) {
    for (const [key, value] of Object.entries(values)) {
      if (key === '*') Object.assign(merged, value);
      else setNested(merged, key.split('.'), value);
    }
  }
  return merged;
}

function setNested(
  target: Record<string, JsonValue>,
  [first = '', ...rest]: readonly string[],
  value: JsonValue,
): void {
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const inner = target[first];
  const next: Record<string, JsonValue> =
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? { ...(inner as JsonObject) } : {};
  setNested(next, rest, value);
  target[first] = next;
}
