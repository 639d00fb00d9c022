import { constants, cpSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeTree } from './remove.ts';

/** Codes of a rename to another file system, and of one of a place where another file system is mounted. */
const otherFileSystem = new Set(['EXDEV', 'EBUSY']);

/** Copies a file or a folder as it is, links as links. Shares blocks where the file system can. */
export function copyTree(from: string, to: string): void {
  const how = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true };
  cpSync(from, to, { ...how, mode: constants.COPYFILE_FICLONE });
}

/**
 * Moves a file or a folder to a name that is not there yet. Also where the two lie on different file systems: then `to` appears whole
 * all the same, before anything of `from` is removed. Throws the system's error.
 */
export function moveAway(from: string, to: string): void {
  if (renamed(from, to)) return;
  const part = `${to}.part`;
  copyTree(from, part);
  renameSync(part, to);
  removeTree(from);
}

/**
 * Moves `from` to where it came from; what stands there is replaced. `from` stays whole until all of it is there again, and then goes at
 * once by a rename, so a kill at any moment leaves the one or the other whole. What a kill leaves of the renamed one is the caller's to remove.
 */
export function moveBack(from: string, to: string): void {
  removeTree(to);
  mkdirSync(dirname(to), { recursive: true });
  if (renamed(from, to)) return;
  copyTree(from, to);
  const done = `${from}.done`;
  renameSync(from, done);
  removeTree(done);
}

/** False, and nothing done, where the two lie on different file systems, or where one is mounted at either name. */
export function renamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (!otherFileSystem.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return false;
  }
}
