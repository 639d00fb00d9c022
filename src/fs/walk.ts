import { readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { identityOf, statOf, type FileIdentity } from './identity.ts';

/** A file found below a directory; symbolic links are followed as long as they stay in the workspace. */
export interface WalkedFile {
  /** Relative to the directory, with `/`. */
  readonly path: string;
  readonly absolute: string;
  readonly identity: FileIdentity;
}

export interface Walked {
  /** Sorted by path, by code unit. */
  readonly files: readonly WalkedFile[];
  readonly emptyFolders: readonly string[];
}

/** Folders that are never part of a tracked directory: the tool's own and git's. */
const neverTracked = new Set(['.mlp', '.git', '.dvc']);

/** All files below `folder` (absolute). Refuses what cannot be kept: sockets, devices, links out of `root`, names that are not UTF-8. */
export function walkFolder(root: string, folder: string): Result<Walked> {
  const files: WalkedFile[] = [];
  const emptyFolders: string[] = [];
  const realRoot = realpathSync(root);
  const pending: { absolute: string; path: string; ancestors: readonly string[] }[] = [
    { absolute: folder, path: '', ancestors: [realpathSync(folder)] },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const names = readdirSync(next.absolute).filter((name) => !neverTracked.has(name));
    if (names.length === 0 && next.path !== '') emptyFolders.push(next.path);
    for (const name of names) {
      const absolute = join(next.absolute, name);
      const path = next.path === '' ? name : `${next.path}/${name}`;
      if (name.includes('\uFFFD')) return refuse(absolute, root, 'its name is not valid UTF-8');
      const found = resolveEntry(absolute, realRoot);
      if (typeof found === 'string') return refuse(absolute, root, found);
      if (found === undefined) continue;
      if (found.isFile()) files.push({ path, absolute, identity: identityOf(found) });
      else {
        const real = realpathSync(absolute);
        if (next.ancestors.includes(real)) return refuse(absolute, root, 'it is a link to a folder that holds it');
        pending.push({ absolute, path, ancestors: [...next.ancestors, real] });
      }
    }
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return ok({ files, emptyFolders: emptyFolders.sort() });
}

/**
 * What stands at a path, through a symbolic link if it is one: a file or a folder, undefined when it vanished meanwhile,
 * or the words that say why it cannot be tracked.
 */
export function resolveEntry(absolute: string, realRoot: string): Stats | string | undefined {
  let found = statOf(absolute);
  if (found?.isSymbolicLink() === true) {
    const target = statSync(absolute, { throwIfNoEntry: false });
    if (target === undefined) return 'it is a symbolic link to nothing';
    const real = realpathSync(absolute);
    if (real !== realRoot && !real.startsWith(realRoot + sep))
      return `it is a symbolic link out of the workspace, to ${real}`;
    found = target;
  }
  if (found === undefined || found.isFile() || found.isDirectory()) return found;
  return found.isSocket() ? 'it is a socket' : found.isFIFO() ? 'it is a pipe' : 'it is a device';
}

const refuse = (absolute: string, root: string, why: string): Result<never> =>
  err(failure('untrackable-file', { path: relative(root, absolute), why }));
