import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ContentHash } from '../../core/brands.ts';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { hashFile } from '../hash-file.ts';
import { baseNameOf } from './source.ts';

/** What MLP_IMPORT_MIRROR names: a copy of what the addresses hold, asked before them. */
export type Mirror =
  { readonly kind: 'folder'; readonly folder: string } | { readonly kind: 'prefix'; readonly prefix: URL };

/** What is looked for. */
export interface Wanted {
  readonly url: URL;
  readonly sha256?: ContentHash;
  /** Where it is known, files of another size need not be hashed. */
  readonly size?: number;
  readonly maxBytes: number;
}

/** Reads the variable; undefined when it is not set. A folder may be relative to `cwd`. */
export function parseMirror(value: string | undefined, cwd: string): Result<Mirror | undefined> {
  if (value === undefined || value === '') return ok(undefined);
  const refuse = (problem: string): Result<never> => err(failure('invalid-mirror', { value, problem }));
  if (/^https?:/i.test(value)) {
    if (!URL.canParse(value)) return refuse('it is no address');
    return ok({ kind: 'prefix', prefix: new URL(value.endsWith('/') ? value : `${value}/`) });
  }
  let folder: string;
  try {
    folder = /^file:/i.test(value) ? fileURLToPath(value) : resolve(cwd, value);
  } catch {
    return refuse('it is no address of a folder');
  }
  const stats = statSync(folder, { throwIfNoEntry: false });
  if (stats?.isDirectory() !== true) return refuse('there is no such folder');
  return ok({ kind: 'folder', folder });
}

/**
 * Where the mirror may have it, best first. In a folder, with a SHA-256: the file named by it, that of the address's base name, then any
 * other file with that content; without one, the base name alone, since nothing else tells the right file. At an address, the SHA-256 and the base
 * name are tried as names.
 */
export async function mirrorCandidates(mirror: Mirror, wanted: Wanted): Promise<URL[]> {
  const baseName = baseNameOf(wanted.url);
  const names = [wanted.sha256, baseName].filter((name) => name !== undefined);
  if (mirror.kind === 'prefix') return names.map((name) => new URL(encodeURIComponent(name), mirror.prefix));
  const found = await folderCandidate(mirror.folder, names, wanted);
  return found === undefined ? [] : [pathToFileURL(join(mirror.folder, found))];
}

/** Files that cannot be read are passed over: the mirror is only the first place to ask. */
async function folderCandidate(folder: string, likely: readonly string[], wanted: Wanted): Promise<string | undefined> {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const ordered = [...likely.filter((name) => files.includes(name)), ...files.filter((name) => !likely.includes(name))];
  if (wanted.sha256 === undefined) return likely.find((name) => ordered.includes(name));
  for (const name of ordered) {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() !== true || stats.size > wanted.maxBytes) continue;
    if (wanted.size !== undefined && stats.size !== wanted.size) continue;
    const hash = await hashFile(path, stats.size).catch(() => undefined);
    if (hash === wanted.sha256) return name;
  }
  return undefined;
}
