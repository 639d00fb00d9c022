import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import type { CliContext } from '../context.ts';
import { reproCommand } from '../repro/repro-command.ts';
import type { ReproFlags } from '../repro/types.ts';

/** `mlp repro`: plan, run, record. */
export function command(context: CliContext): Command {
  return new Command('repro')
    .description('Run the stages whose inputs changed, restore what was built before, and record a run')
    .argument('[targets...]', 'stages, groups, globs or outs, with all above them; everything when none is named')
    .option('-f, --file <file>', 'pipeline file')
    .option('-j, --jobs <n>', 'stages to run at the same time', jobs, availableParallelism())
    .option('-n, --dry', 'only show what would run; changes nothing')
    .option('--force', 'run the targets and all above them, even if nothing changed')
    .option('-S, --set <key=value>', 'set a parameter in its params file first (repeatable)', collect)
    .option('--ci', 'plain grouped logs, and a Markdown report to a file and to the CI system')
    .option('--report <file>', 'where --ci writes its report', '.mlp/report.md')
    .option('-m, --message <text>', 'what this run is about, kept with it')
    .option('--json', 'print the outcome as JSON')
    .action(async (targets: string[], flags: ReproFlags) => {
      context.finish(await reproCommand(context, targets, flags));
    });
}

const collect = (word: string, before: readonly string[] = []): readonly string[] => [...before, word];

function jobs(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1024)
    throw new InvalidArgumentError('Give a number from 1 to 1024.');
  return count;
}
