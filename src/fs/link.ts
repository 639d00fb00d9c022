import { chmodSync, constants, copyFileSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryBeside } from './atomic-write.ts';
import { copyFile } from './copy-file.ts';

/** How a cached file appears in the workspace. `reflink` shares blocks until written; `hardlink` shares the file, read-only. */
export type LinkKind = 'reflink' | 'hardlink' | 'copy';

export interface Placing {
  /** In order of preference; a copy where none of them can be had. */
  readonly kinds: readonly LinkKind[];
  readonly executable: boolean;
  /**
   * Absolute, and there: a folder for the half-made file, where a killed process leaves it unseen and a later one finds it. Undefined where
   * the file's own folder is such a place, and nothing stands at its name.
   */
  readonly scratch: string | undefined;
  /** Hears of the bytes copied so far, of a large file. */
  readonly onBytes?: (done: number) => void;
}

/** Codes that say a kind of link is not to be had here, as opposed to a real failure. */
const unsupported = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EPERM', 'EMLINK', 'EINVAL', 'ENOTTY']);

/** Those of them that hold for all files, not only for the one that was tried. */
const lasting = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'ENOTTY']);

/**
 * Makes `to` a file with the bytes of `from`, by the first kind that the file system can do; returns that kind.
 * `to` appears at once and whole; what stood there is replaced. Throws the system's error.
 */
export async function placeFile(from: string, to: string, how: Placing): Promise<LinkKind> {
  if (how.scratch === undefined) return placeAs(to, from, how);
  try {
    return await placeBy(temporaryBeside(join(how.scratch, 'file')), from, to, how);
  } catch (error) {
    // A part of the workspace may be a file system of its own; a rename does not cross over.
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    return placeBy(temporaryBeside(to), from, to, how);
  }
}

async function placeAs(name: string, from: string, how: Placing): Promise<LinkKind> {
  const used = await linkOrCopy(from, name, how);
  if (used !== 'hardlink') chmodSync(name, modeOf(how.executable));
  return used;
}

async function placeBy(temporary: string, from: string, to: string, how: Placing): Promise<LinkKind> {
  try {
    const used = await placeAs(temporary, from, how);
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
  const source = statSync(from);
  for (const kind of kinds) {
    if (kind === 'copy') break;
    const way = `${kind} ${source.dev} ${deviceOf(dirname(to))}`;
    if (refused.has(way)) continue;
    try {
      linkBy[kind](from, to);
      return kind;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? '';
      if (!unsupported.has(code)) throw error;
      if (lasting.has(code)) refused.add(way);
    }
  }
  await copyFile(from, to, source.size, onBytes);
  return 'copy';
}

/** Whether a copy is all that can be had of files of that device (`stat`'s `dev`) in that folder, as far as is known by now. */
export function onlyCopies(kinds: readonly LinkKind[], device: number, folder: string): boolean {
  const links = kinds.slice(0, kinds.includes('copy') ? kinds.indexOf('copy') : kinds.length);
  return links.every((kind) => refused.has(`${kind} ${device} ${deviceOf(folder)}`));
}

/** Of a placed file that is not a hard link. */
export const modeOf = (executable: boolean): number => (executable ? 0o755 : 0o644);

/**
 * The kinds of link that one file system would not make to another one, or within itself. A refused reflink makes a file and removes it
 * again, which for ten thousand files takes longer than copying them.
 */
const refused = new Set<string>();

/** Of the folder that was asked for last; files come folder by folder. */
let lastFolder: { readonly path: string; readonly device: number } | undefined;

function deviceOf(path: string): number {
  if (lastFolder?.path !== path) lastFolder = { path, device: statSync(path).dev };
  return lastFolder.device;
}

const linkBy: Readonly<Record<Exclude<LinkKind, 'copy'>, (from: string, to: string) => void>> = {
  reflink: (from, to) => {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL);
  },
  hardlink: linkSync,
};
