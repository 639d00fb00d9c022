import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from '../../core/exit-code.ts';
import type { TraceMode } from '../../core/trace.ts';
import type { CliContext } from '../context.ts';
import { reproCommand } from '../repro/repro-command.ts';
import type { ReproFlags } from '../repro/types.ts';

/** `mlp repro`: plan, run, record. */
export function command(context: CliContext): Command {
  // `--trace train` means to trace while train runs: of the words behind --trace only "strict" belongs to it.
  const afterTrace: string[] = [];
  const traceMode = (word: string): TraceMode => {
    if (word === 'strict') return 'strict';
    if (word !== '') afterTrace.push(word);
    return 'warn';
  };
  return new Command('repro')
    .description('Run the stages whose inputs changed, restore what was built before, and record a run')
    .argument(
      '[targets...]',
      'stages, groups, globs or outs, with all above them; all of the pipeline file when none is named',
    )
    .option('-f, --file <file>', 'pipeline file')
    .option('-j, --jobs <n>', 'stages to run at the same time', jobs, availableParallelism())
    .option('-P, --all-pipelines', 'the stages of all pipeline files, not only of the nearest one')
    .option('-n, --dry', 'only show what would run; changes nothing')
    .option('--wait', 'wait for another mlp that works here, even on the same stages')
    .option('--force', 'run the targets and all above them, even if nothing changed')
    .option('--force-downstream', 'run all that is below a stage that changed, even if its own inputs did not')
    .addOption(
      new Option('--downstream', 'begin with the targets and go on with all below them').conflicts('singleItem'),
    )
    .option('-s, --single-item', 'only the targets, one by one, in the order given')
    .addOption(
      new Option('-k, --keep-going', 'after a failure, go on with all that does not need the failed stage').conflicts([
        'ignoreErrors',
        'failFast',
      ]),
    )
    .addOption(
      new Option(
        '--ignore-errors',
        'after a failure, go on with everything, also what needs the failed stage',
      ).conflicts('failFast'),
    )
    .option('--fail-fast', 'after a failure, end the stages that run too')
    .addOption(
      new Option('--trace [strict]', 'tell which files stages use without declaring them; strict: fail those stages')
        .argParser(traceMode)
        .preset(''),
    )
    .addOption(new Option('--watch', 'run again whenever what the pipeline reads has changed').conflicts(['dry', 'ci']))
    .option('--no-run-cache', 'run stages although their results are known')
    .option('--no-commit', 'record results without storing them in the cache; mlp commit stores them')
    .option('-S, --set <key=value>', 'set a parameter in its params file first (repeatable)', collect)
    .option('--ci', 'plain grouped logs, and a Markdown report to a file and to the CI system')
    .option('--report <file>', 'where --ci writes its report', '.mlp/report.md')
    .option('-m, --message <text>', 'what this run is about, kept with it')
    .option('--json', 'print the outcome as JSON')
    .action(async (targets: string[], flags: ReproFlags) => {
      const all = [...afterTrace, ...targets];
      context.finish(await (flags.watch === true ? watched(context, all, flags) : reproCommand(context, all, flags)));
    });
}

async function watched(context: CliContext, targets: readonly string[], flags: ReproFlags): Promise<ExitCode> {
  const { watchRepro } = await import('../watch/watch-repro.ts');
  return watchRepro(context, targets, flags, (called, given, round) => reproCommand(called, targets, given, round));
}

const collect = (word: string, before: readonly string[] = []): readonly string[] => [...before, word];

function jobs(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1 || count > 1024)
    throw new InvalidArgumentError('Give a number from 1 to 1024.');
  return count;
}
