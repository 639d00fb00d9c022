import { basename, dirname, extname, join } from 'node:path';
import { ArtifactCache } from '../cache/artifact-cache.ts';
import { ObjectStore } from '../cache/object-store.ts';
import { RunCache } from '../cache/run-cache.ts';
import type { PipelineConfig } from '../config/types.ts';
import type { EventSink } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { places, placeOf, type Workspace } from '../core/workspace.ts';
import { isFoundByName } from '../fs/find-workspace.ts';
import { Hasher } from '../fs/hasher.ts';
import { IgnoreRules } from '../fs/ignore/ignore-rules.ts';
import type { LinkKind } from '../fs/link.ts';
import { StateDb } from '../fs/state-db.ts';
import { buildGraph } from '../graph/build-graph.ts';
import type { Graph } from '../graph/types.ts';
import { ignoredOuts } from './ignored-outs.ts';
import { loadPipelines, pipelinesOf } from './load-pipeline.ts';
import { ParseMemo } from './memo.ts';

/** An opened workspace: what every pipeline command works with. `close` saves what was learnt. */
export interface Project {
  readonly workspace: Workspace;
  readonly config: PipelineConfig;
  readonly graph: Graph;
  readonly memo: ParseMemo;
  readonly hasher: Hasher;
  readonly cache: ArtifactCache;
  readonly objects: ObjectStore;
  readonly runCache: RunCache;
  readonly texts: ReadonlyMap<string, string>;
  /** Relative to the workspace. */
  readonly lockFile: string;
  close(): void;
}

export interface ProjectOptions {
  /** Tells builds of mlp apart, for what is remembered between commands. */
  readonly build: string;
  /** Hears of hashing and storing that takes a while. */
  readonly emit: EventSink;
  /** Texts of params files to take in place of what they hold, by path: for a look at what a change would do. */
  readonly texts?: ReadonlyMap<string, string>;
}

const standardLinks: readonly LinkKind[] = ['reflink', 'copy'];

/** Reads the pipeline file and builds the graph. Failures come with their places, all of them at once. */
export async function openProject(
  workspace: Workspace,
  options: ProjectOptions,
): Promise<Result<Project, readonly Failure[]>> {
  const state = new StateDb(placeOf(workspace, 'state'));
  const memo = new ParseMemo({ state, build: options.build });
  const texts = options.texts ?? new Map<string, string>();
  const ignoreRules = new IgnoreRules(workspace.root);
  const graph = await loadGraph({ workspace, texts }, { memo, ignoreRules, state });
  if (!graph.ok) {
    state.close();
    return graph;
  }
  const hasher = new Hasher({
    root: workspace.root,
    state,
    ignoreRules,
    onProgress: (label, done, total) => {
      options.emit({ type: 'progress', task: 'hash', label, done, total });
    },
  });
  const folder = placeOf(workspace, 'cache');
  const objects = new ObjectStore({ folder, state });
  return ok({
    workspace,
    ...graph.value,
    memo,
    texts,
    hasher,
    objects,
    cache: new ArtifactCache({
      root: workspace.root,
      objects,
      hasher,
      kinds: standardLinks,
      onProgress: (task, label, done, total) => {
        options.emit({ type: 'progress', task, label, done, total });
      },
    }),
    runCache: new RunCache(folder),
    lockFile: lockFileFor(workspace.pipelineFile),
    close: () => {
      state.close();
    },
  });
}

async function loadGraph(
  files: Parameters<typeof loadPipelines>[0],
  { memo, ignoreRules, state }: { memo: ParseMemo; ignoreRules: IgnoreRules; state: StateDb },
): Promise<Result<{ config: PipelineConfig; graph: Graph }, readonly Failure[]>> {
  const find = (): readonly string[] => pipelinesOf(files.workspace.root, ignoreRules, state);
  const config = await loadPipelines(files, memo, find);
  if (!config.ok) return config;
  const graph = buildGraph(config.value);
  if (!graph.ok) return graph;
  const ignored = ignoredOuts(config.value.stages, ignoreRules);
  return ignored.length > 0 ? err(ignored) : ok({ config: config.value, graph: graph.value });
}

/** One `pipeline.lock` in the root for all pipeline files that are found by their names; another one has a lock file beside it. */
export function lockFileFor(pipelineFile: string): string {
  if (isFoundByName(pipelineFile)) return places.lockFile;
  return join(dirname(pipelineFile), `${basename(pipelineFile, extname(pipelineFile))}.lock`);
}
