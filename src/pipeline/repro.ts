import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { fetchImports, importsToFetch } from './fetch-imports.ts';
import type { Project } from './open-project.ts';
import { planProject, wasInterrupted } from './plan-project.ts';
import type { ReproOptions, ReproOutcome } from './repro-types.ts';

/**
 * Plans, runs what is stale and records it. Nothing is changed before the workspace's lock is held, and nothing at all when all is up
 * to date; then the code that runs stages is not even read.
 */
export async function repro(
  project: Project,
  options: ReproOptions,
): Promise<Result<ReproOutcome, readonly Failure[]>> {
  // What a killed mlp left half done may not even be plannable; it is put right first, below.
  const imports = importsToFetch(project, options.targets);
  if (!wasInterrupted(project.workspace) && imports.length === 0) {
    const planned = await planProject(project, options);
    if (!planned.ok) return planned;
    if (planned.value.clean) return ok({ kind: 'up-to-date', planned: planned.value });
  }
  const { holdingLock, executeAndRecord } = await import('./run-plan.ts');
  return holdingLock(project, options, async () => {
    const fetched = imports.length === 0 ? ok(undefined) : await fetchImports(project, imports, options);
    if (!fetched.ok) return fetched;
    // Once more: another process may have worked here until now, and what it left counts.
    const again = await planProject(project, options);
    if (!again.ok) return again;
    if (again.value.clean) return ok({ kind: 'up-to-date', planned: again.value });
    return executeAndRecord(project, again.value, options);
  });
}
