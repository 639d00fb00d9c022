import { failure, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { removeOwn } from '../../fs/remove.ts';
import type { FetchImportsOptions } from '../fetch-imports.ts';
import type { Project } from '../open-project.ts';
import { Contents } from './content-of.ts';
import { leftOver } from './left-over.ts';
import { recordedState, type Recorded } from './recorded.ts';
import { bringBack } from './restore-data.ts';
import { unsavedFiles } from './unsaved.ts';

export interface CheckoutOptions extends FetchImportsOptions {
  readonly targets: readonly string[];
  /** Replace also what no cache has. */
  readonly force: boolean;
  /** Place again what is right already, with the links of today's configuration. */
  readonly relink: boolean;
  /** Which of these paths git tracks. */
  readonly trackedByGit: (paths: readonly string[]) => Promise<Result<readonly string[]>>;
}

export interface Checkout {
  /** In order of paths; what left-overs were removed comes last. */
  readonly changes: readonly { readonly path: string; readonly change: 'added' | 'modified' | 'deleted' | 'relinked' }[];
  readonly unchanged: number;
  /** Stages that have no outs to put back yet. */
  readonly neverBuilt: readonly string[];
  /** What could not be done; all the rest was. */
  readonly problems: readonly Failure[];
}

type Step = Result<Checkout['changes'][number]['change'] | 'unchanged'>;

/**
 * Brings outs and tracked data to what lock file and records say. Nothing is lost: content that no cache has is left alone and told.
 * Only for the holder of the workspace's lock. Killed in the middle, it is simply done again.
 */
export async function checkout(
  project: Project,
  options: CheckoutOptions,
): Promise<Result<Checkout, readonly Failure[]>> {
  const state = await recordedState(project, options.targets);
  if (!state.ok) return state;
  const contents = new Contents(project);
  const changes: Checkout['changes'][number][] = [];
  const problems: Failure[] = [];
  let unchanged = 0;
  for (const item of state.value.items) {
    const step = await checkOutOne(project, contents, { item, options });
    if (!step.ok) problems.push(step.error);
    else if (step.value === 'unchanged') unchanged++;
    else changes.push({ path: item.path, change: step.value });
  }
  if (options.targets.length === 0) {
    const removed = await removeLeftOver(project, state.value.items, options);
    if (!removed.ok) problems.push(removed.error);
    else for (const path of removed.value) changes.push({ path, change: 'deleted' });
  }
  return ok({ changes, unchanged, neverBuilt: state.value.neverBuilt, problems });
}

async function checkOutOne(
  project: Project,
  contents: Contents,
  { item, options }: { readonly item: Recorded; readonly options: CheckoutOptions },
): Promise<Step> {
  const standing = await project.hasher.artifact(item.path);
  if (!standing.ok) return standing;
  const now = standing.value;
  const holds = now === undefined ? ok(false) : await contents.holds(item.content, now);
  if (!holds.ok) return holds;
  // What is not kept in a cache is for git, or for the stage, to bring back.
  if (!item.cache) return ok('unchanged');
  if (holds.value && !options.relink) return ok('unchanged');
  if (now !== undefined && !holds.value && !options.force) {
    const unsaved = await unsavedFiles(project, contents, now);
    if (!unsaved.ok) return unsaved;
    if (unsaved.value.length > 0) return err(failure('unsaved-data', { path: item.path, files: unsaved.value }));
  }
  const back = await bringBack(project, contents, { data: item, options });
  if (!back.ok) return back.error.reason === 'data-not-cached' ? notCached(item, holds.value) : back;
  return ok(now === undefined ? 'added' : holds.value ? 'relinked' : 'modified');
}

function notCached({ path, record, stage, content }: Recorded, holds: boolean): Step {
  if (holds) return ok('unchanged');
  if (stage === undefined || content.by !== 'sha256') return err(failure('data-not-cached', { path, record }));
  return err(failure('cache-object-missing', { path, hash: content.artifact.hash }, { stage }));
}

async function removeLeftOver(
  project: Project,
  items: readonly Recorded[],
  { trackedByGit }: Pick<CheckoutOptions, 'trackedByGit'>,
): Promise<Result<readonly string[]>> {
  const found = await leftOver(project, items);
  if (!found.ok) return found;
  const paths = found.value.map(({ path }) => path);
  const inGit = await trackedByGit(paths);
  if (!inGit.ok) return inGit;
  const isInGit = (path: string): boolean => inGit.value.some((file) => file === path || file.startsWith(`${path}/`));
  const removed: string[] = [];
  for (const path of paths) {
    if (isInGit(path)) continue;
    const done = removeOwn(project.workspace.root, path);
    if (!done.ok) return done;
    removed.push(path);
  }
  return ok(removed);
}
