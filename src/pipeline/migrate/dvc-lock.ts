import { parseMd5, type Md5Content } from '../../cache/md5-content.ts';
import { failure } from '../../core/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** What DVC recorded of a stage, in its own terms: paths relative to the stage's folder, contents by MD5. */
export interface DvcEntry {
  readonly cmd: string | readonly string[];
  readonly deps: readonly DvcPath[];
  readonly outs: readonly DvcPath[];
  readonly params: Readonly<Record<string, JsonObject>>;
}

export interface DvcPath {
  readonly path: string;
  /** Absent for what lies in remote storage, or was never hashed. */
  readonly content?: Md5Content;
  readonly executable: boolean;
}

/** The entries of a dvc.lock by stage; of the layout before DVC 2 too, which had stages at the top. */
export async function parseDvcLock(text: string, file: string): Promise<Result<ReadonlyMap<string, DvcEntry>>> {
  const invalid = (problem: string): Result<never> => err(failure('dvc-file-invalid', { file, problem }));
  const { parseYaml } = await import('../../record/parse-yaml.ts');
  const root = parseYaml(text);
  if (!root.ok) return invalid(root.error);
  if (root.value === null) return ok(new Map());
  if (!isJsonObject(root.value)) return invalid('it is not a map');
  const stages = root.value['schema'] === undefined ? root.value : root.value['stages'];
  const entries = new Map<string, DvcEntry>();
  for (const [name, value] of Object.entries(isJsonObject(stages) ? stages : {})) {
    const entry = dvcEntry(value);
    if (entry === undefined) return invalid(`the entry of stage "${name}" is not whole`);
    entries.set(name, entry);
  }
  return ok(entries);
}

/** An entry of dvc.lock or of DVC's run cache; undefined when it is none. */
export function dvcEntry(value: JsonValue): DvcEntry | undefined {
  if (!isJsonObject(value)) return undefined;
  const { cmd, deps, outs, params } = value as Readonly<Record<string, JsonValue | undefined>>;
  const command = typeof cmd === 'string' ? cmd : textsOf(cmd);
  const read = pathsOf(deps);
  const made = pathsOf(outs);
  if (command === undefined || read === undefined || made === undefined) return undefined;
  const values = Object.entries(isJsonObject(params) ? params : {}).map(([file, keys]): [string, JsonObject] => [
    file,
    isJsonObject(keys) ? keys : {},
  ]);
  return { cmd: command, deps: read, outs: made, params: Object.fromEntries(values) };
}

function textsOf(value: JsonValue | undefined): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value as readonly JsonValue[];
  return items.every((item) => typeof item === 'string') ? [...items] : undefined;
}

function pathsOf(value: JsonValue | undefined): DvcPath[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return undefined;
  const paths = (value as readonly JsonValue[]).map(dvcPath);
  return paths.every((path) => path !== undefined) ? paths : undefined;
}

function dvcPath(value: JsonValue): DvcPath | undefined {
  if (!isJsonObject(value)) return undefined;
  const { path, md5, hash, isexec } = value as Readonly<Record<string, JsonValue | undefined>>;
  if (typeof path !== 'string') return undefined;
  const content = typeof md5 === 'string' ? parseMd5(md5, hash === 'md5' ? 'md5' : 'md5-dos2unix') : undefined;
  return { path, executable: isexec === true, ...(content === undefined ? {} : { content }) };
}
