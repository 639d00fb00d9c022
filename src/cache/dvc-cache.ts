import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { md5Name, type Md5Content } from './md5-content.ts';

/** The cache of a DVC project, which is only ever read. */
export class DvcCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get folder(): string {
    return this.#folder;
  }

  /** The file that should hold the content, absolute: where DVC 3 keeps it, else where earlier versions did. */
  find(content: Md5Content): string | undefined {
    const name = md5Name(content);
    const below = join(name.slice(0, 2), name.slice(2));
    return [join(this.#folder, 'files', 'md5', below), join(this.#folder, below)].find(
      (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true,
    );
  }

  /** The files of its run cache, absolute, in order. */
  runEntries(): string[] {
    const runs = join(this.#folder, 'runs');
    if (!existsSync(runs)) return [];
    return readdirSync(runs, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  }
}

/** The cache of the DVC project that a folder lies in; undefined when there is none. */
export function findDvcCache(root: string): DvcCache | undefined {
  for (let folder = root; ; folder = dirname(folder)) {
    const state = join(folder, '.dvc');
    if (statSync(state, { throwIfNoEntry: false })?.isDirectory() === true) return new DvcCache(cacheFolderOf(state));
    // A DVC project ends where its git repository does.
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return undefined;
  }
}

/** Where `cache.dir` of DVC's configuration points; later files override earlier ones. */
function cacheFolderOf(state: string): string {
  const named = ['config.local', 'config']
    .map((name) => cacheDirIn(join(state, name)))
    .find((dir) => dir !== undefined);
  return resolve(state, named ?? 'cache');
}

function cacheDirIn(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  let section = '';
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    const [, title] = /^\s*\[(.+)\]\s*$/.exec(line) ?? [];
    if (title !== undefined) section = title.trim();
    const [, dir] = /^\s*dir\s*=\s*(.+?)\s*$/.exec(line) ?? [];
    if (section === 'cache' && dir !== undefined) return dir;
  }
  return undefined;
}
