import type { PathRef, StageConfig } from '../config/types.ts';
import { failure, type Failure } from '../core/failure.ts';
import { caseTwins } from './case-twins.ts';
import { foldersAbove, outsReadAt, type OutIndex } from './out-index.ts';

/** Stage names, outs and deps that get into each other's way. */
export function findOverlaps(stages: readonly StageConfig[], index: OutIndex): Failure[] {
  return [
    ...repeatedNames(stages),
    ...stages.flatMap((stage) => overlappingOuts(stage, stages, index)),
    ...caseTwins(stages),
    ...stages.flatMap((stage, at) => ownOuts(stage, at, index)),
  ];
}

function repeatedNames(stages: readonly StageConfig[]): Failure[] {
  const seen = new Map<string, StageConfig>();
  return stages.flatMap((stage) => {
    const first = seen.get(stage.name);
    if (first === undefined) {
      seen.set(stage.name, stage);
      return [];
    }
    return [failure('stage-twice', { name: stage.name, first: first.at }, { at: stage.at, stage: stage.name })];
  });
}

function overlappingOuts(stage: StageConfig, stages: readonly StageConfig[], index: OutIndex): Failure[] {
  return stage.outs.flatMap((out): Failure[] => {
    const where = { at: out.at, stage: stage.name };
    const same = index.byPath.get(out.path);
    if (same !== undefined && same.out !== out) {
      const other = stages[same.owner]?.name ?? '';
      return [failure('same-out', { path: out.path, stage: stage.name, other, first: same.out.at }, where)];
    }
    const outer = foldersAbove(out.path)
      .map((folder) => index.byPath.get(folder))
      .find((found) => found !== undefined);
    if (outer === undefined) return [];
    const other = stages[outer.owner]?.name ?? '';
    const detail = { path: out.path, stage: stage.name, outer: outer.out.path, other, first: outer.out.at };
    return [failure('nested-out', detail, where)];
  });
}

function ownOuts(stage: StageConfig, at: number, index: OutIndex): Failure[] {
  return readPaths(stage).flatMap((dep): Failure[] => {
    const own = outsReadAt(index, dep.path).find(({ owner }) => owner === at);
    if (own === undefined) return [];
    const detail = { stage: stage.name, dep: dep.path, out: own.out.path, first: own.out.at };
    return [failure('own-out', detail, { at: dep.at, stage: stage.name })];
  });
}

/** Deps and params files: whatever of another stage's making comes before this one. */
export const readPaths = (stage: StageConfig): PathRef[] => [
  ...stage.deps,
  ...stage.params.map(({ file, at }) => ({ path: file, at })),
];
