import { resolve } from 'node:path';
import { Argument, Command, Option } from 'commander';
import type { CliContext } from '../context.ts';
import { initProject } from '../init/init-project.ts';
import { templateNames, type TemplateName } from '../init/templates.ts';
import { printResult } from '../print-result.ts';
import { renderNewProject } from '../../report/new-project.ts';

interface InitOptions {
  readonly template: TemplateName;
  readonly json?: true;
}

/** `mlp init`: a working project in one command. */
export function command(context: CliContext): Command {
  return new Command('init')
    .description('Write a working project into a folder; overwrites nothing')
    .addArgument(new Argument('[dir]', 'the folder; made when it is not there').default('.', 'the current one'))
    .addOption(
      new Option(
        '-t, --template <name>',
        'sentiment: with mlp-cli/ml; python: the same stages with scikit-learn; empty: one small stage',
      )
        .choices(templateNames)
        .default('sentiment'),
    )
    .option('--json', 'print what was written as JSON')
    .action((dir: string, options: InitOptions) => {
      const made = initProject(resolve(context.cwd, dir), { folder: dir, template: options.template });
      printResult(context, made, { json: options.json === true, text: renderNewProject });
    });
}
