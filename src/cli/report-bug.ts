import { exitCode } from '../core/exit-code.ts';
import type { CliContext } from './context.ts';

/** The end of a command that met something it was not written for. */
export function reportBug(context: CliContext, error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  context.log.write(`mlp ${context.version} met a bug: please report it with these lines\n${text}\n`);
  context.finish(exitCode.bug);
}
