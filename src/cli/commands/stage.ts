import { Command } from 'commander';
import type { StageConfig } from '../../config/types.ts';
import { ok } from '../../core/result.ts';
import { renderStageList } from '../../report/stage-list.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';
import { printAll } from '../print-result.ts';

interface ListOptions {
  readonly file?: string;
  readonly json?: true;
}

/** `mlp stage list`: the stages as declared. */
export function command(context: CliContext): Command {
  const stage = new Command('stage').description('The stages of the pipeline');
  stage
    .command('list', { isDefault: true })
    .description('Every stage: what it does and what it makes')
    .option('-f, --file <file>', 'pipeline file')
    .option('--json', 'print the stages as JSON')
    .action((options: ListOptions) => list(context, options));
  return stage;
}

async function list(context: CliContext, options: ListOptions): Promise<void> {
  const project = await openCalledProject(context, options.file);
  if (project.ok) project.value.close();
  const stages = project.ok ? ok(project.value.config.stages) : project;
  printAll(context, stages, {
    json: options.json === true,
    text: renderStageList,
    data: (found) => found.map(plainStage),
  });
}

/** As it would be written, without the places in the file. */
function plainStage(stage: StageConfig): object {
  const { name, group, desc, cmd, wdir, frozen } = stage;
  return {
    name,
    ...(group === undefined ? {} : { group }),
    ...(desc === undefined ? {} : { desc }),
    cmd,
    wdir,
    frozen,
    deps: stage.deps.map(({ path }) => path),
    params: stage.params.map(({ file, keys }) => ({ file, keys: keys === 'all' ? keys : keys.map(({ key }) => key) })),
    outs: stage.outs.map(({ path, kind, cache, persist }) => ({ path, kind, cache, persist })),
  };
}
