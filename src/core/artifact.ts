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
  /** True for a file that may be executed; absent otherwise. A directory keeps it file by file. */
  readonly executable?: true;
}

/** Whether two artifacts have the same content, wherever they stand. */
export const sameContent = (a: Artifact, b: Artifact): boolean =>
  a.hash === b.hash && (a.files === undefined) === (b.files === undefined) && a.executable === b.executable;
