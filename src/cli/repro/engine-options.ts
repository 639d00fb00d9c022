import type { PlanOptions } from '../../pipeline/plan-project.ts';
import type { ReproOptions } from '../../pipeline/repro-types.ts';
import type { CliContext } from '../context.ts';
import type { ReproFlags } from './types.ts';

/** What the words of `mlp repro` ask of the planner; the same for a dry run and a real one. */
export function planOptions(context: CliContext, targets: readonly string[], flags: ReproFlags): PlanOptions {
  return {
    targets,
    reach: flags.singleItem === true ? 'alone' : flags.downstream === true ? 'below' : 'above',
    force: flags.force === true,
    forceDownstream: flags.forceDownstream === true,
    runCache: flags.runCache,
    commit: flags.commit,
    env: context.env,
    rebuildLock: true,
  };
}

/** What becomes of the other stages when one fails. */
export function onFailure(flags: ReproFlags): NonNullable<ReproOptions['onFailure']> {
  if (flags.ignoreErrors === true) return 'ignore';
  if (flags.keepGoing === true) return 'keep-going';
  return flags.failFast === true ? 'end-running' : 'finish-running';
}
