import type { Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { dataStatus, type DataChanges, type DataStatus } from '../../pipeline/data/data-status.ts';
import { allTracked } from '../../pipeline/data/recorded.ts';
import type { Project } from '../../pipeline/open-project.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';
import { git } from '../processes/git.ts';
import { textsAt, type GitText } from '../processes/git-files.ts';
import { insideGit } from '../processes/git-tracked.ts';

/** With what neither git nor mlp keeps, where that was asked for. */
export interface ShownDataStatus extends DataStatus {
  readonly untracked?: readonly string[];
}

interface Asked {
  readonly file: string | undefined;
  readonly targets: readonly string[];
  readonly granular: boolean;
  readonly untracked: boolean;
}

export async function statusOfData(
  context: CliContext,
  asked: Asked,
): Promise<Result<ShownDataStatus, readonly Failure[]>> {
  const project = await openCalledProject(context, asked.file);
  if (!project.ok) return project;
  try {
    const head = await headTexts(project.value.workspace.root);
    if (!head.ok) return err([head.error]);
    const status = await dataStatus(project.value, { ...asked, head: head.value });
    if (!status.ok || !asked.untracked) return status;
    const untracked = await untrackedPaths(project.value);
    return untracked.ok ? ok({ ...status.value, untracked: untracked.value }) : untracked;
  } finally {
    project.value.close();
  }
}

/** Whether data stands as it is recorded and committed, and the cache could give all of it back. */
export const isUnchanged = ({ notInCache, committed, uncommitted }: DataStatus): boolean =>
  notInCache.length === 0 && isNone(uncommitted) && (committed === undefined || isNone(committed));

const isNone = ({ added, modified, deleted }: DataChanges): boolean =>
  added.length + modified.length + deleted.length === 0;

/** Undefined outside git, and before the first commit. */
async function headTexts(root: string): Promise<Result<readonly GitText[] | undefined>> {
  if (!insideGit(root)) return ok(undefined);
  const head = await git(root, ['rev-parse', '--verify', '-q', 'HEAD^{commit}'], 'find HEAD');
  if (!head.ok) return ok(undefined);
  const revisions = { named: ['HEAD'], allBranches: false, allTags: false, allCommits: false };
  return textsAt(root, revisions, ['.lock', '.mlp', '.dvc']);
}

/** Files and folders that git does not track, ignored ones too, without those that mlp tracks. */
async function untrackedPaths(project: Project): Promise<Result<readonly string[], readonly Failure[]>> {
  const { root } = project.workspace;
  if (!insideGit(root)) return ok([]);
  const tracked = await allTracked(project);
  if (!tracked.ok) return tracked;
  const words = ['ls-files', '-z', '--others', '--directory', '--no-empty-directory'];
  const listed = await git(root, words, 'list what it does not track');
  if (!listed.ok) return err([listed.error]);
  const outs = project.graph.stages.flatMap((stage) => stage.outs);
  const known = [...outs, ...tracked.value].map(({ path }) => path);
  const isKnown = (path: string): boolean => known.some((each) => path === each || path.startsWith(`${each}/`));
  const own = /^(?:\.mlp|\.dvc|node_modules|\.venv)\/$/;
  return ok(listed.value.split('\0').filter((path) => path !== '' && !own.test(path) && !isKnown(path.replace(/\/$/, ''))));
}
