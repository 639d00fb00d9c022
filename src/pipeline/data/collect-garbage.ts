import { Md5Index } from '../../cache/md5-index.ts';
import { findGarbage, reachable, sweep, type Garbage } from '../../cache/sweep.ts';
import type { Artifact } from '../../core/artifact.ts';
import type { Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { placeOf } from '../../core/workspace.ts';
import { systemProblem } from '../../fs/system-problem.ts';
import { parseLock } from '../../record/lock-file.ts';
import type { Project } from '../open-project.ts';
import { contentOfLocks, isOwnLock } from './lock-content.ts';
import { allTracked } from './recorded.ts';
import { parseTracked, type TrackedData } from './tracked-data.ts';

/** Lock files and records of git revisions. */
export interface RevisionText {
  readonly path: string;
  readonly text: string;
}

export interface GarbageOptions {
  readonly revisions: readonly RevisionText[];
  /** Content that runs and model versions name. */
  readonly named: readonly Artifact[];
}

/**
 * What nothing needs: neither the workspace's lock files and records, nor those of the revisions, nor runs or models. A lock file of the
 * workspace or of a revision that cannot be read stops it, for what it names is not known.
 */
export async function garbageOf(
  project: Project,
  options: GarbageOptions,
): Promise<Result<Garbage, readonly Failure[]>> {
  const tracked = await allTracked(project);
  if (!tracked.ok) return tracked;
  const own = await contentOfLocks(project);
  if (!own.ok) return err([own.error]);
  const past = await contentOf(options.revisions);
  if (!past.ok) return err([past.error]);
  const index = new Md5Index(placeOf(project.workspace, 'cache'));
  const data = [...tracked.value, ...past.value.tracked].flatMap((each) => artifactsOf(each, index));
  try {
    const cache = { folder: placeOf(project.workspace, 'cache'), objects: project.objects };
    const kept = reachable(cache, [...own.value.outs, ...own.value.deps, ...past.value.outs, ...data, ...options.named]);
    return ok(findGarbage(cache, kept, own.value.outs));
  } catch (error) {
    return err([systemProblem(error, { what: 'read', path: '.mlp/cache' })]);
  }
}

/** Removes it. Only for the holder of the workspace's lock, and right after it was found. */
export function removeGarbage(project: Project, garbage: Garbage): Result<void, readonly Failure[]> {
  try {
    sweep({ folder: placeOf(project.workspace, 'cache'), objects: project.objects }, garbage);
    return ok(undefined);
  } catch (error) {
    return err([systemProblem(error, { what: 'remove from', path: '.mlp/cache' })]);
  }
}

function artifactsOf({ path, content }: TrackedData, index: Md5Index): Artifact[] {
  return content.by === 'sha256' ? [content.artifact] : index.find(content.md5).map((known) => ({ path, ...known }));
}

async function contentOf(
  texts: readonly RevisionText[],
): Promise<Result<{ outs: readonly Artifact[]; tracked: readonly TrackedData[] }>> {
  const outs: Artifact[] = [];
  const tracked: TrackedData[] = [];
  for (const { path, text } of texts) {
    if (path.endsWith('.lock')) {
      if (!isOwnLock(text)) continue;
      const lock = await parseLock(text, path);
      // A conflict that was committed cannot be resolved any more, and names what other revisions name.
      if (!lock.ok && lock.error.reason !== 'lock-file-conflict') return lock;
      if (lock.ok) for (const entry of lock.value.values()) outs.push(...entry.outs, ...entry.deps);
    } else {
      const read = await parseTracked(text, path);
      if (read.ok) tracked.push(...read.value);
    }
  }
  return ok({ outs, tracked });
}
