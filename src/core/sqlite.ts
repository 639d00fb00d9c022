import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';

export type Database = BetterSqlite3.Database;
export type Statement<P extends unknown[] = unknown[], R = unknown> = BetterSqlite3.Statement<P, R>;

/** How long a statement waits for another process's write before it gives up, in milliseconds. */
const busyTimeoutMs = 10_000;

/**
 * Opens a SQLite file. The native module is loaded at the first call, so that commands without a database never pay for it.
 * Throws better-sqlite3's SqliteError when the file cannot be opened or is no database; callers turn that into a Failure.
 */
export function openSqlite(
  file: string,
  options: { readonly readonly?: boolean; readonly timeoutMs?: number } = {},
): Database {
  const require = createRequire(import.meta.url);
  const Sqlite = require('better-sqlite3') as typeof BetterSqlite3;
  return new Sqlite(file, { readonly: options.readonly ?? false, timeout: options.timeoutMs ?? busyTimeoutMs });
}

/** The `code` of a SqliteError (`SQLITE_BUSY`, `SQLITE_CORRUPT`, ...), or undefined for any other error. */
export function sqliteCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || error.name !== 'SqliteError') return undefined;
  return (error as Error & { code?: string }).code;
}
