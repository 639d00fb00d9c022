import { posix } from 'node:path';
import type { StageName } from '../core/brands.ts';
import { failure, type Failure } from '../core/failure.ts';
import { nearestNames } from '../core/nearest.ts';
import { err, ok, type Result } from '../core/result.ts';
import { globPattern } from './glob.ts';
import { indexOuts, outsReadAt, type OutIndex } from './out-index.ts';
import type { Graph } from './types.ts';

export interface Selection {
  /** What the targets name themselves, in the graph's order. */
  readonly named: ReadonlySet<StageName>;
  /** Those and all stages above them, in the graph's order. Nothing above a frozen stage belongs to it. */
  readonly stages: ReadonlySet<StageName>;
}

/**
 * The stages that targets stand for. A target is the name of a stage, the name of a group (all its instances), a path that a stage makes
 * (or that lies in or holds what stages make), or a glob over names, or, when no name fits, over out paths. No targets: everything.
 */
export function selectTargets(graph: Graph, targets: readonly string[]): Result<Selection, readonly Failure[]> {
  const all = new Set(graph.stages.map(({ name }) => name));
  if (targets.length === 0) return ok({ named: all, stages: all });

  const index = indexOuts(graph.stages);
  const hits = targets.map((target) => ({ target, stages: stagesFor(target, graph, index) }));
  const unknown = hits.filter(({ stages }) => stages.length === 0);
  if (unknown.length > 0) return err(unknown.map(({ target }) => unknownTarget(target, graph, index)));

  const named = new Set(hits.flatMap(({ stages }) => stages));
  const selected = withAncestors(graph, named);
  const inOrder = (chosen: ReadonlySet<StageName>) => new Set([...all].filter((name) => chosen.has(name)));
  return ok({ named: inOrder(named), stages: inOrder(selected) });
}

function stagesFor(target: string, graph: Graph, index: OutIndex): StageName[] {
  const byName = graph.byName.get(target as StageName);
  if (byName !== undefined) return [byName.name];
  const group = graph.stages.filter((stage) => stage.group === target);
  if (group.length > 0) return group.map(({ name }) => name);
  const path = posix.normalize(target).replace(/(?<=.)\/$/, '');
  const makers = new Set(outsReadAt(index, path).map(({ owner }) => owner));
  if (makers.size > 0) return graph.stages.filter((_, at) => makers.has(at)).map(({ name }) => name);
  const pattern = globPattern(target);
  if (pattern === undefined) return [];
  const namesOf = (chosen: typeof graph.stages): StageName[] => chosen.map(({ name }) => name);
  const matching = graph.stages.filter(({ name }) => pattern.test(name));
  if (matching.length > 0) return namesOf(matching);
  return namesOf(graph.stages.filter(({ outs }) => outs.some(({ path: out }) => pattern.test(out))));
}

function unknownTarget(target: string, graph: Graph, index: OutIndex): Failure {
  const groups = graph.stages.flatMap(({ group }) => group ?? []);
  const near = nearestNames(target, [...graph.byName.keys(), ...groups, ...index.byPath.keys()]);
  return failure('unknown-target', { target, near });
}

function withAncestors(graph: Graph, named: ReadonlySet<StageName>): Set<StageName> {
  const selected = new Set(named);
  const open = [...named];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (graph.byName.get(name)?.frozen === true) continue;
    for (const above of graph.upstream.get(name) ?? []) {
      if (selected.has(above)) continue;
      selected.add(above);
      open.push(above);
    }
  }
  return selected;
}
