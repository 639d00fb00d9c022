import { Command, Option } from 'commander';
import { failureMessage, type Failure } from '../../core/failure.ts';
import { ok, type Result } from '../../core/result.ts';
import { selectTargets } from '../../graph/select-targets.ts';
import type { Project } from '../../pipeline/open-project.ts';
import { planProject } from '../../pipeline/plan-project.ts';
import { dagDot, dagMermaid } from '../../report/dag/dag-markup.ts';
import { renderDag } from '../../report/dag/dag-text.ts';
import type { DagView } from '../../report/dag/dag-view.ts';
import { plannedWord, type PlannedWord } from '../../report/plan.ts';
import type { CliContext } from '../context.ts';
import { openCalledProject } from '../open.ts';
import { printAll } from '../print-result.ts';

interface DagOptions {
  readonly file?: string;
  readonly mermaid?: true;
  readonly dot?: true;
  readonly states?: true;
  readonly json?: true;
}

/** `mlp dag`: the stage graph, drawn or as markup. */
export function command(context: CliContext): Command {
  return new Command('dag')
    .description('Draw the stages and what flows between them')
    .argument('[targets...]', 'stages, groups, globs or outs, with all above them; everything when none is named')
    .option('-f, --file <file>', 'pipeline file')
    .addOption(new Option('--mermaid', 'a Mermaid flowchart, for Markdown').conflicts(['dot', 'json']))
    .addOption(new Option('--dot', "Graphviz' language").conflicts(['json']))
    .option('--states', 'with --mermaid or --dot: colour what would run')
    .option('--json', 'print nodes and edges as JSON')
    .action(async (targets: string[], options: DagOptions) => {
      const view = await dagOf(context, targets, options);
      printAll(context, view, {
        json: options.json === true,
        text: (found, screen) => {
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
    const stateless = (options.mermaid ?? options.dot) === true && options.states !== true;
    const states = stateless ? new Map<string, PlannedWord>() : await statesOf(context, project.value, targets);
    return ok(viewOf(project.value, selection.value.stages, states));
  } finally {
    project.value.close();
  }
}

/** A graph can be drawn of a project that cannot be planned (a dep is missing, say): then it is drawn without states. */
async function statesOf(
  context: CliContext,
  project: Project,
  targets: readonly string[],
): Promise<ReadonlyMap<string, PlannedWord>> {
  const planned = await planProject(project, { targets, force: false, env: context.env, rebuildLock: true });
  if (planned.ok) return new Map(planned.value.plan.stages.map((stage) => [stage.stage, plannedWord(stage)]));
  const [first] = planned.error;
  const why = first === undefined ? '' : `: ${failureMessage(first)}`;
  context.log.write(`warning: drawn without what would run${why}\n`);
  return new Map();
}

function viewOf({ graph }: Project, selected: ReadonlySet<string>, states: ReadonlyMap<string, PlannedWord>): DagView {
  const names = graph.stages.map(({ name }) => name).filter((name) => selected.has(name));
  const nodes = names.map((name) => {
    const state = states.get(name);
    return state === undefined ? { name } : { name, state };
  });
  const edges = names.flatMap((to) =>
    (graph.upstream.get(to) ?? []).filter((from) => selected.has(from)).map((from) => [from, to] as const),
  );
  return { nodes, edges };
}
