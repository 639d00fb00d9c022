import { Command } from 'commander';
import { renderFrozenStages } from '../../report/frozen-stages.ts';
import type { Project } from '../../pipeline/open-project.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';
import { printAll } from '../print-result.ts';

interface FreezeOptions {
  readonly file?: string;
  readonly json?: true;
}

/** `mlp freeze` and `mlp unfreeze`, which differ in nothing but their direction. */
export function freezeCommand(context: CliContext, frozen: boolean): Command {
  return new Command(frozen ? 'freeze' : 'unfreeze')
    .description(
      frozen
        ? 'Leave stages as they are: mlp repro neither checks nor runs them'
        : 'Let mlp repro check and run frozen stages again',
    )
    .argument('<stages...>', 'names of stages or of groups')
    .option('-f, --file <file>', 'pipeline file')
    .option('--json', 'print what was changed as JSON')
    .action(async (names: string[], options: FreezeOptions) => {
      const project = await openCalledProject(context, options.file);
      const { freezeStages } = await import('./freeze-stages.ts');
      const result = project.ok
        ? freezeStages(
            { root: project.value.workspace.root, stages: project.value.config.stages },
            names.map((name) => fullName(project.value, name)),
            frozen,
          )
        : project;
      if (project.ok) project.value.close();
      printAll(context, result, { json: options.json === true, text: renderFrozenStages });
    });
}

/** A stage or group of the file that the command was called with may be named without it. */
function fullName({ graph }: Project, name: string): string {
  const full = graph.home + name;
  return graph.stages.some((stage) => stage.name === full || stage.group === full) ? full : name;
}
