import type { Command, CommanderError } from 'commander';
import { exitCode, type ExitCode } from '../core/exit-code.ts';
import { failure } from '../core/failure.ts';
import type { CliContext } from './context.ts';

/** Lets commander read the words after the command's name and call its action; its complaints become failures. */
export async function parseWords(command: Command, words: readonly string[], context: CliContext): Promise<void> {
  const path = nameOf(command);
  // So that usage lines read as they are typed.
  command.name(`mlp ${path}`);
  for (const each of allOf(command)) {
    each.exitOverride().configureOutput({
      writeOut: (text) => {
        context.out.write(text);
      },
      writeErr: () => undefined,
      getOutHelpWidth: () => context.out.columns,
      getOutHasColors: () => context.out.colour,
    });
  }
  try {
    await command.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (!isComplaint(error)) throw error;
    context.finish(endedBy(error, path, context));
  }
}

/** By its code, because a command's own chunk has a copy of commander of its own. */
const isComplaint = (error: unknown): error is CommanderError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('commander.');

function endedBy(error: CommanderError, command: string, context: CliContext): ExitCode {
  if (error.exitCode === 0) return exitCode.done;
  if (error.code === 'commander.help') return exitCode.usage;
  const problem = error.message.replace(/^error: /, '').replace(/\n\(?(.+?)\)?$/, ' ($1)');
  return context.fail(failure('wrong-usage', { problem, command }));
}

const nameOf = (command: Command): string => command.name();

const allOf = (command: Command): Command[] => [command, ...command.commands.flatMap(allOf)];
