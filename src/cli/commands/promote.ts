import { Command, InvalidArgumentError } from 'commander';
import type { CliContext } from '../context.ts';
import { promoteVersion, type PromoteWords } from '../models/promote.ts';

/** `mlp promote`: asks the gates and moves a version on. */
export function command(context: CliContext): Command {
  return new Command('promote')
    .description('Ask the gates about a model version and move it to Production (or Staging). Exit 4 when they refuse.')
    .argument('[version]', 'MODEL, MODEL@v2, or v2; by default the best version in Staging of the only model')
    .option('--to <stage>', 'staging or production', stageOption, 'Production')
    .option('-m, --message <text>', 'why, for the audit trail', '')
    .option('--by <name>', 'who, for the audit trail; the user by default')
    .option('--json', 'print JSON')
    .action((version: string | undefined, words: PromoteWords) => promoteVersion(context, version, words));
}

function stageOption(text: string): PromoteWords['to'] {
  if (text.toLowerCase() === 'staging') return 'Staging';
  if (text.toLowerCase() === 'production') return 'Production';
  throw new InvalidArgumentError('It must be staging or production.');
}
