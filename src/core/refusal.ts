import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What SQLite needs to begin with: a page of its log and the index of it. */
const littleBytes = 64 << 10;

const explanations: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than this process may write',
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the disk reported an error',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  EEXIST: 'something else stands in its place',
  ENOTDIR: 'a part of the path is a file',
  ELOOP: 'a symbolic link leads back to itself, or through too many others',
};

/** The words for a code of the operating system, where there are better ones than its own. */
export const explained = (code: string): string | undefined => explanations[code];

/** Codes that say that there is no room. */
export const isFull = (code: string | undefined): boolean => code === 'ENOSPC' || code === 'EDQUOT';

/**
 * Why the system does not let this process write a file, or make it: `ENOSPC`, `EROFS`, `EACCES`, ...; undefined when it does. For a caller that
 * was refused in words that do not tell (SQLite's "disk I/O error"). `bytes` are written beside the file and removed again.
 */
export function refusalOfWriting(file: string, bytes = littleBytes): string | undefined {
  try {
    if (existsSync(file)) accessSync(file, constants.W_OK);
    let folder = dirname(file);
    while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
    const probe = join(folder, `.${randomBytes(8).toString('hex')}.tmp`);
    try {
      writeFileSync(probe, Buffer.alloc(bytes), { flag: 'wx' });
    } finally {
      rmSync(probe, { force: true });
    }
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}
