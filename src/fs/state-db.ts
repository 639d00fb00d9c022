import { mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { asContentHash, type ContentHash } from '../core/brands.ts';
import { openSqlite, sqliteCode, type Database, type Statement } from '../core/sqlite.ts';
import type { FileIdentity } from './identity.ts';

/** Changes whenever the tables do; another number means that the file is thrown away and made anew. */
const schemaVersion = 1;

/** So much that was learnt waits in memory for one transaction. */
const writesAtOnce = 10_000;

type Write = readonly [sql: string, values: readonly unknown[]];

interface FileRow {
  size: number;
  mtime: number;
  ctime: number;
  ino: number;
  mode: number;
  hash: string;
}

interface FolderRow {
  signature: string;
  hash: string;
  size: number;
  files: number;
}

/**
 * What earlier commands learnt about the workspace and need not learn again: hashes by file identity, and parsed files by content.
 * Disposable: a file that is missing, damaged or of another version is made anew, and one that cannot be written is done without.
 */
export class StateDb {
  readonly #db: Database | undefined;
  readonly #statements = new Map<string, Statement>();
  readonly #writes: Write[] = [];
  /** What was learnt by this process and is not written yet, by kind and path. */
  readonly #fresh = new Map<string, unknown>();

  constructor(file: string) {
    this.#db = openOrRenew(file);
  }

  /** The remembered hash of a file, if it is still the file that was hashed. */
  fileHash(path: string, identity: FileIdentity): ContentHash | undefined {
    const sql = 'SELECT size, mtime, ctime, ino, mode, hash FROM files WHERE path = ?';
    const row = (this.#fresh.get(`file ${path}`) ?? this.#get(sql, path)) as FileRow | undefined;
    const same =
      row?.size === identity.size &&
      row.mtime === identity.mtimeMs &&
      row.ctime === identity.ctimeMs &&
      row.ino === identity.ino &&
      row.mode === identity.mode;
    return same ? asContentHash(row.hash) : undefined;
  }

  rememberFile(path: string, identity: FileIdentity, hash: ContentHash): void {
    const { size, mtimeMs, ctimeMs, ino, mode } = identity;
    this.#fresh.set(`file ${path}`, { size, mtime: mtimeMs, ctime: ctimeMs, ino, mode, hash });
    this.#later(
      'INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)',
      path,
      size,
      mtimeMs,
      ctimeMs,
      ino,
      mode,
      hash,
    );
  }

  /** The remembered content of a directory whose files have the identities that `signature` sums up. */
  folder(path: string, signature: string): { hash: ContentHash; size: number; files: number } | undefined {
    const sql = 'SELECT signature, hash, size, files FROM folders WHERE path = ?';
    const row = (this.#fresh.get(`folder ${path}`) ?? this.#get(sql, path)) as FolderRow | undefined;
    return row?.signature === signature
      ? { hash: asContentHash(row.hash), size: row.size, files: row.files }
      : undefined;
  }

  rememberFolder(path: string, signature: string, found: { hash: ContentHash; size: number; files: number }): void {
    this.#fresh.set(`folder ${path}`, { signature, ...found });
    this.#later(
      'INSERT OR REPLACE INTO folders VALUES (?, ?, ?, ?, ?)',
      path,
      signature,
      found.hash,
      found.size,
      found.files,
    );
  }

  /** A value derived from content with this key (kind and content hash), as JSON text. */
  memo(key: string): string | undefined {
    const fresh = this.#fresh.get(`memo ${key}`) as string | undefined;
    const row = this.#get('SELECT value FROM memos WHERE key = ?', key) as { value: string } | undefined;
    return fresh ?? row?.value;
  }

  rememberMemo(key: string, value: string): void {
    this.#fresh.set(`memo ${key}`, value);
    this.#later('INSERT OR REPLACE INTO memos VALUES (?, ?, unixepoch())', key, value);
  }

  /** Makes many reads cheap, which would each lock the file: until the function that is returned is called, they see one moment. */
  readTogether(): () => void {
    const db = this.#db;
    if (db === undefined || db.inTransaction || !this.#attempt(() => db.exec('BEGIN'))) return () => undefined;
    return () => {
      this.#attempt(() => db.exec('COMMIT'));
    };
  }

  /** Writes what was learnt in one transaction. A failure is no failure: the same is learnt again next time. */
  save(): void {
    const db = this.#db;
    const writes = this.#writes.splice(0);
    if (db === undefined || writes.length === 0) return;
    const written = this.#attempt(() => {
      db.transaction(() => {
        for (const [sql, values] of writes) this.#prepare(sql)?.run(...values);
        db.exec('DELETE FROM memos WHERE key NOT IN (SELECT key FROM memos ORDER BY at DESC LIMIT 200)');
      })();
    });
    if (written) this.#fresh.clear();
  }

  close(): void {
    this.save();
    this.#db?.close();
  }

  #get(sql: string, key: string): unknown {
    try {
      return this.#prepare(sql)?.get(key);
    } catch (error) {
      if (sqliteCode(error) === undefined) throw error;
      return undefined;
    }
  }

  #attempt(work: () => void): boolean {
    try {
      work();
      return true;
    } catch (error) {
      if (sqliteCode(error) === undefined) throw error;
      return false;
    }
  }

  #later(sql: string, ...values: readonly unknown[]): void {
    if (this.#db === undefined) return;
    this.#writes.push([sql, values]);
    if (this.#writes.length >= writesAtOnce) this.#saveBetween();
  }

  /** Also while many reads see one moment: what is learnt of a directory of very many files does not wait in memory. */
  #saveBetween(): void {
    const db = this.#db;
    const together = db?.inTransaction === true && this.#attempt(() => db.exec('COMMIT'));
    this.save();
    if (together) this.#attempt(() => db.exec('BEGIN'));
  }

  #prepare(sql: string): Statement | undefined {
    const known = this.#statements.get(sql);
    if (known !== undefined || this.#db === undefined) return known;
    const prepared = this.#db.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

function openOrRenew(file: string): Database | undefined {
  for (const attempt of [1, 2]) {
    try {
      mkdirSync(dirname(file), { recursive: true });
      return prepare(openSqlite(file, { timeoutMs: 2000 }));
    } catch (error) {
      const code = sqliteCode(error) ?? (error as NodeJS.ErrnoException).code;
      if (code === undefined) throw error;
      if (attempt === 1 && (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))) removeStateDb(file);
    }
  }
  return undefined;
}

/** Removes the file with all that SQLite keeps beside it. */
export function removeStateDb(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(file + suffix, { force: true });
}

function prepare(db: Database): Database {
  // No waiting for the disk: what a power failure takes is only learnt again.
  db.pragma('synchronous = OFF');
  if (db.pragma('user_version', { simple: true }) === schemaVersion) return db;
  db.pragma('journal_mode = WAL');
  db.transaction(() => {
    db.exec('DROP TABLE IF EXISTS files; DROP TABLE IF EXISTS folders; DROP TABLE IF EXISTS memos');
    db.exec(`
      CREATE TABLE files (path TEXT PRIMARY KEY, size INTEGER, mtime REAL, ctime REAL, ino INTEGER, mode INTEGER, hash TEXT) WITHOUT ROWID;
      CREATE TABLE folders (path TEXT PRIMARY KEY, signature TEXT, hash TEXT, size INTEGER, files INTEGER) WITHOUT ROWID;
      CREATE TABLE memos (key TEXT PRIMARY KEY, value TEXT, at INTEGER);
    `);
    db.pragma(`user_version = ${schemaVersion}`);
  }).immediate();
  return db;
}
