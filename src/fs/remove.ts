import { realpathSync, rmSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { statOf } from './identity.ts';
import { systemProblem } from './system-problem.ts';

/**
 * Where a workspace-relative path may be removed or replaced: refused when it is the workspace itself, or when a folder on the way
 * is a symbolic link that leaves it. Returns the absolute path.
 */
export function ownPath(root: string, path: string): Result<string> {
  const absolute = join(root, path);
  const realRoot = realpathSync(root);
  let folder = dirname(absolute);
  while (statOf(folder) === undefined) folder = dirname(folder);
  const realFolder = realpathSync(folder);
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
    rmSync(target.value, { recursive: true, force: true });
    return ok(undefined);
  } catch (error) {
    return err(systemProblem(error, { what: 'remove', path }));
  }
}
