import type { ExitCode } from '../exit-code.ts';

/** One row of the failure table: how a reason is said, and the code it ends with. `D` is the data that tells one case from another. */
export interface FailureKind<D> {
  readonly exit: ExitCode;
  /** Status when it happens behind the server; such a reason may still end a command. */
  readonly http?: number;
  /** What happened. One line, no final stop. */
  message(detail: D): string;
  /** What to do now. One line, or nothing where the message says it. */
  next(detail: D): string | undefined;
}

export const kind = <D>(row: FailureKind<D>): FailureKind<D> => row;

/** `did you mean "a" or "b"?`, or nothing when no name is near. */
export const didYouMean = (names: readonly string[]): string | undefined =>
  names.length === 0 ? undefined : `did you mean ${names.map((name) => `"${name}"`).join(' or ')}?`;
