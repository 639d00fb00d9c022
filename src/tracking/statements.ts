import type { Database, Statement } from '../core/sqlite.ts';

/** What a statement takes: better-sqlite3 binds no booleans and no undefined. */
export type Bound = string | number | null;

/** Prepared statements of one connection, each compiled once. */
export class Statements {
  private readonly db: Database;
  private readonly prepared = new Map<string, Statement>();

  constructor(db: Database) {
    this.db = db;
  }

  all<Row>(sql: string, ...bound: Bound[]): Row[] {
    return this.prepare(sql).all(...bound) as Row[];
  }

  /** The number of rows it changed, and the key of the row it inserted. */
  run(sql: string, ...bound: Bound[]): { changes: number; key: number } {
    const { changes, lastInsertRowid } = this.prepare(sql).run(...bound);
    return { changes, key: Number(lastInsertRowid) };
  }

  /** All or nothing, holding the write lock from the start: what is read inside stays true until the end. */
  write<T>(work: () => T): T {
    return this.db.transaction(work).immediate();
  }

  /** Several reads that see the same moment. */
  read<T>(work: () => T): T {
    return this.db.transaction(work).deferred();
  }

  private prepare(sql: string): Statement {
    let statement = this.prepared.get(sql);
    if (statement === undefined) {
      statement = this.db.prepare(sql);
      this.prepared.set(sql, statement);
    }
    return statement;
  }
}
