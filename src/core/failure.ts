import type { StageName } from './brands.ts';
import type { ExitCode } from './exit-code.ts';
import { commandFailures } from './failures/command.ts';
import { configFailures } from './failures/config.ts';
import { dataFailures } from './failures/data.ts';
import { engineFailures } from './failures/engine.ts';
import type { FailureKind } from './failures/kind.ts';
import { plotFailures } from './failures/plots.ts';
import { learningFailures } from './failures/learning.ts';
import { servingFailures } from './failures/serving.ts';
import { trackingFailures } from './failures/tracking.ts';
import { transferFailures } from './failures/transfer.ts';
import type { SourceRange } from './source-range.ts';

/** Every expected failure, with its message, its next step and its code. docs/errors.md is tested against it. */
export const failureTable = {
  ...commandFailures,
  ...configFailures,
  ...engineFailures,
  ...trackingFailures,
  ...learningFailures,
  ...servingFailures,
  ...transferFailures,
  ...plotFailures,
  ...dataFailures,
};

type Table = typeof failureTable;
export type FailureReason = keyof Table;
type DetailOf<R extends FailureReason> = Table[R] extends FailureKind<infer D> ? D : never;

interface Whereabouts {
  readonly at?: SourceRange;
  readonly stage?: StageName;
}

/** An expected failure as data: told apart by `reason`, placed by `at` and `stage`. */
export type Failure = {
  [R in FailureReason]: Whereabouts & { readonly reason: R; readonly detail: DetailOf<R> };
}[FailureReason];

/** Builds a failure. `where` may hold undefined members; they are left out. */
export function failure<R extends FailureReason>(
  reason: R,
  detail: DetailOf<R>,
  where: { readonly at?: SourceRange | undefined; readonly stage?: StageName | undefined } = {},
): Failure {
  return {
    reason,
    detail,
    ...(where.at === undefined ? {} : { at: where.at }),
    ...(where.stage === undefined ? {} : { stage: where.stage }),
  } as Failure;
}

const rowOf = (problem: Failure): FailureKind<unknown> => failureTable[problem.reason];

export const failureMessage = (problem: Failure): string => rowOf(problem).message(problem.detail);
export const failureNext = (problem: Failure): string | undefined => rowOf(problem).next(problem.detail);
export const failureExit = (problem: Failure): ExitCode => rowOf(problem).exit;
export const failureHttp = (problem: Failure): number => rowOf(problem).http ?? 500;
