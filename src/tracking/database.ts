import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { failure } from '../core/failure.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type Database, openSqlite, sqliteCode } from '../core/sqlite.ts';
import { type Migration, migrations as allMigrations } from './migrations.ts';
import { storeFailure } from './store-failure.ts';

export interface StoreOpening {
  /** `existing` never makes a file: a project without runs is told so. `create` makes file and folder. */
  readonly access: 'create' | 'existing';
  /** How long a write waits for another process's write, in milliseconds. */
  readonly timeoutMs?: number;
  /** Other than the published ones in tests only. */
  readonly migrations?: readonly Migration[];
}

/** "mlp" and a 1: marks the file as ours in its header (PRAGMA application_id). */
const applicationId = 0x6d6c7001;

/**
 * Opens the store of runs and models, brought to the newest format.
 * A file that is damaged, foreign, from a newer mlp, locked or out of reach is a failure, and is left as it was.
 */
export function openStoreFile(file: string, opening: StoreOpening): Result<Database> {
  let db: Database | undefined;
  try {
    if (!existsSync(file)) {
      if (opening.access === 'existing') return err(failure('no-runs', { file }));
      mkdirSync(dirname(file), { recursive: true });
    }
    db = openSqlite(file, opening.timeoutMs === undefined ? {} : { timeoutMs: opening.timeoutMs });
    const migrated = migrate(db, file, opening.migrations ?? allMigrations);
    if (!migrated.ok) {
      db.close();
      return migrated;
    }
    prepareConnection(db, opening.timeoutMs ?? 10_000);
    return ok(db);
  } catch (error) {
    db?.close();
    return err(storeFailure(file, error));
  }
}

/**
 * All missing steps in one transaction, so that a step that fails leaves the file as it was.
 * The format is read again inside of it: another process may have been faster.
 */
function migrate(db: Database, file: string, migrations: readonly Migration[]): Result<void> {
  const known = migrations.length;
  // In one transaction, or a file that another process makes at this moment could look foreign.
  const version = storeFormat(db, file, known);
  if (!version.ok) return version;
  if (version.value === known) return ok(undefined);
  db.transaction(() => {
    for (const { sql } of migrations.slice(formatOf(db))) db.exec(sql);
    if (formatOf(db) < known) db.pragma(`user_version = ${known}`);
    db.pragma(`application_id = ${applicationId}`);
  }).immediate();
  return ok(undefined);
}

/** The format of a store that this mlp knows; `file` is for messages. Changes nothing. */
export function storeFormat(db: Database, file: string, known = allMigrations.length): Result<number> {
  const { version, foreign } = db.transaction(() => identify(db))();
  if (foreign) return err(failure('store-foreign', { file }));
  return version > known ? err(failure('store-too-new', { file, version, known })) : ok(version);
}

const formatOf = (db: Database): number => db.pragma('user_version', { simple: true }) as number;

/** An empty file is as good as none; one with another program's mark or tables is not ours to change. */
function identify(db: Database): { version: number; foreign: boolean } {
  const version = formatOf(db);
  const mark = db.pragma('application_id', { simple: true }) as number;
  const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as { tables: number };
  return { version, foreign: mark !== applicationId && (version > 0 || tables > 0) };
}

/** Settings that belong to the connection. WAL is a property of the file, and needs a moment without other connections. */
function prepareConnection(db: Database, timeoutMs: number): void {
  db.pragma('foreign_keys = ON');
  db.pragma('recursive_triggers = ON');
  // A promotion that was announced must survive a power cut: in WAL mode NORMAL would lose the last transactions.
  db.pragma('synchronous = FULL');
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      if (db.pragma('journal_mode', { simple: true }) !== 'wal') db.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      // SQLite does not wait by itself for this lock when two processes make the same new file.
      if (sqliteCode(error)?.startsWith('SQLITE_BUSY') !== true || Date.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}
