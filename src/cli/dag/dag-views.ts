import type { StageConfig } from '../../config/types.ts';
import { readPaths } from '../../graph/overlap.ts';
import type { Graph } from '../../graph/types.ts';
import type { DagView } from '../../report/dag/dag-view.ts';
import type { PlannedWord } from '../../report/plan.ts';

type States = ReadonlyMap<string, PlannedWord>;

/** The stages, and what flows between them. */
export function stagesView(graph: Graph, selected: ReadonlySet<string>, states: States): DagView {
  const names = graph.stages.map(({ name }) => name).filter((name) => selected.has(name));
  const nodes = names.map((name) => nodeOf(name, states.get(name)));
  const edges = names.flatMap((to) =>
    (graph.upstream.get(to) ?? []).filter((from) => selected.has(from)).map((from) => [from, to] as const),
  );
  return { nodes, edges };
}

/** What stages make, and which of it each comes from; a stage that makes nothing is not there. */
export function outsView(graph: Graph, selected: ReadonlySet<string>, states: States): DagView {
  const stages = graph.stages.filter(({ name }) => selected.has(name));
  const nodes = stages.flatMap(({ name, outs }) => outs.map(({ path }) => nodeOf(path, states.get(name))));
  const edges = stages.flatMap((stage) => {
    const above = (graph.upstream.get(stage.name) ?? []).filter((name) => selected.has(name));
    const read = above.flatMap((name) => outsRead(stage, graph.byName.get(name)));
    return [...new Set(read)].flatMap((from) => stage.outs.map(({ path }) => [from, path] as const));
  });
  return { nodes, edges };
}

/** A folder that is made is read where a file in it is, and the other way round. */
function outsRead(stage: StageConfig, maker: StageConfig | undefined): string[] {
  const paths = readPaths(stage).map(({ path }) => path);
  const made = maker?.outs.map(({ path }) => path) ?? [];
  const overlap = (a: string, b: string): boolean => a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
  return made.filter((out) => paths.some((path) => path === '.' || overlap(path, out)));
}

const nodeOf = (name: string, state: PlannedWord | undefined): DagView['nodes'][number] =>
  state === undefined ? { name } : { name, state };
