import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { fetchImports, importsToFetch } from './fetch-imports.ts';
import type { Project } from './open-project.ts';
import { planProject, wasInterrupted, type Planned } from './plan-project.ts';
import type { ReproOptions, ReproOutcome } from './repro-types.ts';

type Outcome = Result<ReproOutcome, readonly Failure[]>;

/**
 * Plans, runs what is stale and records it. Nothing is changed before the workspace's lock is held, and nothing at all when all is up
 * to date; then the code that runs stages is not even read.
 */
export async function repro(project: Project, options: ReproOptions): Promise<Outcome> {
  // What a killed mlp left half done may not even be plannable; it is put right first, below.
  const imports = importsToFetch(project, options.targets);
  if (!wasInterrupted(project.workspace) && imports.length === 0) {
    const planned = await planProject(project, options);
    if (!planned.ok) return planned;
    if (planned.value.clean && options.writeTexts === undefined)
      return ok({ kind: 'up-to-date', planned: planned.value });
  }
  const { holdingLock, executeAndRecord } = await import('./run-plan.ts');
  const carryOut = async (on: Project, planned: Planned): Promise<Outcome> =>
    planned.clean ? ok({ kind: 'up-to-date', planned }) : executeAndRecord(on, planned, options);
  return holdingLock(project, options, async () => {
    const fetched = imports.length === 0 ? ok(undefined) : await fetchImports(project, imports, options);
    if (!fetched.ok) return fetched;
    // Once more: another process may have worked here until now, and what it left counts.
    const again = await planProject(project, options);
    if (!again.ok) return again;
    const { writeTexts } = options;
    if (writeTexts === undefined) return carryOut(project, again.value);
    const written = writeTexts();
    if (!written.ok) return err([written.error]);
    // From here on the files themselves count: they may be deps, and stages read them.
    const settled = { ...project, texts: new Map<string, string>() };
    const planned = await planProject(settled, options);
    const outcome = planned.ok ? await carryOut(settled, planned.value) : planned;
    return outcome.ok ? outcome : err([...outcome.error, ...written.value()]);
  });
}
