import { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { compare, type CompareWords } from '../experiments/compare.ts';
import { countOption } from '../options.ts';

/** `mlp compare`: runs side by side. */
export function command(context: CliContext): Command {
  return new Command('compare')
    .description('Runs side by side: the params that differ, and metrics against the first of them.')
    .argument('[runs...]', 'names, numbers, ids, or @N for the N-th newest; the first is the baseline')
    .option('-n, --last <count>', 'without runs: how many of the newest that finished', countOption, 5)
    .option('--metric <name>', 'by which metric the best is marked')
    .option('--minimise', 'the lowest is the best')
    .option('--maximise', 'the highest is the best')
    .option('--all', 'also metrics with a dot in their name')
    .option('--md', 'print Markdown')
    .option('--json', 'print JSON')
    .action((runs: string[], words: CompareWords) => compare(context, runs, words));
}
