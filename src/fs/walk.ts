import { readdirSync, realpathSync, statSync, type Stats } from 'node:fs';
import { posix, relative, sep } from 'node:path';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { identityOf, statOf, type FileIdentity } from './identity.ts';
import { isIgnored, type FolderRules, type IgnoreRules } from './ignore/ignore-rules.ts';

/** A file found below a directory; symbolic links are followed as long as they stay in the workspace. */
export interface WalkedFile {
  /** Relative to the directory, with `/`. */
  readonly path: string;
  readonly identity: FileIdentity;
}

export interface Walked extends FolderFacts {
  /** Sorted by path, by code unit. */
  readonly files: readonly WalkedFile[];
}

/** What there is to know of a directory beside its files. */
export interface FolderFacts {
  readonly emptyFolders: readonly string[];
  /** One text for equal ignore rules in the directory and above it; empty where there are none. */
  readonly rules: string;
}

/** One directory's way through the workspace's ignore files. */
export interface Ignoring {
  readonly rules: IgnoreRules;
  /** The directory, relative to the workspace. */
  readonly folder: string;
}

/** Folders that are never part of a tracked directory: the tool's own and git's. */
const neverTracked = new Set(['.mlp', '.git', '.dvc']);

/** Hears of a file: its path relative to the directory, and what the system says of it. */
type OnFile = (path: string, stats: Stats) => void;

/** All files below `folder` (absolute) that no ignore rule leaves out. `onFile` hears of each as it is found. */
export function walkFolder(
  root: string,
  folder: string,
  { ignoring, onFile }: { readonly ignoring?: Ignoring; readonly onFile?: OnFile } = {},
): Result<Walked> {
  const files: WalkedFile[] = [];
  const facts = visitFolder(root, folder, ignoring, (path, stats) => {
    files.push({ path, identity: identityOf(stats) });
    onFile?.(path, stats);
  });
  if (!facts.ok) return facts;
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return ok({ files, ...facts.value });
}

/**
 * As `walkFolder`, and keeps nothing: the files are heard of in the order in which the file system has them, which is the same as long
 * as nothing changes. Refuses what cannot be kept: sockets, devices, links out of `root`, names that are not UTF-8.
 */
export function visitFolder(
  root: string,
  folder: string,
  ignoring: Ignoring | undefined,
  onFile: OnFile,
): Result<FolderFacts> {
  const emptyFolders: string[] = [];
  const rulesSeen = new Set<string>();
  const realRoot = realpathSync.native(root);
  const above = ignoring?.rules.ofNamed(ignoring.folder);
  const pending: { absolute: string; path: string; ancestors: readonly string[]; above: FolderRules | undefined }[] = [
    { absolute: folder, path: '', ancestors: [realpathSync.native(folder)], above },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const names = readdirSync(next.absolute).filter((name) => !neverTracked.has(name));
    const place = ignoring && posix.join(ignoring.folder, next.path);
    const rules = next.path === '' || place === undefined ? above : ignoring?.rules.below(next.above, place, names);
    if (rules !== undefined) rulesSeen.add(rules.text);
    let counted = 0;
    for (const name of names) {
      // Names come from the system, so there is nothing to normalise; with many files, join() shows.
      const absolute = next.absolute + sep + name;
      const path = next.path === '' ? name : `${next.path}/${name}`;
      const found = resolveEntry(absolute, realRoot);
      const isFolder = typeof found === 'object' && found.isDirectory();
      if (rules !== undefined && isIgnored(rules, posix.join(place ?? '', name), isFolder)) continue;
      if (name.includes('\uFFFD')) return refuse(absolute, root, 'its name is not valid UTF-8');
      if (typeof found === 'string') return refuse(absolute, root, found);
      counted++;
      if (found === undefined) continue;
      if (found.isFile()) onFile(path, found);
      else {
        const real = realpathSync.native(absolute);
        if (next.ancestors.includes(real)) return refuse(absolute, root, 'it is a link to a folder that holds it');
        pending.push({ absolute, path, ancestors: [...next.ancestors, real], above: rules });
      }
    }
    if (counted === 0 && next.path !== '') emptyFolders.push(next.path);
  }
  return ok({ emptyFolders: emptyFolders.sort(), rules: [...rulesSeen].sort().join('') });
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
