import { chmodSync, constants, copyFileSync, linkSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { temporaryBeside } from './atomic-write.ts';
import { copyFile } from './copy-file.ts';

/** How a cached file appears in the workspace. `reflink` shares blocks until written; `hardlink` shares the file, read-only. */
export type LinkKind = 'reflink' | 'hardlink' | 'copy';

export interface Placing {
  /** In order of preference; a copy where none of them can be had. */
  readonly kinds: readonly LinkKind[];
  readonly executable: boolean;
  /** Hears of the bytes copied so far, of a large file. */
  readonly onBytes?: (done: number) => void;
}

/** Codes that say a kind of link is not to be had here, as opposed to a real failure. */
const unsupported = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EPERM', 'EMLINK', 'EINVAL', 'ENOTTY']);

/**
 * Makes `to` a file with the bytes of `from`, by the first kind that the file system can do; returns that kind.
 * `to` appears at once and whole; what stood there is replaced. Throws the system's error.
 */
export async function placeFile(from: string, to: string, how: Placing): Promise<LinkKind> {
  mkdirSync(dirname(to), { recursive: true });
  const temporary = temporaryBeside(to);
  try {
    const used = await linkOrCopy(from, temporary, how);
    if (used !== 'hardlink') chmodSync(temporary, how.executable ? 0o755 : 0o644);
    renameSync(temporary, to);
    // rename() does nothing when both names are the same hard link, so the temporary name may still be there.
    if (used === 'hardlink') rmSync(temporary, { force: true });
    return used;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** As `placeFile`, at a name that is not there yet, and without setting the mode. A failure may leave a part of it. */
export async function linkOrCopy(
  from: string,
  to: string,
  { kinds, onBytes = () => undefined }: Pick<Placing, 'kinds' | 'onBytes'>,
): Promise<LinkKind> {
  for (const kind of kinds) {
    if (kind === 'copy') break;
    try {
      linkBy[kind](from, to);
      return kind;
    } catch (error) {
      if (!unsupported.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  await copyFile(from, to, statSync(from).size, onBytes);
  return 'copy';
}

const linkBy: Readonly<Record<Exclude<LinkKind, 'copy'>, (from: string, to: string) => void>> = {
  reflink: (from, to) => {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
  },
  hardlink: linkSync,
};
