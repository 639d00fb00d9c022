import { exitCode, type ExitCode } from '../core/exit-code.ts';
import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import { styleFor, type Style } from '../report/style.ts';
import type { CliContext } from './context.ts';

/** What a renderer lays out for. */
export interface Screen {
  readonly style: Style;
  readonly columns: number;
}

export interface Printing<T> {
  readonly json: boolean;
  text(value: T, screen: Screen): string;
  /** What `--json` prints, when it is not the value itself. */
  data?(value: T): unknown;
  /** When it is not 0. */
  exit?(value: T): ExitCode;
}

/** Ends a command that prints one value: as text, as JSON, or its failure. */
export function printResult<T>(context: CliContext, result: Result<T>, printing: Printing<T>): void {
  if (!result.ok) {
    context.finish(context.fail(result.error));
    return;
  }
  const { out } = context;
  const screen = { style: styleFor(out.colour), columns: out.columns };
  const data = (): unknown => (printing.data === undefined ? result.value : printing.data(result.value));
  out.write(printing.json ? `${JSON.stringify(data(), null, 2)}\n` : printing.text(result.value, screen));
  context.finish(printing.exit?.(result.value) ?? exitCode.done);
}

/** As `printResult`, for work that may find several failures at once. */
export function printAll<T>(
  context: CliContext,
  result: Result<T, Failure | readonly Failure[]>,
  printing: Printing<T>,
): void {
  if (result.ok) {
    printResult(context, result, printing);
    return;
  }
  const { error } = result;
  context.finish('reason' in error ? context.fail(error) : context.failAll(error));
}
