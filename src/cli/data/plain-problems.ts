import { failureMessage, type Failure } from '../../core/failure.ts';

/** Failures of single paths for `--json`, beside what went well. */
export const plainProblems = (problems: readonly Failure[]): object[] =>
  problems.map((problem) => ({ reason: problem.reason, ...problem.detail, message: failureMessage(problem) }));
