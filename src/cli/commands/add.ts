import { Command } from 'commander';
import { renderAdded } from '../../report/added.ts';
import type { CliContext } from '../context.ts';
import { addPaths } from '../data/add-paths.ts';
import { printAll } from '../print-result.ts';

interface AddOptions {
  readonly file?: string;
  readonly json?: true;
}

/** `mlp add`: data that no stage makes, by content. */
export function command(context: CliContext): Command {
  return new Command('add')
    .description(
      'Track files or folders that no stage makes: their content goes into the cache, PATH.mlp says what it is.\n' +
        'The record belongs in git; the data goes into .gitignore. Add again after a change.',
    )
    .argument('<paths...>', 'files or folders of the project')
    .option('-f, --file <file>', 'pipeline file')
    .option('--json', 'print what was added as JSON')
    .action(async (paths: string[], options: AddOptions) => {
      printAll(context, await addPaths(context, paths, options.file), {
        json: options.json === true,
        text: renderAdded,
        data: (added) => added.map(({ artifact, ...rest }) => ({ ...artifact, ...rest })),
      });
    });
}
