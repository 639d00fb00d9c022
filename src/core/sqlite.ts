import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';

export type Database = Sqlite.Database;
export type Statement<P extends unknown[] = unknown[], R = unknown> = Sqlite.Statement<P, R>;

/** How long a statement waits for another process's write before it gives up, in milliseconds. */
const busyTimeoutMs = 10_000;

/**
 * Opens a SQLite file. The native part is loaded at the first call, so that commands without a database never pay for it.
 * Throws better-sqlite3's SqliteError when the file cannot be opened or is no database; callers turn that into a Failure.
 */
export function openSqlite(
  file: string,
  options: { readonly readonly?: boolean; readonly timeoutMs?: number } = {},
): Database {
  return new Sqlite(file, {
    readonly: options.readonly ?? false,
    timeout: options.timeoutMs ?? busyTimeoutMs,
    ...nativeBinding(),
  });
}

/** Where the native part is, so that it need not be searched for; where it is elsewhere, better-sqlite3 looks for it itself. */
function nativeBinding(): { nativeBinding?: string } {
  const { resolve } = createRequire(import.meta.url);
  const path = join(dirname(resolve('better-sqlite3/package.json')), 'build', 'Release', 'better_sqlite3.node');
  return existsSync(path) ? { nativeBinding: path } : {};
}

/** The `code` of a SqliteError (`SQLITE_BUSY`, `SQLITE_CORRUPT`, ...), or undefined for any other error. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'SqliteError') return undefined;
  return (error as Error & { code?: string }).code;
}
