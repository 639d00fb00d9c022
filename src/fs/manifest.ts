import type { ContentHash } from '../core/brands.ts';
import { asContentHash, isSha256 } from '../core/brands.ts';
import { canonicalJson, isJsonObject, type JsonValue } from '../core/json.ts';
import { hashBytes } from './hash-file.ts';

/** A file inside a tracked directory. `path` is relative to the directory, with `/`. */
export interface ManifestFile {
  readonly path: string;
  readonly hash: ContentHash;
  readonly size: number;
  readonly executable: boolean;
}

/** The content of a directory as data: its files, and the folders in it that hold nothing. */
export interface Manifest {
  readonly files: readonly ManifestFile[];
  readonly emptyFolders: readonly string[];
}

const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;

/** One text for equal directories; its SHA-256 is the directory's hash, and it is what the cache stores for the directory. */
export function manifestText(manifest: Manifest): string {
  const records = [
    ...manifest.files.map((file): { path: string; record: JsonValue } => ({ path: file.path, record: { ...file } })),
    ...manifest.emptyFolders.map((path) => ({ path, record: { path, folder: true } })),
  ];
  return `[${records
    .sort(byPath)
    .map(({ record }) => canonicalJson(record))
    .join(',\n')}]\n`;
}

export const manifestHash = (manifest: Manifest): ContentHash => hashBytes(manifestText(manifest));

/** Undefined when the text is no manifest, or names a path outside its directory. */
export function parseManifest(text: string): Manifest | undefined {
  let records: JsonValue;
  try {
    records = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  if (!Array.isArray(records)) return undefined;
  const files: ManifestFile[] = [];
  const emptyFolders: string[] = [];
  for (const record of records as readonly JsonValue[]) {
    if (!isJsonObject(record)) return undefined;
    const { path, hash, size, executable, folder } = record as Record<string, JsonValue | undefined>;
    if (typeof path !== 'string' || !staysInside(path)) return undefined;
    if (folder === true) emptyFolders.push(path);
    else if (typeof hash === 'string' && isSha256(hash) && typeof size === 'number') {
      files.push({ path, hash: asContentHash(hash), size, executable: executable === true });
    } else return undefined;
  }
  return { files, emptyFolders };
}

const staysInside = (path: string): boolean =>
  path !== '' && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
