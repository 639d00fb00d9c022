import { exitCode } from '../core/exit-code.ts';
import { failure } from '../core/failure.ts';
import { nearestNames } from '../core/nearest.ts';
import { commands } from './commands.ts';
import type { CliContext } from './context.ts';

/** Finds the command that the words name, reads its code, and runs it. */
export async function runCommand(context: CliContext): Promise<void> {
  const [name, ...words] = context.argv;
  if (name === '--version' || name === '-V' || name === 'version') {
    context.out.write(`${context.version}\n`);
    context.finish(exitCode.done);
    return;
  }
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && words.length === 0)) {
    const { renderHelp } = await import('./help.ts');
    context.out.write(renderHelp(context));
    context.finish(name === undefined ? exitCode.usage : exitCode.done);
    return;
  }
  // Not in the list of commands, since it reads that list.
  if (name === '__complete') {
    const { answerTab } = await import('./completion/answer-tab.ts');
    await answerTab(context, words);
    return;
  }
  await callNamed(context, name === 'help' ? [words[0] ?? '', '--help'] : [name, ...words]);
}

async function callNamed(context: CliContext, [name = '', ...words]: readonly string[]): Promise<void> {
  const entry = commands.find((command) => command.name === name);
  if (entry === undefined) {
    const visible = commands.filter((command) => command.group !== 'hidden').map((command) => command.name);
    context.finish(context.fail(failure('unknown-command', { name, near: nearestNames(name, visible) })));
    return;
  }
  const module = await entry.load();
  const command = module.command(context);
  const { parseWords } = await import('./parse-words.ts');
  await parseWords(command, words, context);
}
