import type { StageConfig } from '../config/types.ts';
import { mostProblems } from '../core/failure-order.ts';
import { failure, type Failure } from '../core/failure.ts';
import type { IgnoreRules } from '../fs/ignore/ignore-rules.ts';

/** Outs that an ignore file leaves out: a stage that reads the directory around them would not see them change. */
export function ignoredOuts(stages: readonly StageConfig[], rules: IgnoreRules): Failure[] {
  const problems = stages.flatMap(({ name, outs }) =>
    outs.flatMap(({ path, at }): Failure[] => {
      const rule = rules.ruleAgainst(path);
      return rule === undefined ? [] : [failure('ignored-out', { path, stage: name, ...rule }, { at, stage: name })];
    }),
  );
  return problems.slice(0, mostProblems);
}
