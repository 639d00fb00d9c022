import type { Failure } from '../core/failure.ts';
import { err, type Result } from '../core/result.ts';
import { places, placeOf } from '../core/workspace.ts';
import { recoverStageOuts } from '../execute/stage-outs.ts';
import { awaitWorkspace, lockWorkspace, type LockRequest } from '../execute/workspace-lock.ts';
import { removeTemporaryFiles } from '../fs/leftovers.ts';
import { ensureStateFolder } from '../fs/state-folder.ts';
import { systemProblem } from '../fs/system-problem.ts';
import type { Project } from './open-project.ts';

/** Whom to wait for when another process has the lock; without it, nobody. */
export type Waiting = Pick<LockRequest, 'stages' | 'waitsFor' | 'onWait' | 'signal'>;

/** Does the work as the only process that changes the workspace, after putting right what a killed one left. */
export async function holdingLock<T>(
  { workspace }: Pick<Project, 'workspace'>,
  options: { readonly command: string; readonly waiting?: Waiting },
  work: () => Promise<Result<T, readonly Failure[]>>,
): Promise<Result<T, readonly Failure[]>> {
  try {
    ensureStateFolder(workspace.root);
  } catch (error) {
    return err([systemProblem(error, { what: 'make', path: places.stateFolder })]);
  }
  const file = placeOf(workspace, 'processLock');
  const { command, waiting } = options;
  const lock =
    waiting === undefined ? lockWorkspace(file, command) : await awaitWorkspace({ file, command, ...waiting });
  if (!lock.ok) return err([lock.error]);
  try {
    const recovered = recoverStageOuts(workspace.root, placeOf(workspace, 'asideOuts'));
    if (!recovered.ok) return err([recovered.error]);
    for (const place of ['temporary', 'cacheTemporary'] as const) removeTemporaryFiles(placeOf(workspace, place));
    return await work();
  } finally {
    lock.value.release();
  }
}
