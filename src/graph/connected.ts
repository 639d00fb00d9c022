import type { StageName } from '../core/brands.ts';
import type { Graph } from './types.ts';

/** The parts of the graph that these stages belong to: everything that edges, followed either way, connect them with. */
export function connectedWith(graph: Graph, names: Iterable<StageName>): Set<StageName> {
  const found = new Set(names);
  const open = [...found];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const next of [...(graph.upstream.get(name) ?? []), ...(graph.downstream.get(name) ?? [])]) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}
