import { asContentHash, isSha256, type ContentHash } from './brands.ts';
import { isJsonObject, type JsonValue } from './json.ts';

/** A file or a directory at one moment: what the lock file, the run cache and the run record keep of a dep or an out. */
export interface Artifact {
  /** Relative to the workspace, with `/`, normalised. */
  readonly path: string;
  readonly hash: ContentHash;
  /** Bytes; of a directory, the sum over its files. */
  readonly size: number;
  /** Number of files of a directory; absent for a file. */
  readonly files?: number;
  /** True for a file that may be executed; absent otherwise. A directory keeps it file by file. */
  readonly executable?: true;
}

/** Whether two artifacts have the same content, wherever they stand. */
export const sameContent = (a: Artifact, b: Artifact): boolean =>
  a.hash === b.hash && (a.files === undefined) === (b.files === undefined) && a.executable === b.executable;

const isCount = (value: JsonValue | undefined): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** An artifact read back from a file, or undefined when the value is none. */
function parseArtifact(value: JsonValue): Artifact | undefined {
  if (!isJsonObject(value)) return undefined;
  const { path, hash, size, files, executable } = value as Record<string, JsonValue | undefined>;
  if (typeof path !== 'string' || typeof hash !== 'string' || !isSha256(hash) || !isCount(size)) return undefined;
  return {
    path,
    hash: asContentHash(hash),
    size,
    ...(isCount(files) ? { files } : {}),
    ...(executable === true ? { executable: true } : {}),
  };
}

/** A list of artifacts read back from a file, or undefined when anything in it is none. */
export function parseArtifacts(value: JsonValue | undefined): Artifact[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const found = (value as readonly JsonValue[]).map(parseArtifact);
  return found.every((artifact) => artifact !== undefined) ? found : undefined;
}
