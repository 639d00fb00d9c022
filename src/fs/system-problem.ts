import { failure, type Failure } from '../core/failure.ts';

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
  ELOOP: 'too many symbolic links',
};

/** The operating system's refusal as a Failure. Anything else is a bug and is thrown on. */
export function systemProblem(error: unknown, doing: { readonly what: string; readonly path: string }): Failure {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code) || code.startsWith('ERR_')) throw error;
  const why = explanations[code] ?? (error as Error).message;
  return failure('file-access', { ...doing, why, code });
}
