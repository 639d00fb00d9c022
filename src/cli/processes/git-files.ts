import { ok, type Result } from '../../core/result.ts';
import { git, gitFed } from './git.ts';
import { gitBlobs } from './git-blobs.ts';

/** Which revisions of a repository. */
export interface Revisions {
  readonly named: readonly string[];
  readonly allBranches: boolean;
  readonly allTags: boolean;
  readonly allCommits: boolean;
}

export interface GitText {
  /** Relative to the folder that was asked about. */
  readonly path: string;
  readonly text: string;
}

/** The files below `root` whose name ends so, in all their versions of these revisions, each content once. */
export async function textsAt(
  root: string,
  revisions: Revisions,
  endings: readonly string[],
): Promise<Result<readonly GitText[]>> {
  const commits = await commitsOf(root, revisions);
  if (!commits.ok) return commits;
  const blobs = new Map<string, string>();
  const note = (blob: string, path: string): void => {
    if (endings.some((ending) => path.endsWith(ending))) blobs.set(`${blob} ${path}`, blob);
  };
  for (const commit of commits.value) {
    const listed = await git(root, ['ls-tree', '-r', '-z', commit], `list the files of ${commit.slice(0, 8)}`);
    if (!listed.ok) return listed;
    for (const line of listed.value.split('\0')) {
      const [, blob, path = ''] = /^100\d+ blob ([0-9a-f]+)\t([^]*)$/.exec(line) ?? [];
      if (blob !== undefined) note(blob, path);
    }
  }
  if (revisions.allCommits) {
    const history = await noteHistory(root, endings, note);
    if (!history.ok) return history;
  }
  const contents = await gitBlobs(root, [...blobs.values()]);
  if (!contents.ok) return contents;
  return ok(
    [...blobs].map(([key, blob]) => ({
      path: key.slice(blob.length + 1),
      text: Buffer.from(contents.value.get(blob) ?? []).toString('utf8'),
    })),
  );
}

/** Every version that any commit brought, by one git process: what a commit did not change came with an earlier one. */
async function noteHistory(
  root: string,
  endings: readonly string[],
  note: (blob: string, path: string) => void,
): Promise<Result<void>> {
  const what = 'list the versions of the files';
  const commits = await git(root, ['rev-list', '--all'], what);
  if (!commits.ok) return commits;
  const words = ['diff-tree', '--stdin', '-m', '--root', '-r', '-z', '--no-commit-id', '--no-renames', '--relative'];
  const paths = endings.map((ending) => `*${ending}`);
  const listed = await gitFed(root, [...words, '--', ...paths], { what, input: commits.value });
  if (!listed.ok) return listed;
  const parts = Buffer.from(listed.value).toString('utf8').split('\0');
  for (const [index, part] of parts.entries()) {
    const [, blob] = /^:\d+ 100\d+ [0-9a-f]+ ([0-9a-f]+) [A-Z]/.exec(part) ?? [];
    if (blob !== undefined) note(blob, parts[index + 1] ?? '');
  }
  return ok(undefined);
}

/** The commits that are named, and those at the ends of branches and of tags. */
async function commitsOf(root: string, revisions: Revisions): Promise<Result<readonly string[]>> {
  const found = new Set<string>();
  for (const name of revisions.named) {
    const words = ['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`];
    const commit = await git(root, words, `find the revision "${name}"`);
    if (!commit.ok) return commit;
    found.add(commit.value.trim());
  }
  const refs = [
    ...(revisions.allBranches ? ['--branches', '--remotes'] : []),
    ...(revisions.allTags ? ['--tags'] : []),
  ];
  if (refs.length > 0) {
    const listed = await git(root, ['rev-list', '--no-walk', ...refs], 'list the revisions');
    if (!listed.ok) return listed;
    for (const commit of listed.value.split('\n')) if (commit !== '') found.add(commit);
  }
  return ok([...found]);
}
