import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { failure } from '../core/failure.ts';
import { processIdentity } from '../core/process-identity.ts';
import { err, ok, type Result } from '../core/result.ts';
import { openSqlite, sqliteCode, type Database } from '../core/sqlite.ts';
import { systemProblem } from '../fs/system-problem.ts';

/** The right to change the workspace; one process has it at a time. */
export interface WorkspaceLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly command: string;
}

/**
 * Takes the lock, or says who has it. The lock is a write transaction held open on a small SQLite file: the operating system frees
 * it when its process ends in whatever way, so a killed process leaves nothing that a person must clean up.
 */
export function lockWorkspace(file: string, command: string): Result<WorkspaceLock> {
  let db: Database | undefined;
  try {
    db = openLockFile(file);
    const held = db;
    hold(held, command);
    return ok({
      release: () => {
        held.close();
      },
    });
  } catch (error) {
    const code = sqliteCode(error);
    if (code === undefined) {
      return err(systemProblem(error, { what: 'take the lock', path: '.mlp/lock' }));
    }
    const holder = db === undefined ? undefined : holderOf(db);
    db?.close();
    if (code.startsWith('SQLITE_BUSY')) {
      return err(failure('workspace-busy', holder ?? { pid: 0, host: 'unknown', command: 'mlp' }));
    }
    return err(
      failure('file-access', { what: 'take the lock', path: '.mlp/lock', why: (error as Error).message, code }),
    );
  }
}

const table = 'CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY, pid INTEGER, host TEXT, command TEXT)';

/** There is nothing of value in the file, so a damaged one (nobody can hold it) is made anew. */
function openLockFile(file: string): Database {
  mkdirSync(dirname(file), { recursive: true });
  try {
    return prepared(file);
  } catch (error) {
    const code = sqliteCode(error) ?? '';
    if (code !== 'SQLITE_NOTADB' && !code.startsWith('SQLITE_CORRUPT')) throw error;
    for (const suffix of ['', '-journal']) rmSync(file + suffix, { force: true });
    return prepared(file);
  }
}

function prepared(file: string): Database {
  const db = openSqlite(file, { timeoutMs: 50 });
  try {
    db.pragma('synchronous = OFF');
    db.exec(table);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function hold(db: Database, command: string): void {
  const { pid, host } = processIdentity();
  for (;;) {
    // Committed before the lock is held, so that others can read who it is.
    db.prepare('INSERT OR REPLACE INTO holder VALUES (1, ?, ?, ?)').run(pid, host, command);
    db.exec('BEGIN IMMEDIATE');
    // Another process may have written its name between the two, and then waits in vain: the name must be the holder's.
    if (holderOf(db)?.pid === pid) return;
    db.exec('ROLLBACK');
  }
}

function holderOf(db: Database): Holder | undefined {
  try {
    return db.prepare('SELECT pid, host, command FROM holder WHERE id = 1').get() as Holder | undefined;
  } catch {
    return undefined;
  }
}
