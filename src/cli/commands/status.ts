import { Command } from 'commander';
import { exitCode, type ExitCode } from '../../core/exit-code.ts';
import { planProject } from '../../pipeline/plan-project.ts';
import { renderPlan } from '../../report/plan.ts';
import { styleFor } from '../../report/style.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';

interface StatusOptions {
  readonly file?: string;
  readonly check?: true;
  readonly json?: true;
}

/** `mlp status`: the plan with its reasons. */
export function command(context: CliContext): Command {
  return new Command('status')
    .description('Show what mlp repro would do, and why')
    .argument('[targets...]', 'stages, groups, globs or outs; all when none is named')
    .option('-f, --file <file>', 'pipeline file')
    .option('--check', 'exit with 3 when something is stale')
    .option('--json', 'print the plan as JSON')
    .action(async (targets: string[], options: StatusOptions) => {
      context.finish(await status(context, targets, options));
    });
}

async function status(context: CliContext, targets: readonly string[], options: StatusOptions): Promise<ExitCode> {
  const project = await openCalledProject(context, options.file);
  if (!project.ok) return context.failAll(project.error);
  const planned = await planProject(project.value, {
    targets,
    force: false,
    env: context.env,
    rebuildLock: true,
    expectData: true,
  });
  project.value.close();
  if (!planned.ok) return context.failAll(planned.error);
  const { plan } = planned.value;
  if (options.json === true) context.out.write(`${JSON.stringify(plan, null, 2)}\n`);
  else context.out.write(renderPlan(plan, { style: styleFor(context.out.colour), columns: context.out.columns }));
  const stale = plan.data !== undefined || plan.stages.some((stage) => stage.action !== 'skip');
  return stale && options.check === true ? exitCode.stale : exitCode.done;
}
