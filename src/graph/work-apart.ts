import type { StageName } from '../core/brands.ts';
import type { Graph } from './types.ts';

/**
 * Whether work on some stages has nothing to do with work on others: they have none in common, and none of either is above one of the
 * other. Names that the graph does not have belong to another pipeline file or to one that was edited meanwhile, and are apart.
 */
export function worksApart(graph: Graph, mine: Iterable<string>, theirs: Iterable<string>): boolean {
  const here = stagesOf(graph, mine);
  const there = stagesOf(graph, theirs);
  return isApart(withAncestors(graph, here), there) && isApart(withAncestors(graph, there), here);
}

const stagesOf = (graph: Graph, names: Iterable<string>): Set<StageName> =>
  new Set([...names].map((name) => name as StageName).filter((name) => graph.byName.has(name)));

const isApart = (some: ReadonlySet<StageName>, others: ReadonlySet<StageName>): boolean =>
  [...others].every((name) => !some.has(name));

function withAncestors(graph: Graph, names: ReadonlySet<StageName>): Set<StageName> {
  const found = new Set(names);
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const above of graph.upstream.get(name) ?? []) {
      if (found.has(above)) continue;
      found.add(above);
      open.push(above);
    }
  }
  return found;
}
