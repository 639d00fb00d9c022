import { Command, Option } from 'commander';
import { failureMessage, type Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import { connectedWith } from '../../graph/connected.ts';
import { selectTargets } from '../../graph/select-targets.ts';
import type { Project } from '../../pipeline/open-project.ts';
import { planProject } from '../../pipeline/plan-project.ts';
import { dagDot, dagMermaid } from '../../report/dag/dag-markup.ts';
import { renderDag } from '../../report/dag/dag-text.ts';
import type { DagView } from '../../report/dag/dag-view.ts';
import { plannedWord, type PlannedWord } from '../../report/plan.ts';
import type { CliContext } from '../context.ts';
import { outsView, stagesView } from '../dag/dag-views.ts';
import { openCalledProject } from '../open.ts';
import { printAll } from '../print-result.ts';

interface DagOptions {
  readonly file?: string;
  readonly mermaid?: true;
  readonly dot?: true;
  readonly md?: true;
  readonly states?: true;
  readonly full?: true;
  readonly outs?: true;
  readonly json?: true;
}

/** `mlp dag`: the stage graph, drawn or as markup. */
export function command(context: CliContext): Command {
  return new Command('dag')
    .description('Draw the stages and what flows between them')
    .argument('[targets...]', 'stages, groups, globs or outs, with all above them; everything when none is named')
    .option('-f, --file <file>', 'pipeline file')
    .option('--full', 'all that the targets are connected with, also below them and beside')
    .option('-o, --outs', 'what the stages make, in place of the stages')
    .addOption(new Option('--mermaid', 'a Mermaid flowchart').conflicts(['dot', 'md', 'json']))
    .addOption(new Option('--md', 'the same as a block of Markdown').conflicts(['dot', 'json']))
    .addOption(new Option('--dot', "Graphviz' language").conflicts(['json']))
    .option('--states', 'with --mermaid, --md or --dot: colour what would run')
    .option('--json', 'print nodes and edges as JSON')
    .action(async (targets: string[], options: DagOptions) => {
      const view = await dagOf(context, targets, options);
      printAll(context, view, {
        json: options.json === true,
        text: (found, screen) => {
          if (options.md === true) return markdownBlock(dagMermaid(found));
          if (options.mermaid === true) return dagMermaid(found);
          return options.dot === true ? dagDot(found) : renderDag(found, screen);
        },
      });
    });
}

async function dagOf(
  context: CliContext,
  targets: readonly string[],
  options: DagOptions,
): Promise<Result<DagView, readonly Failure[]>> {
  const project = await openCalledProject(context, options.file);
  if (!project.ok) return project;
  try {
    const selection = selectTargets(project.value.graph, targets);
    if (!selection.ok) return selection;
    // Markup goes into documents, which should not change with what happens to be stale.
    const stateless = (options.mermaid ?? options.md ?? options.dot) === true && options.states !== true;
    const { graph } = project.value;
    const selected = options.full === true ? connectedWith(graph, selection.value.stages) : selection.value.stages;
    const planned = options.full === true ? [...selected] : targets;
    const states = stateless ? new Map<string, PlannedWord>() : await statesOf(context, project.value, planned);
    return ok(options.outs === true ? outsView(graph, selected, states) : stagesView(graph, selected, states));
  } finally {
    project.value.close();
  }
}

const markdownBlock = (text: string): string => `\`\`\`mermaid\n${text}\`\`\`\n`;

/** A graph can be drawn of a project that cannot be planned (a dep is missing, say): then it is drawn without states. */
async function statesOf(
  context: CliContext,
  project: Project,
  targets: readonly string[],
): Promise<ReadonlyMap<string, PlannedWord>> {
  const planned = await planProject(project, {
    targets,
    force: false,
    env: context.env,
    rebuildLock: true,
    expectData: true,
  });
  if (planned.ok) return new Map(planned.value.plan.stages.map((stage) => [stage.stage, plannedWord(stage)]));
  const [first] = planned.error;
  const why = first === undefined ? '' : `: ${failureMessage(first)}`;
  context.log.write(`warning: drawn without what would run${why}\n`);
  return new Map();
}
