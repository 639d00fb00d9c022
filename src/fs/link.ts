import { chmodSync, constants, copyFileSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { temporaryBeside } from './atomic-write.ts';

/** How a cached file appears in the workspace. `reflink` shares blocks until written; `hardlink` shares the file, read-only. */
export type LinkKind = 'reflink' | 'hardlink' | 'copy';

/** Codes that say a kind of link is not to be had here, as opposed to a real failure. */
const unsupported = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EPERM', 'EMLINK', 'EINVAL', 'ENOTTY']);

/**
 * Makes `to` a file with the bytes of `from`, by the first kind that the file system can do; returns that kind.
 * `to` appears at once and whole; what stood there is replaced. Throws the system's error.
 */
export function placeFile(
  from: string,
  to: string,
  options: { readonly kinds: readonly LinkKind[]; readonly executable: boolean },
): LinkKind {
  mkdirSync(dirname(to), { recursive: true });
  const temporary = temporaryBeside(to);
  try {
    const used = placeAt(from, temporary, options.kinds);
    if (used !== 'hardlink') chmodSync(temporary, options.executable ? 0o755 : 0o644);
    renameSync(temporary, to);
    // rename() does nothing when both names are the same hard link, so the temporary name may still be there.
    if (used === 'hardlink') rmSync(temporary, { force: true });
    return used;
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function placeAt(from: string, to: string, kinds: readonly LinkKind[]): LinkKind {
  for (const kind of kinds) {
    try {
      placeBy[kind](from, to);
      return kind;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (kind === 'copy' || !unsupported.has(code)) throw error;
    }
  }
  placeBy.copy(from, to);
  return 'copy';
}

const placeBy: Readonly<Record<LinkKind, (from: string, to: string) => void>> = {
  reflink: (from, to) => {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
  },
  hardlink: linkSync,
  copy: (from, to) => {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  },
};
