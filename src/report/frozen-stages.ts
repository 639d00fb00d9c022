import { plainLine } from './terminal-text.ts';

/** What `mlp freeze` or `mlp unfreeze` did. */
export interface FrozenStages {
  readonly frozen: boolean;
  /** Stages and groups, as they were named. */
  readonly changed: readonly string[];
  /** Those that were so before. */
  readonly unchanged: readonly string[];
  /** Pipeline files that were changed. */
  readonly files: readonly string[];
}

/** What was changed, where, and what was so before; every line ended. */
export function renderFrozenStages({ frozen, changed, unchanged, files }: FrozenStages): string {
  const word = frozen ? 'frozen' : 'no longer frozen';
  const lines = [
    ...(changed.length === 0 ? [] : [`${word}: ${changed.join(', ')} (${files.join(', ')})`]),
    ...(unchanged.length === 0 ? [] : [`${frozen ? 'frozen' : 'not frozen'} before: ${unchanged.join(', ')}`]),
  ];
  return lines.map((line) => `  ${plainLine(line)}\n`).join('');
}
