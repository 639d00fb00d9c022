import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { listRuns, type ListWords } from '../experiments/list-runs.ts';
import { logOfRun } from '../experiments/run-log.ts';
import { showRun } from '../experiments/show-run.ts';
import { countOption } from '../options.ts';

/** `mlp runs`: what was run, one run in full, and what its stages printed. */
export function command(context: CliContext): Command {
  const runs = new Command('runs').description('Runs: a list of them, one in full, and what its stages printed.');
  runs
    .command('list', { isDefault: true })
    .description('Runs, newest first.')
    .option('-n, --last <count>', 'how many', countOption, 20)
    .option(
      '--where <condition>',
      'metrics.NAME >= VALUE, params.NAME = VALUE, tags.NAME = VALUE; may be repeated',
      collect,
    )
    .option('--status <status>', 'finished, failed, killed or running; may be repeated', collect)
    .option('--experiment <name>', 'only runs of this experiment')
    .option('--sort <metric>', 'highest first instead of newest first')
    .option('--ascending', 'with --sort: lowest first')
    .option('--before <number>', 'the page that follows the run with this number', countOption)
    .option('--json', 'print JSON')
    .action((words: ListWords) => listRuns(context, words));
  runs
    .command('show')
    .description('One run: stages, outputs, metrics, params and where it came from.')
    .argument('[run]', 'name, number, id, the start of one, or @N for the N-th newest', '@1')
    .option('--json', 'print JSON')
    .action((run: string, words: { json?: boolean }) => showRun(context, run, words.json === true));
  runs
    .command('log')
    .description('What the stages of a run printed; of a failed run, the stage that failed.')
    .argument('[run]', 'name, number, id, the start of one, or @N for the N-th newest', '@1')
    .argument('[stage]', 'one stage')
    .option('--json', 'print where the logs are as JSON')
    .action((run: string, stage: string | undefined, words: { json?: boolean }) =>
      logOfRun(context, { run, stage, json: words.json === true }),
    );
  return runs;
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];
