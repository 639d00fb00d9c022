import { existsSync } from 'node:fs';
import type { Artifact } from '../../core/artifact.ts';
import { failure, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { placeOf, type Workspace } from '../../core/workspace.ts';
import { garbageOf, removeGarbage, type GarbageOptions } from '../../pipeline/data/collect-garbage.ts';
import type { Project } from '../../pipeline/open-project.ts';
import type { Garbage } from '../../cache/sweep.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';
import { git } from '../processes/git.ts';
import { textsAt, type Revisions } from '../processes/git-files.ts';
import { insideGit } from '../processes/git-tracked.ts';
import { changingProject } from './changing-project.ts';

export interface GcOptions {
  readonly file: string | undefined;
  readonly revisions: Revisions;
  /** Milliseconds; runs that began earlier keep nothing. Undefined: all runs keep what they read and made. */
  readonly olderThanMs: number | undefined;
  readonly dry: boolean;
  /** Asks before anything goes. */
  readonly agree: (garbage: Garbage) => Promise<boolean>;
}

type Outcome = Result<Garbage, readonly Failure[]>;

/** Finds what nothing needs, asks, and removes it: found once more when the lock is held, for another mlp may have worked meanwhile. */
export async function gc(context: CliContext, options: GcOptions): Promise<Outcome> {
  const project = await openCalledProject(context, options.file);
  if (!project.ok) return project;
  const first = await look(context, project.value, options);
  project.value.close();
  if (!first.ok || options.dry || isNothing(first.value)) return first;
  if (!(await options.agree(first.value))) return err([failure('not-confirmed', { what: 'gc' })]);
  return changingProject<Garbage>(context, options.file, async (opened): Promise<Outcome> => {
    const garbage = await look(context, opened, options);
    if (!garbage.ok) return garbage;
    const removed = removeGarbage(opened, garbage.value);
    return removed.ok ? garbage : removed;
  });
}

const isNothing = ({ objects, entries, quarantine }: Garbage): boolean =>
  objects.length + entries.length + quarantine.length === 0;

async function look(context: CliContext, project: Project, options: GcOptions): Promise<Outcome> {
  const roots = await rootsOf(context, project, options);
  return roots.ok ? garbageOf(project, roots.value) : err([roots.error]);
}

async function rootsOf(
  context: CliContext,
  { workspace }: Project,
  options: GcOptions,
): Promise<Result<GarbageOptions>> {
  const revisions = await textsAtRevisions(workspace.root, options.revisions);
  if (!revisions.ok) return revisions;
  const named = existsSync(placeOf(workspace, 'store'))
    ? await namedByStore(context, workspace, options.olderThanMs)
    : ok([]);
  return named.ok ? ok({ revisions: revisions.value, named: named.value }) : named;
}

/** What was committed last counts without being asked for: the workspace's lock file may be changed and not committed. */
async function textsAtRevisions(root: string, revisions: Revisions): Promise<Result<GarbageOptions['revisions']>> {
  const endings = ['.lock', '.mlp', '.dvc'];
  if (!insideGit(root)) {
    return revisions.named.length === 0 ? ok([]) : textsAt(root, revisions, endings);
  }
  const head = await git(root, ['rev-parse', '--verify', '-q', 'HEAD^{commit}'], 'find HEAD');
  const named = head.ok ? [...revisions.named, 'HEAD'] : revisions.named;
  return textsAt(root, { ...revisions, named }, endings);
}

async function namedByStore(
  context: CliContext,
  workspace: Workspace,
  olderThanMs: number | undefined,
): Promise<Result<readonly Artifact[]>> {
  const store = await context.tracking(workspace);
  if (!store.ok) return store;
  const since = olderThanMs === undefined ? 0 : Date.now() - olderThanMs;
  const ofRuns = await store.value.recordedContent(since);
  await store.value.close();
  if (!ofRuns.ok) return ofRuns;
  const { openRegistry } = await import('../../registry/sqlite-registry.ts');
  const registry = openRegistry(placeOf(workspace, 'store'), { access: 'existing' });
  if (!registry.ok) return registry;
  const models = await registry.value.listModels();
  await registry.value.close();
  if (!models.ok) return models;
  const versions = models.value.flatMap((model) => model.versions);
  return ok([...ofRuns.value, ...versions.map(({ path, hash }) => ({ path, hash, size: 0, files: 0 }))]);
}
