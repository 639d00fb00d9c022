import type { PlannedWord } from '../plan.ts';

/** A graph to draw. Names are unique; an edge goes from the stage that makes something to one that reads it. */
export interface DagView {
  readonly nodes: readonly { readonly name: string; readonly state?: PlannedWord }[];
  readonly edges: readonly (readonly [from: string, to: string])[];
}

/** The same graph by position in `nodes`, each edge once. */
export interface IndexedDag {
  readonly size: number;
  /** The nodes that each one reads from, ascending. */
  readonly above: readonly (readonly number[])[];
  readonly below: readonly (readonly number[])[];
}

/** Edges that name no node, and edges of a node to itself, are left out. */
export function indexDag(view: DagView): IndexedDag {
  const position = new Map(view.nodes.map(({ name }, at) => [name, at]));
  const above = view.nodes.map(() => new Set<number>());
  const below = view.nodes.map(() => new Set<number>());
  for (const [from, to] of view.edges) {
    const source = position.get(from);
    const target = position.get(to);
    if (source === undefined || target === undefined || source === target) continue;
    above[target]?.add(source);
    below[source]?.add(target);
  }
  const sorted = (sets: readonly Set<number>[]): number[][] => sets.map((set) => [...set].sort((a, b) => a - b));
  return { size: view.nodes.length, above: sorted(above), below: sorted(below) };
}

/** The parts that no edge connects, in the order of their first nodes; nodes ascending. */
export function componentsOf(dag: IndexedDag): number[][] {
  const seen = new Set<number>();
  const parts: number[][] = [];
  for (let first = 0; first < dag.size; first++) {
    if (seen.has(first)) continue;
    const part: number[] = [];
    const waiting = [first];
    seen.add(first);
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      part.push(node);
      for (const next of [...(dag.above[node] ?? []), ...(dag.below[node] ?? [])]) {
        if (seen.has(next)) continue;
        seen.add(next);
        waiting.push(next);
      }
    }
    parts.push(part.sort((a, b) => a - b));
  }
  return parts;
}
