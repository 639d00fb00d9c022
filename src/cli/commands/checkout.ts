import { Command } from 'commander';
import { exitCode } from '../../core/exit-code.ts';
import { checkout } from '../../pipeline/data/checkout.ts';
import { renderCheckout } from '../../report/checkout.ts';
import type { CliContext } from '../context.ts';
import { changingProject } from '../data/changing-project.ts';
import { plainProblems } from '../data/plain-problems.ts';
import { printAll } from '../print-result.ts';
import { trackedByGit } from '../processes/git-tracked.ts';

interface CheckoutFlags {
  readonly file?: string;
  readonly force?: true;
  readonly relink?: true;
  readonly json?: true;
}

/** `mlp checkout`: outs and tracked data as lock file and records say. */
export function command(context: CliContext): Command {
  return new Command('checkout')
    .description('Bring outs and tracked data to what pipeline.lock and the records say; runs nothing')
    .argument('[targets...]', 'stages, groups, globs, outs or tracked data; everything when none is named')
    .option('-f, --file <file>', 'pipeline file')
    .option('--force', 'replace also files whose content no cache has')
    .option('--relink', 'place again what is right already')
    .option('--json', 'print what changed as JSON')
    .action(async (targets: string[], flags: CheckoutFlags) => {
      const done = await changingProject(context, flags.file, (project, working) =>
        checkout(project, {
          ...working,
          targets,
          force: flags.force === true,
          relink: flags.relink === true,
          trackedByGit: (paths) => trackedByGit(project.workspace.root, paths),
        }),
      );
      if (done.ok && done.value.problems.length > 0) context.failAll(done.value.problems);
      printAll(context, done, {
        json: flags.json === true,
        text: renderCheckout,
        data: ({ problems, ...rest }) => ({ ...rest, problems: plainProblems(problems) }),
        exit: ({ problems }) => (problems.length > 0 ? exitCode.stageFailed : exitCode.done),
      });
    });
}
