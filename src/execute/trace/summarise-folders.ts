import { isBelow } from './used-files.ts';

/** A file, or a folder with the number of files that it stands for. */
export interface Summarised {
  readonly path: string;
  readonly files?: number;
}

/** Of so many files in one folder, the folder is named. */
const manyFiles = 4;

/**
 * Names a folder in place of many files in it, from the deepest folders upwards, but never one that holds any of the `closed` paths:
 * those are made by a stage, and a folder around them would be another thing to declare. `folders` were used as a whole.
 */
export function summariseFolders(
  files: readonly string[],
  about: { readonly closed: readonly string[]; readonly folders: readonly string[] },
): readonly Summarised[] {
  const isOpen = (folder: string): boolean =>
    folder !== '' && !about.closed.some((path) => path === folder || isBelow(path, folder) || isBelow(folder, path));
  const counts = new Map<string, number>(about.folders.map((folder) => [folder, 0]));
  let single = files;
  for (const folder of foldersOf(files)) {
    const inside = single.filter((file) => isBelow(file, folder));
    const foldersInside = [...counts].filter(([path]) => isBelow(path, folder));
    const isWhole = counts.has(folder);
    if (!isWhole && (!isOpen(folder) || inside.length + foldersInside.length < manyFiles)) continue;
    single = single.filter((file) => !isBelow(file, folder));
    for (const [path] of foldersInside) counts.delete(path);
    const below = foldersInside.reduce((sum, [, count]) => sum + count, 0);
    counts.set(folder, inside.length + below);
  }
  const found = [...single.map((path) => ({ path })), ...[...counts].map(([path, count]) => ({ path, files: count }))];
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Every folder that holds one of the files, the deepest first. */
function foldersOf(files: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const file of files) {
    for (let at = file.lastIndexOf('/'); at > 0; at = file.lastIndexOf('/', at - 1)) found.add(file.slice(0, at));
  }
  const depth = (path: string): number => path.split('/').length;
  return [...found].sort((a, b) => depth(b) - depth(a) || (a < b ? -1 : 1));
}
