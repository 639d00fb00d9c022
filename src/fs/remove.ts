import { readdirSync, realpathSync, rmdirSync, unlinkSync, type Dirent } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { statOf } from './identity.ts';
import { systemProblem } from './system-problem.ts';

/**
 * Where a workspace-relative path may be removed or replaced: refused when it is the workspace itself, or when a folder on the way
 * is a symbolic link that leaves it or leads nowhere. Returns the absolute path.
 */
export function ownPath(root: string, path: string): Result<string> {
  const absolute = join(root, path);
  const realRoot = realpathSync.native(root);
  let folder = dirname(absolute);
  while (statOf(folder) === undefined) folder = dirname(folder);
  let realFolder = realRoot;
  try {
    if (folder !== root) realFolder = realpathSync.native(folder);
  } catch (error) {
    return err(systemProblem(error, { what: 'follow the link', path: relative(root, folder) }));
  }
  const inside = realFolder === realRoot || realFolder.startsWith(realRoot + sep);
  if (!inside || absolute === root || !absolute.startsWith(root + sep)) {
    return err(failure('outside-workspace', { path }));
  }
  return ok(absolute);
}

/** Removes a file or a whole directory of the workspace; a symbolic link itself, never what it points to. Nothing there is fine. */
export function removeOwn(root: string, path: string): Result<void> {
  const target = ownPath(root, path);
  if (!target.ok) return target;
  try {
    removeTree(target.value);
    return ok(undefined);
  } catch (error) {
    return err(systemProblem(error, { what: 'remove', path }));
  }
}

/**
 * Removes a file or a whole folder (absolute); nothing there is fine. A folder at which a file system is mounted cannot go; it is emptied.
 * Throws the system's error. Not by `rmSync`, which asks the system about each file once more and, since Node 24, does not tell all refusals apart.
 */
export function removeTree(path: string): void {
  if (statOf(path)?.isDirectory() === true) removeFolder(path);
  else removeFile(path);
}

/** True where the folder stays, because a file system is mounted at it or in it. */
function removeFolder(path: string, attempts = 3): boolean {
  let stays = false;
  for (const entry of entriesOf(path)) {
    const inside = join(path, entry.name);
    if (!entry.isDirectory()) removeFile(inside);
    else if (removeFolder(inside)) stays = true;
  }
  const refusal = refusalOf(() => {
    rmdirSync(path);
  });
  if (refusal === undefined || refusal.code === 'ENOENT') return false;
  if (refusal.code === 'EBUSY' || (stays && isFilled(refusal))) return true;
  // Another process has put something there meanwhile.
  if (isFilled(refusal) && attempts > 1) return removeFolder(path, attempts - 1);
  throw refusal;
}

const isFilled = ({ code }: NodeJS.ErrnoException): boolean => code === 'ENOTEMPTY' || code === 'EEXIST';

/** None where another process has removed the folder meanwhile. */
function entriesOf(folder: string): Dirent[] {
  let entries: Dirent[] = [];
  const refusal = refusalOf(() => {
    entries = readdirSync(folder, { withFileTypes: true });
  });
  if (refusal !== undefined && refusal.code !== 'ENOENT') throw refusal;
  return entries;
}

function removeFile(path: string): void {
  const refusal = refusalOf(() => {
    unlinkSync(path);
  });
  if (refusal !== undefined && refusal.code !== 'ENOENT') throw refusal;
}

function refusalOf(act: () => void): NodeJS.ErrnoException | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error as NodeJS.ErrnoException;
  }
}
