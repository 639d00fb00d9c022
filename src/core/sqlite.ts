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
  const db = new Sqlite(file, {
    readonly: options.readonly ?? false,
    timeout: options.timeoutMs ?? busyTimeoutMs,
    ...nativeBinding(),
  });
  if (collectsUnsafely) keepFromCollection(db);
  return db;
}

/**
 * From Node 24.19 on, collecting an object of better-sqlite3 12 as garbage aborts the process (better-sqlite3's issue 1515); its next
 * line needs Node 22. So there its objects live as long as the process: callers prepare each statement once.
 */
const collectsUnsafely = Number(process.versions.node.split('.')[0]) >= 24;
const kept = new Set<unknown>();

interface NativeDatabase {
  prepare(...words: unknown[]): unknown;
}

function keepFromCollection(db: Database): void {
  // The type of a database does not tell of the symbols under which it keeps its native handle.
  const handles = Object.getOwnPropertySymbols(db).map((symbol) => (db as unknown as Record<symbol, unknown>)[symbol]);
  for (const native of handles.filter(isNativeDatabase)) {
    const prepare = native.prepare.bind(native);
    kept.add(db).add(native);
    native.prepare = (...words) => {
      const statement = prepare(...words);
      kept.add(statement);
      return statement;
    };
  }
}

const isNativeDatabase = (value: unknown): value is NativeDatabase =>
  typeof value === 'object' && value !== null && 'prepare' in value && typeof value.prepare === 'function';

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
