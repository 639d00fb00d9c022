import { posix } from 'node:path';
import type { StageName } from '../core/brands.ts';
import { failure, type Failure } from '../core/failure.ts';
import { nearestNames } from '../core/nearest.ts';
import { err, ok, type Result } from '../core/result.ts';
import { globPattern } from './glob.ts';
import { indexOuts, outsReadAt, type OutIndex } from './out-index.ts';
import type { Graph } from './types.ts';

/** What of the graph goes with the stages that targets name. `above`: all that they need, `below`: all that needs them. */
export type Reach = 'above' | 'below' | 'alone';

export interface Selection {
  /** What the targets name themselves, in the graph's order. */
  readonly named: ReadonlySet<StageName>;
  /**
   * Those and what goes with them, in the graph's order; those that are named alone stand as they were named. A frozen stage cuts the
   * graph: nothing above it goes with what is below it, nor the other way round.
   */
  readonly stages: ReadonlySet<StageName>;
}

/** The stages directly above that must be done first. A frozen stage is taken as it stands and waits for none. */
export const needsOf = (graph: Graph, stage: StageName): readonly StageName[] =>
  graph.byName.get(stage)?.frozen === true ? [] : (graph.upstream.get(stage) ?? []);

/** The stages directly below that wait for this one. */
export const dependentsOf = (graph: Graph, stage: StageName): readonly StageName[] =>
  (graph.downstream.get(stage) ?? []).filter((below) => graph.byName.get(below)?.frozen !== true);

/**
 * The stages that targets stand for. A target is the name of a stage, the name of a group (all its instances), a path that a stage makes
 * (or that lies in or holds what stages make), a pipeline file, or a glob over names, or, when no name fits, over out paths. No targets: everything.
 */
export function selectTargets(
  graph: Graph,
  targets: readonly string[],
  reach: Reach = 'above',
): Result<Selection, readonly Failure[]> {
  const all = new Set(graph.stages.map(({ name }) => name));
  if (targets.length === 0) return ok({ named: all, stages: all });

  const index = indexOuts(graph.stages);
  const hits = targets.map((target) => ({ target, stages: stagesFor(target, graph, index) }));
  const unknown = hits.filter(({ stages }) => stages.length === 0);
  if (unknown.length > 0) return err(unknown.map(({ target }) => unknownTarget(target, graph, index)));

  const named = new Set(hits.flatMap(({ stages }) => stages));
  if (reach === 'alone') return ok({ named, stages: named });
  const selected = reached(named, (name) => (reach === 'below' ? dependentsOf : needsOf)(graph, name));
  const inOrder = (chosen: ReadonlySet<StageName>) => new Set([...all].filter((name) => chosen.has(name)));
  return ok({ named: inOrder(named), stages: inOrder(selected) });
}

/** A name may be given without the file that the command was called with, and a path relative to that file's folder. */
function stagesFor(target: string, graph: Graph, index: OutIndex): StageName[] {
  const { home } = graph;
  const inHome = home === '' ? [] : [home + target, posix.join(posix.dirname(home), target)];
  for (const written of [...inHome, target]) {
    const stages = stagesCalled(written, graph, index);
    if (stages.length > 0) return stages;
  }
  return [];
}

function stagesCalled(target: string, graph: Graph, index: OutIndex): StageName[] {
  const byName = graph.byName.get(target as StageName);
  if (byName !== undefined) return [byName.name];
  const group = graph.stages.filter((stage) => stage.group === target);
  if (group.length > 0) return group.map(({ name }) => name);
  const inFile = graph.stages.filter(({ at }) => at.file === target);
  if (inFile.length > 0) return inFile.map(({ name }) => name);
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
  const names = [...graph.byName.keys(), ...groups];
  const own = graph.home === '' ? [] : names.filter((name) => name.startsWith(graph.home));
  const short = own.map((name) => name.slice(graph.home.length));
  const near = nearestNames(target, [...short, ...names, ...index.byPath.keys()]);
  return failure('unknown-target', { target, near });
}

/** These and all that `next` leads to from them. */
function reached(from: ReadonlySet<StageName>, next: (stage: StageName) => readonly StageName[]): Set<StageName> {
  const found = new Set(from);
  // A set is iterated in the order of insertion, and what is added meanwhile comes too.
  for (const name of found) for (const other of next(name)) found.add(other);
  return found;
}
