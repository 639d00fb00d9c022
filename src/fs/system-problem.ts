import { failure, type Failure } from '../core/failure.ts';
import { explained, refusalOfWriting } from '../core/refusal.ts';

/** The operating system's refusal as a Failure. Anything else is a bug and is thrown on. `where` is the place on disk, when `path` is not. */
export function systemProblem(
  error: unknown,
  doing: { readonly what: string; readonly path: string; readonly where?: string },
): Failure {
  const code = codeOf(error);
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code) || code.startsWith('ERR_')) throw error;
  const why = explained(code) ?? (error as Error).message;
  return failure('file-access', { ...doing, why, code });
}

/** Making a folder with its parents says ENOENT where the file system is read-only: then the real cause is looked for. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  const misleading = code === 'ENOENT' && syscall === 'mkdir' && path !== undefined;
  return (misleading ? refusalOfWriting(path) : undefined) ?? code;
}
