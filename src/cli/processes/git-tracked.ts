import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ok, type Result } from '../../core/result.ts';
import { git } from './git.ts';

/** Whether a folder lies in a git repository. */
export function insideGit(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return true;
    if (dirname(at) === at) return false;
  }
}

/** Which of the files at or below these paths (relative to `root`) git tracks; none outside a repository. */
export async function trackedByGit(root: string, paths: readonly string[]): Promise<Result<readonly string[]>> {
  if (paths.length === 0 || !insideGit(root)) return ok([]);
  const listed = await git(
    root,
    ['ls-files', '-z', '--', ...paths.map((path) => `:(literal)${path}`)],
    'list the files that it tracks',
  );
  return listed.ok ? ok(listed.value.split('\0').filter((path) => path !== '')) : listed;
}
