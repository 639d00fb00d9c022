import type { Failure } from '../core/failure.ts';
import { ok, type Result } from '../core/result.ts';
import { selectTargets } from '../graph/select-targets.ts';
import { worksApart } from '../graph/work-apart.ts';
import type { Waiting } from './holding-lock.ts';
import type { Project } from './open-project.ts';
import type { ReproOptions } from './repro-types.ts';

/** Whom a run waits for: those who work on other stages; with `wait`, everybody. */
export function waitingFor(
  { graph }: Project,
  options: Pick<ReproOptions, 'targets' | 'reach' | 'wait' | 'onWait' | 'signal'>,
): Result<Waiting, readonly Failure[]> {
  const { targets, reach, wait, onWait, signal } = options;
  const selection = selectTargets(graph, targets, reach);
  if (!selection.ok) return selection;
  // Without targets it is all stages, also those that the pipeline file may have by then.
  const mine = targets.length === 0 ? undefined : [...selection.value.stages];
  return ok({
    ...(mine === undefined ? {} : { stages: mine }),
    waitsFor: ({ stages: theirs }) =>
      wait || (mine !== undefined && theirs !== undefined && worksApart(graph, mine, theirs)),
    onWait,
    signal,
  });
}
