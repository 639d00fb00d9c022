import { parseArtifacts } from '../core/artifact.ts';
import { asStageName, type StageName } from '../core/brands.ts';
import { failure, type Failure } from '../core/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import { writeFileAtomic } from '../fs/atomic-write.ts';
import { systemProblem } from '../fs/system-problem.ts';
import type { Evidence, StageEvidence } from '../plan/types.ts';
import { lockSchema, renderLock } from './lock-text.ts';

/** Evidence from a lock file's text; `file` is for messages. */
export async function parseLock(text: string, file: string): Promise<Result<Evidence>> {
  if (hasConflictMarkers(text)) return err(failure('lock-file-conflict', { file }));
  const { parseYaml } = await import('./parse-yaml.ts');
  const root = parseYaml(text);
  return root.ok ? readRoot(root.value, file) : err(failure('lock-file-invalid', { file, problem: root.error }));
}

/** Replaces the lock file. The bytes are returned, so that they can be remembered. */
export function writeLock(path: string, evidence: Evidence, scratch: string): Result<string> {
  const text = renderLock(evidence);
  try {
    writeFileAtomic(path, text, { durable: true, scratch });
    return ok(text);
  } catch (error) {
    return err(systemProblem(error, { what: 'write', path: 'pipeline.lock' }));
  }
}

const hasConflictMarkers = (text: string): boolean => /^(?:<{7}|>{7}|={7})(?: |$)/m.test(text);

function readRoot(root: JsonValue, file: string): Result<Evidence> {
  const invalid = (problem: string): { ok: false; error: Failure } =>
    err(failure('lock-file-invalid', { file, problem }));
  if (root === null) return ok(new Map());
  if (!isJsonObject(root)) return invalid('it is not a map');
  const schema = root['schema'];
  if (schema !== lockSchema) {
    return typeof schema === 'string' && Number(schema) > Number(lockSchema)
      ? err(failure('lock-file-newer', { file, schema }))
      : invalid('it has no schema that this mlp knows');
  }
  const stages = root['stages'] ?? {};
  if (!isJsonObject(stages)) return invalid('"stages" is not a map');
  const evidence = new Map<StageName, StageEvidence>();
  for (const [name, value] of Object.entries(stages)) {
    const entry = readStage(value);
    if (entry === undefined) return invalid(`the entry of stage "${name}" is not whole`);
    evidence.set(asStageName(name), entry);
  }
  return ok(evidence);
}

function readStage(value: JsonValue): StageEvidence | undefined {
  if (!isJsonObject(value)) return undefined;
  const cmd = typeof value['cmd'] === 'string' ? [value['cmd']] : readTexts(value['cmd']);
  const deps = parseArtifacts(value['deps'] ?? []);
  const outs = parseArtifacts(value['outs'] ?? []);
  const params = value['params'] ?? {};
  const env = value['env'];
  const wdir = value['wdir'];
  if (cmd === undefined || deps === undefined || outs === undefined || !isJsonObject(params)) return undefined;
  if (!Object.values(params).every((entry) => isJsonObject(entry))) return undefined;
  if (env !== undefined && !isTextMap(env)) return undefined;
  return {
    cmd,
    ...(typeof wdir === 'string' ? { wdir } : {}),
    deps,
    params: params as Record<string, JsonObject>,
    ...(env === undefined ? {} : { env }),
    outs,
  };
}

function readTexts(value: JsonValue | undefined): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value as readonly JsonValue[];
  return items.every((item) => typeof item === 'string') ? [...items] : undefined;
}

const isTextMap = (value: JsonValue): value is Record<string, string> =>
  isJsonObject(value) && Object.values(value).every((member) => typeof member === 'string');
