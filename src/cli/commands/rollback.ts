import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { rollBack, type RollbackWords } from '../models/rollback.ts';

/** `mlp rollback`: takes back the last promotion. */
export function command(context: CliContext): Command {
  return new Command('rollback')
    .description('Put the version that was in Production before back there. Asks no gates.')
    .argument('[model]', 'which model, when there are several')
    .option('-m, --message <text>', 'why, for the audit trail', '')
    .option('--by <name>', 'who, for the audit trail; the user by default')
    .option('--json', 'print JSON')
    .action((model: string | undefined, words: RollbackWords) => rollBack(context, model, words));
}
