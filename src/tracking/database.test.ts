import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureExit, failureMessage, failureNext } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import { type Database, openSqlite } from '../core/sqlite.ts';
import { openStoreFile } from './database.ts';
import { migrations } from './migrations.ts';
import { openTrackingStore } from './sqlite-store.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mlp-store-'));
  file = join(folder, 'mlp.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const opened = (result: Result<Database>): Database => {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
};
const reasonOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.reason);
const create = () => openStoreFile(file, { access: 'create', timeoutMs: 50 });

describe('opening the store', () => {
  it('makes folder and file, in WAL mode, with foreign keys and strict tables', () => {
    const db = opened(openStoreFile(join(folder, 'a/b/mlp.db'), { access: 'create' }));
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1);
    const loose = db.prepare(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND strict = 0 AND name NOT LIKE 'sqlite_%'`,
    );
    expect(loose.all()).toStrictEqual([]);
    db.close();
  });

  it('never makes a file for a reader', () => {
    const result = openTrackingStore(join(folder, '.mlp/mlp.db'), { access: 'existing' });
    expect(reasonOf(result)).toBe('no-runs');
    expect(existsSync(join(folder, '.mlp'))).toBe(false);
  });

  it('says that a damaged file is damaged and leaves every byte of it', () => {
    writeFileSync(file, 'SQLite format 3\0 but no more of it'.repeat(100));
    const before = readFileSync(file);
    const result = create();
    expect(reasonOf(result)).toBe('store-corrupt');
    expect(result.ok ? '' : failureNext(result.error)).toContain('.recover');
    expect(readFileSync(file)).toStrictEqual(before);
  });

  it('says so when damage deeper in the file shows only later', async () => {
    opened(create()).close();
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.fill(0xff, 4096));
    const store = openTrackingStore(file, { access: 'existing' });
    const result = store.ok ? await store.value.listRuns({}) : store;
    expect(reasonOf(result)).toBe('store-corrupt');
  });

  it('leaves the database of another program alone', () => {
    const foreign = openSqlite(file);
    foreign.exec('CREATE TABLE notes (text TEXT)');
    foreign.close();
    const before = readFileSync(file);
    expect(reasonOf(create())).toBe('store-foreign');
    expect(readFileSync(file)).toStrictEqual(before);
  });

  it('refuses a file from a newer mlp without touching it', () => {
    const db = opened(create());
    db.pragma('user_version = 99');
    db.close();
    const before = readFileSync(file);
    const result = create();
    expect(result).toMatchObject({
      error: { reason: 'store-too-new', detail: { version: 99, known: migrations.length } },
    });
    expect(readFileSync(file)).toStrictEqual(before);
  });

  it('says that a locked file is locked, with the exit code of a busy workspace', () => {
    const holder = opened(create());
    holder.exec('PRAGMA user_version = 0; BEGIN EXCLUSIVE');
    const result = create();
    expect(reasonOf(result)).toBe('store-busy');
    expect(result.ok ? 0 : failureExit(result.error)).toBe(5);
    holder.close();
  });

  it('says that a folder cannot be written', () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    // Root may write anywhere, so a file stands where the folder should be.
    writeFileSync(join(locked, '.mlp'), '');
    chmodSync(locked, 0o500);
    const result = openStoreFile(join(locked, '.mlp/mlp.db'), { access: 'create' });
    chmodSync(locked, 0o700);
    expect(reasonOf(result)).toBe('store-unusable');
  });

  it('says that the disk is full, and keeps what was recorded', async () => {
    const db = opened(create());
    db.close();
    const store = openTrackingStore(file, { access: 'existing' });
    if (!store.ok) throw new Error('store');
    // Stands for the disk's limit: SQLite answers both with SQLITE_FULL. No public way leads to the connection.
    (store.value as unknown as { db: Database }).db.pragma('max_page_count = 1');
    const tags = { long: 'x'.repeat(1e6) };
    const process = { pid: 1, host: 'h', startedAt: null };
    const id = 'a'.repeat(32) as never;
    expect(reasonOf(await store.value.createRun({ id, experiment: 'e', startedAt: 1, process, tags }))).toBe(
      'store-full',
    );
    expect(await store.value.listRuns({})).toStrictEqual({ ok: true, value: [] });
    await store.value.close();
  });
});

describe('formats', () => {
  it('are steps that are taken once each, with what was recorded kept', () => {
    const first = opened(openStoreFile(file, { access: 'create', migrations: migrations.slice(0, 1) }));
    first.exec(`INSERT INTO experiments (name) VALUES ('kept')`);
    first.close();
    const second = opened(create());
    expect(second.prepare('SELECT name FROM experiments').all()).toStrictEqual([{ name: 'kept' }]);
    expect(second.prepare('SELECT count(*) AS n FROM models').get()).toStrictEqual({ n: 0 });
    expect(second.pragma('user_version', { simple: true })).toBe(migrations.length);
    second.close();
  });

  it('whose step fails leave the old file as it was', () => {
    opened(create()).close();
    const broken = [...migrations, { name: 'broken', sql: 'CREATE TABLE half (a TEXT); CREATE TABLE half (a TEXT)' }];
    expect(() => openStoreFile(file, { access: 'create', migrations: broken })).toThrow('already exists');
    const db = opened(create());
    expect(db.pragma('user_version', { simple: true })).toBe(migrations.length);
    expect(db.prepare(`SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'`).get()).toStrictEqual({ n: 0 });
    db.close();
  });
});
