import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { failure, type Failure } from '../core/failure.ts';
import { isAlive, processIdentity } from '../core/process-identity.ts';
import { explained, refusalOfWriting } from '../core/refusal.ts';
import { err, ok, type Result } from '../core/result.ts';
import { openSqlite, sqliteCode, type Database } from '../core/sqlite.ts';
import { systemProblem } from '../fs/system-problem.ts';

/** The right to change the workspace; one process has it at a time. */
export interface WorkspaceLock {
  release(): void;
}

/** Who has the lock, and for which stages; `undefined` stages are all of them. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly command: string;
  readonly stages: readonly string[] | undefined;
}

interface Claim {
  /** Absolute. */
  readonly file: string;
  readonly command: string;
  /** Names of the stages to work on; absent: all of them. */
  readonly stages?: readonly string[];
}

export interface LockRequest extends Claim {
  /** Whether to wait for this holder, rather than give up at once. Asked again when another one has taken its place. */
  readonly waitsFor: (holder: LockHolder) => boolean;
  /** Told once of each holder that is waited for. */
  readonly onWait: (holder: LockHolder) => void;
  readonly signal: AbortSignal;
}

/** A lock that is free is had this much later at most. The attempt itself takes a millisecond or two. */
const lookMs = 150;

/** Takes the lock for all stages, or says who has it. */
export function lockWorkspace(file: string, command: string): Result<WorkspaceLock> {
  const taken = takeOnce({ file, command });
  if (!taken.ok) return taken;
  return 'release' in taken.value ? ok(taken.value) : err(failure('workspace-busy', taken.value));
}

/**
 * Takes the lock, waits for it, or says who has it. The lock is a write transaction held open on a small SQLite file: the operating
 * system frees it when its process ends in whatever way, so a killed process leaves nothing that a person must clean up.
 */
export async function awaitWorkspace(request: LockRequest): Promise<Result<WorkspaceLock>> {
  let told = '';
  for (let look = 1; ; look++) {
    // Opened anew each time: what is waited for may take the whole state folder away.
    const taken = takeOnce(request);
    if (!taken.ok) return taken;
    if ('release' in taken.value) return ok(taken.value);
    const holder = taken.value;
    // The name of one that has just ended may stand there while the next writes its own, or none while several make the file.
    const settled = look > (holder.pid === 0 ? 10 : 1) || (holder.pid > 0 && isAlive({ ...holder, startedAt: null }));
    if (settled && !request.waitsFor(holder)) return err(failure('workspace-busy', holder));
    const name = `${holder.pid} on ${holder.host}`;
    if (settled && name !== told) request.onWait(holder);
    if (settled) told = name;
    await sleep(lookMs, undefined, { signal: request.signal }).catch(() => undefined);
    if (request.signal.aborted) return err(failure('wait-interrupted', holder));
  }
}

/** One attempt: the lock, or who has it. */
function takeOnce(request: Claim): Result<WorkspaceLock | LockHolder> {
  let db: Database | undefined;
  try {
    db = openLockFile(request.file);
    const held = db;
    hold(held, request);
    return ok({
      release: () => {
        held.close();
      },
    });
  } catch (error) {
    const code = sqliteCode(error);
    const holder = db === undefined ? undefined : holderOf(db);
    db?.close();
    if (code === undefined) return err(systemProblem(error, { what: 'take the lock', path: '.mlp/lock' }));
    if (code.startsWith('SQLITE_BUSY')) {
      return ok(holder ?? unknownHolder);
    }
    return err(refusedLock(request.file, error as Error, code));
  }
}

/** SQLite's own words do not tell what to mend: the file system is asked. */
function refusedLock(file: string, error: Error, code: string): Failure {
  const system = refusalOfWriting(file) ?? (code === 'SQLITE_FULL' ? 'ENOSPC' : code);
  const why = explained(system) ?? error.message;
  return failure('file-access', { what: 'take the lock', path: '.mlp/lock', why, code: system });
}

/** Who has the lock now. Changes nothing, and never waits. */
export function lockHolder(file: string): LockHolder | undefined {
  if (!existsSync(file)) return undefined;
  let db: Database | undefined;
  try {
    db = openSqlite(file, { timeoutMs: 0 });
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    return undefined;
  } catch (error) {
    // A lock file that is damaged, or that this user may not open, is nobody's; whoever takes the lock next makes it anew or says so.
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY') !== true || db === undefined) return undefined;
    return holderOf(db) ?? unknownHolder;
  } finally {
    db?.close();
  }
}

const unknownHolder: LockHolder = { pid: 0, host: 'unknown', command: 'mlp', stages: undefined };

const table =
  'CREATE TABLE IF NOT EXISTS work (id INTEGER PRIMARY KEY, pid INTEGER, host TEXT, command TEXT, stages TEXT)';

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

function hold(db: Database, { command, stages }: Claim): void {
  const { pid, host } = processIdentity();
  const names = stages === undefined ? null : JSON.stringify(stages);
  for (;;) {
    // Committed before the lock is held, so that others can read who it is.
    db.prepare('INSERT OR REPLACE INTO work VALUES (1, ?, ?, ?, ?)').run(pid, host, command, names);
    db.exec('BEGIN IMMEDIATE');
    // Another process may have written its name between the two, and then waits in vain: the name must be the holder's.
    const named = holderOf(db);
    if (named?.pid === pid && named.host === host) return;
    db.exec('ROLLBACK');
  }
}

function holderOf(db: Database): LockHolder | undefined {
  try {
    const sql = 'SELECT pid, host, command, stages FROM work WHERE id = 1';
    const row = db.prepare(sql).get() as { pid: number; host: string; command: string; stages: string | null };
    return { ...row, stages: row.stages === null ? undefined : (JSON.parse(row.stages) as string[]) };
  } catch {
    return undefined;
  }
}
