import type { ContentHash } from './brands.ts';

/** A file or a directory at one moment: what the lock file, the run cache and the run record keep of a dep or an out. */
export interface Artifact {
  /** Relative to the workspace, with `/`, normalised. */
  readonly path: string;
  readonly hash: ContentHash;
  /** Bytes; of a directory, the sum over its files. */
  readonly size: number;
  /** Number of files of a directory; absent for a file. */
  readonly files?: number;
}
