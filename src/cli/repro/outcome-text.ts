import type { ReproFlags } from './types.ts';

/** The outcome as JSON; of many, each on a line of its own. */
export const outcomeText = (outcome: object, flags: Pick<ReproFlags, 'watch'>): string =>
  `${JSON.stringify(outcome, null, flags.watch === true ? undefined : 2)}\n`;
