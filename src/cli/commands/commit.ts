import { Command } from 'commander';
import { exitCode } from '../../core/exit-code.ts';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { DifferingStage } from '../../pipeline/commit.ts';
import { differingLines, renderCommitted } from '../../report/committed.ts';
import { summariseReasons } from '../../report/reason.ts';
import type { CliContext } from '../context.ts';
import { changingProject } from '../data/changing-project.ts';
import { commitResults, type CommittedModels } from '../data/commit-results.ts';
import { printAll } from '../print-result.ts';

interface CommitFlags {
  readonly file?: string;
  readonly force?: true;
  readonly json?: true;
}

/** `mlp commit`: what stands in the workspace becomes what is recorded and stored. */
export function command(context: CliContext): Command {
  return new Command('commit')
    .description('Store recorded outs that the cache lacks, and record results that were made without mlp repro')
    .argument('[targets...]', 'stages, groups, globs or outs; everything when none is named')
    .option('-f, --file <file>', 'pipeline file')
    .option('--force', 'record inputs and outs as they stand, without asking')
    .option('--json', 'print what was recorded and stored as JSON')
    .action(async (targets: string[], flags: CommitFlags) => {
      const done = await changingProject(context, flags.file, (project) =>
        commitResults(context, project, {
          targets,
          env: context.env,
          accept: (differing) => (flags.force === true ? Promise.resolve(ok(undefined)) : accepted(context, differing)),
        }),
      );
      printAll<CommittedModels>(context, done, {
        json: flags.json === true,
        text: renderCommitted,
        data: ({ recorded, stored, unchanged, left, models }) => ({ recorded, stored, unchanged, left, models }),
        exit: ({ problems }) => (problems.length === 0 ? exitCode.done : context.failAll(problems)),
      });
    });
}

/** Asks on a terminal; elsewhere nobody can agree. */
async function accepted(context: CliContext, differing: readonly DifferingStage[]): Promise<Result<void>> {
  const question = `record ${differing.length === 1 ? 'it as it is' : 'them as they are'} now?`;
  if (context.confirm !== undefined) {
    context.log.write(`not as recorded:\n${differingLines(differing, context.log.columns)}`);
    if (await context.confirm(question)) return ok(undefined);
  }
  const differences = differing.map(({ stage, reasons }) => ({ stage, why: summariseReasons(reasons) }));
  return err(failure('not-as-recorded', { differences }));
}
