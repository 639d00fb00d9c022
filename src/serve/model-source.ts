import type { Result } from '../core/result.ts';
import type { ModelPackage } from '../ml/package/types.ts';

/** A version of a model, as a server names it. */
export interface ServedVersion {
  readonly name: string;
  readonly version: string;
  /** `production`, `staging`, or `package` for a folder that no registry knows. */
  readonly stage: string;
  /** Changes whenever the content does; for a registered version, the hash of its package. */
  readonly hash: string;
}

/** Where the server learns which model to serve, and gets it. The server asks `current` about twice a second. */
export interface ModelSource {
  /** The version to serve now. Cheap: no package is read. */
  current(): Promise<Result<ServedVersion>>;
  /** Brings the version's package to this machine if need be, checks and loads it. */
  load(version: ServedVersion): Promise<Result<ModelPackage>>;
}

export const sameVersion = (a: ServedVersion, b: ServedVersion): boolean =>
  a.name === b.name && a.version === b.version && a.stage === b.stage && a.hash === b.hash;
