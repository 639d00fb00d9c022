import { type Failure, failure } from '../core/failure.ts';
import { explained, isFull, refusalOfWriting } from '../core/refusal.ts';
import { err, ok, type Result } from '../core/result.ts';
import { sqliteCode } from '../core/sqlite.ts';

/** Runs work on the store and turns what SQLite may say in normal life into a failure; anything else is a bug and is thrown on. */
export function attempt<T>(file: string, work: () => Result<T>): Result<T> {
  try {
    return work();
  } catch (error) {
    return err(storeFailure(file, error));
  }
}

/** As `attempt`, for work that has no failure of its own. */
export const attemptValue = <T>(file: string, work: () => T): Result<T> => attempt(file, () => ok(work()));

/** The failure that an error of SQLite or of the file system stands for. Throws it on when it is a bug. */
export function storeFailure(file: string, error: unknown): Failure {
  const code = sqliteCode(error) ?? systemCode(error);
  const problem = error instanceof Error ? error.message : String(error);
  if (code === undefined) throw error;
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return failure('store-busy', { file });
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return failure('store-corrupt', { file, problem });
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT)/.test(code)) return failure('store-full', { file });
  if (/^(SQLITE_(READONLY|CANTOPEN|PERM|AUTH|IOERR|NOLFS|TOOBIG)|E[A-Z]+$)/.test(code)) {
    return refused(file, problem);
  }
  throw error;
}

/** "disk I/O error" may be a full disk, "unable to open database file" a read-only one: the file system is asked. */
function refused(file: string, problem: string): Failure {
  const code = refusalOfWriting(file);
  if (isFull(code)) return failure('store-full', { file });
  const why = code === undefined ? undefined : explained(code);
  return failure(
    'store-unusable',
    why === undefined || code === undefined ? { file, problem } : { file, problem: why, code },
  );
}

/** EACCES and its like, from making the store's folder. */
function systemCode(error: unknown): string | undefined {
  const { code, syscall } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return syscall === undefined ? undefined : code;
}
