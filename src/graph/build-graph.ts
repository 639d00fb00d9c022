import type { PipelineConfig, StageConfig } from '../config/types.ts';
import type { StageName } from '../core/brands.ts';
import { byPosition, mostProblems } from '../core/failure-order.ts';
import { failure, type Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { indexOuts, outsReadAt, type OutIndex } from './out-index.ts';
import { findOverlaps, readPaths } from './overlap.ts';
import { findCycle, topologicalOrder, type Edges } from './topological-order.ts';
import type { Graph } from './types.ts';

/**
 * Draws the edges from outs to deps and orders the stages. Fails, by position, for overlapping outs, a stage that reads its own out,
 * two stages of one name, and a cycle. Time grows with stages plus edges.
 */
export function buildGraph(config: PipelineConfig): Result<Graph, readonly Failure[]> {
  const { stages } = config;
  const index = indexOuts(stages);
  const overlaps = findOverlaps(stages, index);
  if (overlaps.length > 0) return err([...overlaps].sort(byPosition).slice(0, mostProblems));

  const makers = makersOf(stages, index);
  const edges = edgesOf(stages, makers);
  const order = topologicalOrder(edges);
  if (order.length < stages.length) return err([cycleFailure(stages, findCycle(edges) ?? [])]);
  return ok({ ...graphOf(stages, order, { makers, edges }), home: config.home ?? '' });
}

/** Path -> indices of the stages that make it, ascending. */
type Makers = ReadonlyMap<string, readonly number[]>;

function makersOf(stages: readonly StageConfig[], index: OutIndex): Makers {
  const makers = new Map<string, readonly number[]>();
  for (const { path } of stages.flatMap(readPaths)) {
    if (makers.has(path)) continue;
    const owners = new Set(outsReadAt(index, path).map(({ owner }) => owner));
    if (owners.size > 0) makers.set(path, ascending(owners));
  }
  return makers;
}

function edgesOf(stages: readonly StageConfig[], makers: Makers): Edges {
  const before = stages.map((stage) => {
    const owners = new Set<number>();
    for (const { path } of readPaths(stage)) for (const owner of makers.get(path) ?? []) owners.add(owner);
    return ascending(owners);
  });
  const after = stages.map((): number[] => []);
  before.forEach((owners, reader) => {
    for (const owner of owners) after[owner]?.push(reader);
  });
  return { before, after };
}

const ascending = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);

function cycleFailure(stages: readonly StageConfig[], cycle: readonly number[]): Failure {
  const members = cycle.flatMap((index) => stages[index] ?? []);
  const names = members.map(({ name }) => name);
  return failure('cycle', { stages: names }, { at: members[0]?.at, stage: names[0] });
}

function graphOf(
  stages: readonly StageConfig[],
  order: readonly number[],
  { makers, edges }: { makers: Makers; edges: Edges },
): Omit<Graph, 'home'> {
  const rank = new Array<number>(stages.length).fill(0);
  order.forEach((index, place) => {
    rank[index] = place;
  });
  const inOrder = (indices: readonly number[]): StageName[] =>
    [...indices].sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0)).flatMap((index) => stages[index]?.name ?? []);
  const ordered = order.flatMap((index) => stages[index] ?? []);
  const linked = (links: readonly (readonly number[])[]): ReadonlyMap<StageName, readonly StageName[]> =>
    new Map(order.flatMap((index) => named(stages[index], inOrder(links[index] ?? []))));
  return {
    stages: ordered,
    byName: new Map(ordered.map((stage) => [stage.name, stage])),
    upstream: linked(edges.before),
    downstream: linked(edges.after),
    makers: new Map([...makers].map(([path, indices]) => [path, inOrder(indices)])),
  };
}

const named = <T>(stage: StageConfig | undefined, value: T): [StageName, T][] =>
  stage === undefined ? [] : [[stage.name, value]];
