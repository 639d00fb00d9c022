import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { dataToRestore } from './fetch-imports.ts';
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
  const missing = dataToRestore(project, options);
  if (!wasInterrupted(project.workspace) && missing.length === 0) {
    const planned = await planProject(project, options);
    if (!planned.ok) return planned;
    const { clean, strayEvidence } = planned.value;
    if (clean && !strayEvidence && options.writeTexts === undefined)
      return ok({ kind: 'up-to-date', planned: planned.value });
  }
  const [{ holdingLock }, { executeAndRecord }, { waitingFor }] = await Promise.all([
    import('./holding-lock.ts'),
    import('./run-plan.ts'),
    import('./share-workspace.ts'),
  ]);
  const waiting = waitingFor(project, options);
  if (!waiting.ok) return waiting;
  const carryOut = async (on: Project, planned: Planned): Promise<Outcome> =>
    planned.clean ? upToDate(on, planned) : executeAndRecord(on, planned, options);
  return holdingLock(project, { command: options.command, waiting: waiting.value }, async () => {
    const restored = missing.length === 0 ? ok(undefined) : await restoreMissing(project, missing, options);
    if (!restored.ok) return restored;
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

async function restoreMissing(
  project: Project,
  records: readonly string[],
  options: ReproOptions,
): Promise<Result<void, readonly Failure[]>> {
  const { restoreData } = await import('./data/restore-data.ts');
  return restoreData(project, records, options);
}

/** Nothing is to be done, but for entries of the lock file whose stages are gone. */
async function upToDate(project: Project, planned: Planned): Promise<Outcome> {
  const outcome: Outcome = ok({ kind: 'up-to-date', planned });
  if (!planned.strayEvidence) return outcome;
  const { lockWriterFor } = await import('./lock-writer-for.ts');
  const written = lockWriterFor(project, planned.evidence).flush();
  return written.ok ? outcome : err([written.error]);
}
