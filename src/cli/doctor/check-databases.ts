import { existsSync, statSync } from 'node:fs';
import { explained, refusalOfWriting } from '../../core/refusal.ts';
import { ok } from '../../core/result.ts';
import { openSqlite, sqliteCode, type Database } from '../../core/sqlite.ts';
import { places, placeOf } from '../../core/workspace.ts';
import { removeStateDb } from '../../fs/state-db.ts';
import { formatBytes } from '../../report/format.ts';
import { storeFormat } from '../../tracking/database.ts';
import { storeFailure } from '../../tracking/store-failure.ts';
import { findingOf, type Finding, type Site } from './finding.ts';

const area = 'records';

/** The databases, by SQLite's own checks. What is checked is not opened the way commands open it, which would renew or upgrade it. */
export function checkDatabases(site: Site): Finding[] {
  return [...storeFindings(site), ...stateFindings(site)];
}

function storeFindings({ workspace, quick }: Site): Finding[] {
  const subject = places.store;
  const file = placeOf(workspace, 'store');
  if (!existsSync(file)) return [{ area, subject, verdict: 'ok', text: 'no runs yet' }];
  try {
    const said = withDatabase(file, (db) => {
      const format = storeFormat(db, subject);
      return format.ok ? { damage: damageOf(db, quick) } : { failure: format.error };
    });
    if (said.failure !== undefined) return [findingOf(area, subject, said.failure)];
    if (said.damage === undefined) return [{ area, subject, verdict: 'ok', text: `sound, ${sizeOf(file)}` }];
    return [findingOf(area, subject, { reason: 'store-corrupt', detail: { file: subject, problem: said.damage } })];
  } catch (error) {
    return [findingOf(area, subject, storeFailure(subject, error))];
  }
}

/** What is lost with this one is only time. */
function stateFindings({ workspace, quick }: Site): Finding[] {
  const subject = places.state;
  const file = placeOf(workspace, 'state');
  if (!existsSync(file)) return [];
  let damage: string | undefined;
  try {
    damage = withDatabase(file, (db) => damageOf(db, quick));
  } catch (error) {
    const code = sqliteCode(error);
    if (code === undefined) throw error;
    if (/^SQLITE_(BUSY|LOCKED)/.test(code))
      return [{ area, subject, verdict: 'note', text: 'in use by another process; not looked at' }];
    if (!/^SQLITE_(CORRUPT|NOTADB)/.test(code)) {
      const refused = refusalOfWriting(file) ?? code;
      const text = `cannot be opened: ${explained(refused) ?? (error as Error).message} (${refused}); it only saves time`;
      return [{ area, subject, verdict: 'note', text }];
    }
    damage = (error as Error).message;
  }
  if (damage === undefined) return [{ area, subject, verdict: 'ok', text: `sound, ${sizeOf(file)}` }];
  const mend = (): ReturnType<NonNullable<Finding['mend']>> => {
    removeStateDb(file);
    return ok('removed; the next command makes it anew');
  };
  const next = 'mlp doctor --fix removes it; it only saves time';
  return [{ area, subject, verdict: 'problem', text: `damaged: ${damage}`, next, mend }];
}

function withDatabase<T>(file: string, look: (db: Database) => T): T {
  const db = openSqlite(file, { timeoutMs: 2000 });
  try {
    db.pragma('query_only = ON');
    return look(db);
  } finally {
    db.close();
  }
}

/** The first thing that SQLite finds wrong with pages, indices or references between tables. */
function damageOf(db: Database, quick: boolean): string | undefined {
  const found = db.pragma(quick ? 'quick_check(1)' : 'integrity_check(1)', { simple: true }) as string;
  if (found !== 'ok') return found.split('\n', 2).join(' ');
  const dangling = db.pragma('foreign_key_check') as { table: string; parent: string }[];
  const [first] = dangling;
  return first === undefined
    ? undefined
    : `${dangling.length} rows of ${first.table} name a row of ${first.parent} that is not there`;
}

const sizeOf = (file: string): string => formatBytes(statSync(file).size);
