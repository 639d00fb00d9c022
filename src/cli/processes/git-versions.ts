import { git } from './git.ts';
import { gitBlobs } from './git-blobs.ts';
import { insideGit } from './git-tracked.ts';

/** Files of a path at one commit: one with an empty path, or those of a folder. */
type Version = readonly { readonly path: string; readonly bytes: Uint8Array; readonly executable: boolean }[];

/**
 * Looks up a path (relative to `root`) in the last commit, and in the last ones that changed any of `beside`: where a lock file was
 * committed, its inputs were too. A path that git does not have gives nothing.
 */
export function versionsBeside(root: string, beside: readonly string[]): (path: string) => Promise<readonly Version[]> {
  let commits: Promise<readonly string[]> | undefined;
  return async (path) => {
    if (!insideGit(root) || path.startsWith('../')) return [];
    commits ??= commitsBeside(root, beside);
    const versions: Version[] = [];
    for (const commit of await commits) versions.push(await versionAt(root, commit, path));
    return versions.filter((version) => version.length > 0);
  };
}

const mostCommits = 5;

async function commitsBeside(root: string, beside: readonly string[]): Promise<readonly string[]> {
  const paths = beside.map((path) => `:(literal)${path}`);
  const log = await git(root, ['log', `-${mostCommits}`, '--format=%H', '--', ...paths], 'read the history');
  return ['HEAD', ...(log.ok ? log.value.split('\n').filter((line) => line !== '') : [])];
}

async function versionAt(root: string, commit: string, path: string): Promise<Version> {
  const listed = await git(root, ['ls-tree', '-r', '-z', commit, '--', path], `list ${path}`);
  if (!listed.ok) return [];
  const found = listed.value.split('\0').flatMap((line) => {
    const [, mode = '', blob = '', name = ''] = /^(100\d+) blob ([0-9a-f]+)\t([^]*)$/.exec(line) ?? [];
    return blob === '' ? [] : [{ blob, name, executable: mode === '100755' }];
  });
  const contents = await gitBlobs(
    root,
    found.map(({ blob }) => blob),
  );
  if (!contents.ok) return [];
  return found.map(({ blob, name, executable }) => ({
    path: name === path ? '' : name.slice(path.length + 1),
    bytes: contents.value.get(blob) ?? new Uint8Array(),
    executable,
  }));
}
