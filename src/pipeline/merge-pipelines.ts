import { posix } from 'node:path';
import type { ModelConfig, PipelineConfig, StageConfig } from '../config/types.ts';
import { asStageName } from '../core/brands.ts';
import { byPosition, mostProblems } from '../core/failure-order.ts';
import { failure, type Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { foldersAbove } from '../graph/out-index.ts';

/** What stands before the names of a file's stages where another file speaks of them; nothing for the file in the workspace's root. */
export const prefixOf = (file: string): string => (posix.dirname(file) === '.' ? '' : `${file}:`);

/** A pipeline file and what is in it, or what is wrong with it. */
export interface Part {
  readonly file: string;
  readonly read: Result<PipelineConfig, readonly Failure[]>;
}

/** Several pipeline files as one pipeline. A file inside an out of another one's stage is what that made, and no part of it. */
export function mergePipelines(called: string, all: readonly Part[]): Result<PipelineConfig, readonly Failure[]> {
  const sound = all.flatMap(({ read }) => (read.ok ? [read.value] : []));
  const outs = new Set(sound.flatMap(({ stages }) => stages.flatMap((stage) => stage.outs.map(({ path }) => path))));
  const isMade = (file: string): boolean => foldersAbove(file).some((folder) => outs.has(folder));
  const problems = all.flatMap(({ file, read }) => (read.ok || isMade(file) ? [] : read.error));
  if (problems.length > 0) return err([...problems].sort(byPosition).slice(0, mostProblems));
  const parts = sound.filter(({ file }) => file === called || !isMade(file));
  const models = parts.flatMap((part) => part.models);
  const twice = models.flatMap((model, at) => repeated(model, models.slice(0, at)));
  if (twice.length > 0) return err(twice);
  return ok({
    file: called,
    files: parts.map(({ file }) => file),
    home: prefixOf(called),
    stages: parts.flatMap(({ file, stages }) => stages.map((stage) => prefixed(stage, prefixOf(file)))),
    models,
    shown: {
      params: parts.flatMap(({ shown }) => shown.params),
      metrics: parts.flatMap(({ shown }) => shown.metrics),
      plots: parts.flatMap(({ shown }) => shown.plots),
    },
    artifacts: parts.flatMap(({ artifacts }) => artifacts),
  });
}

const prefixed = (stage: StageConfig, prefix: string): StageConfig =>
  prefix === ''
    ? stage
    : {
        ...stage,
        name: asStageName(prefix + stage.name),
        ...(stage.group === undefined ? {} : { group: prefix + stage.group }),
      };

function repeated(model: ModelConfig, earlier: readonly ModelConfig[]): Failure[] {
  const first = earlier.find(({ name }) => name === model.name);
  return first === undefined ? [] : [failure('model-twice', { name: model.name, first: first.at }, { at: model.at })];
}
