import { posix } from 'node:path';
import type { Md5Content } from '../../cache/md5-content.ts';
import { parseMd5 } from '../../cache/md5-content.ts';
import { readText } from '../../config/read-text.ts';
import type { Artifact } from '../../core/artifact.ts';
import { failure } from '../../core/failure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';

/** A file or folder that no stage makes, and what its record says that it holds. */
export interface TrackedData {
  /** Relative to the workspace. */
  readonly path: string;
  /** The record: `PATH.mlp`, or a `.dvc` file. */
  readonly record: string;
  readonly content: TrackedContent;
  /** False: known by its hash alone. */
  readonly cache: boolean;
}

export type TrackedContent =
  | { readonly by: 'sha256'; readonly artifact: Artifact; readonly url?: string }
  | { readonly by: 'md5'; readonly md5: Md5Content; readonly executable: boolean };

/** What a record of the workspace tracks. */
export async function readTracked(root: string, record: string): Promise<Result<readonly TrackedData[]>> {
  const text = readText(root, record);
  return text.ok ? parseTracked(text.value, record) : text;
}

/** As `readTracked`, from the record's text, which may also be that of another git revision. */
export async function parseTracked(text: string, record: string): Promise<Result<readonly TrackedData[]>> {
  if (record.endsWith('.dvc')) return parseDvcFile(text, record);
  const { parseDataRecord } = await import('../../fs/import/read-record.ts');
  const read = parseDataRecord(text, record);
  if (!read.ok) return read;
  const { path, sha256, size, files, executable, url } = read.value;
  const artifact = {
    path,
    hash: sha256,
    size,
    ...(files === undefined ? {} : { files }),
    ...(executable === undefined ? {} : { executable }),
  };
  return ok([{ path, record, cache: true, content: { by: 'sha256', artifact, ...(url === undefined ? {} : { url }) } }]);
}

/** What `dvc add` and `dvc import-url` write. A `.dvc` file with a command is a stage of DVC before 1.0, and tracks nothing here. */
async function parseDvcFile(text: string, record: string): Promise<Result<readonly TrackedData[]>> {
  const { parseYaml } = await import('../../record/parse-yaml.ts');
  const root = parseYaml(text);
  if (!root.ok) return err(failure('dvc-file-invalid', { file: record, problem: root.error }));
  if (!isJsonObject(root.value)) return err(failure('dvc-file-invalid', { file: record, problem: 'it has no fields' }));
  const { cmd, wdir, outs } = root.value as Readonly<Record<string, JsonValue | undefined>>;
  if (cmd !== undefined && cmd !== null) return ok([]);
  if (!Array.isArray(outs)) return err(failure('dvc-file-invalid', { file: record, problem: 'it has no outs' }));
  const folder = posix.join(posix.dirname(record), typeof wdir === 'string' ? wdir : '.');
  return ok((outs as readonly JsonValue[]).flatMap((out) => (isJsonObject(out) ? dvcOut(out, folder, record) : [])));
}

/** An out without an MD5 lies in remote storage, and is none of ours. */
function dvcOut(out: JsonObject, folder: string, record: string): TrackedData[] {
  const { path, md5, hash, isexec, cache } = out as Readonly<Record<string, JsonValue | undefined>>;
  if (typeof path !== 'string' || typeof md5 !== 'string') return [];
  const content = parseMd5(md5, hash === 'md5' ? 'md5' : 'md5-dos2unix');
  const own = posix.join(folder, path).replace(/(?<=.)\/$/, '');
  if (content === undefined || own.startsWith('../') || posix.isAbsolute(path)) return [];
  return [
    { path: own, record, cache: cache !== false, content: { by: 'md5', md5: content, executable: isexec === true } },
  ];
}
