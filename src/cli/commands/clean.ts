import { Command } from 'commander';
import { exitCode } from '../../core/exit-code.ts';
import { clean } from '../../pipeline/data/clean.ts';
import { renderCleaned } from '../../report/cleaned.ts';
import type { CliContext } from '../context.ts';
import { changingProject } from '../data/changing-project.ts';
import { plainProblems } from '../data/plain-problems.ts';
import { printAll } from '../print-result.ts';

interface CleanFlags {
  readonly file?: string;
  readonly force?: true;
  readonly dry?: true;
  readonly json?: true;
}

/** `mlp clean`: the workspace without outs. */
export function command(context: CliContext): Command {
  return new Command('clean')
    .description('Remove outs of stages from the workspace; mlp checkout puts them back from the cache')
    .argument('[targets...]', 'stages, groups, globs or outs; everything when none is named')
    .option('-f, --file <file>', 'pipeline file')
    .option('--force', 'remove also what no cache has, and outs with cache: false')
    .option('-n, --dry', 'only show what would go')
    .option('--json', 'print what was removed as JSON')
    .action(async (targets: string[], flags: CleanFlags) => {
      const options = { targets, force: flags.force === true, dry: flags.dry === true };
      const done = await changingProject(context, flags.file, (project) => clean(project, options));
      if (done.ok && done.value.problems.length > 0) context.failAll(done.value.problems);
      printAll(context, done, {
        json: flags.json === true,
        text: renderCleaned,
        data: ({ problems, ...rest }) => ({ ...rest, problems: plainProblems(problems) }),
        exit: ({ problems }) => (problems.length > 0 ? exitCode.stageFailed : exitCode.done),
      });
    });
}
