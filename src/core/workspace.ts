import { join } from 'node:path';

/** The folder of a project and the places mlp keeps things in. All absolute. */
export interface Workspace {
  readonly root: string;
  /** Relative to the root: `pipeline.yaml`, `dvc.yaml` or what -f names. */
  readonly pipelineFile: string;
}

/** Names on disk, below the workspace's root. */
export const places = {
  lockFile: 'pipeline.lock',
  stateFolder: '.mlp',
  config: '.mlp/config.yaml',
  cache: '.mlp/cache',
  /** Objects and run cache entries that are being written; there longer only when mlp was killed. */
  cacheTemporary: '.mlp/cache/tmp',
  /** Hashes remembered by file identity; disposable. */
  state: '.mlp/state.db',
  /** Runs and registry; valuable. */
  store: '.mlp/mlp.db',
  processLock: '.mlp/lock',
  logs: '.mlp/logs',
  temporary: '.mlp/tmp',
  /** Packages of registered versions, as the cache has them. */
  models: '.mlp/models',
  /** Last good outs of stages that run right now; there at any other time only when mlp was killed. */
  asideOuts: '.mlp/tmp/outs',
} as const;

export const placeOf = (workspace: Workspace, place: keyof typeof places): string =>
  join(workspace.root, places[place]);
