import { isRunId } from '../core/brands.ts';
import { failure } from '../core/failure.ts';
import { nearestNames } from '../core/nearest.ts';
import { err, ok, type Result } from '../core/result.ts';
import { type StoredRun, toRunRow } from './run-rows.ts';
import { runColumns } from './run-search.ts';
import type { Statements } from './statements.ts';
import type { RunRow } from './types.ts';

/** How many of the newest names a mistyped one is compared with. */
const namesCompared = 2000;

/** The one run that a reference means; see TrackingStore.findRun for what may be written. */
export function findRunRow(statements: Statements, reference: string): Result<RunRow> {
  const found = candidates(statements, reference);
  const [first, ...others] = found;
  if (first !== undefined && others.length === 0) return ok(toRunRow(first));
  if (first !== undefined) return err(failure('ambiguous-run', { reference, names: found.map(({ name }) => name) }));
  const names = statements.all<{ name: string }>(`SELECT name FROM runs ORDER BY number DESC LIMIT ${namesCompared}`);
  const near = nearestNames(
    reference,
    names.map(({ name }) => name),
  );
  return err(failure('unknown-run', { reference, near }));
}

/** From the most exact reading to the loosest; the first reading that finds something counts. */
function candidates(statements: Statements, reference: string): StoredRun[] {
  const select = `SELECT ${runColumns} FROM runs AS r`;
  const one = (where: string, bound: string | number): StoredRun[] =>
    statements.all<StoredRun>(`${select} WHERE ${where} LIMIT 1`, bound);
  const newest = /^@([1-9]\d{0,8})$/.exec(reference)?.[1];
  if (newest !== undefined) {
    return statements.all<StoredRun>(`${select} ORDER BY r.number DESC LIMIT 1 OFFSET ?`, Number(newest) - 1);
  }
  if (isRunId(reference)) return one('r.id = ?', reference);
  const byName = one('r.name = ?', reference);
  if (byName.length > 0) return byName;
  const byNumber = /^\d{1,9}$/.test(reference) ? one('r.number = ?', Number(reference)) : [];
  if (byNumber.length > 0) return byNumber;
  const byId = /^[0-9a-f]{4,31}$/.test(reference) ? startingWith(statements, 'id', reference) : [];
  return byId.length > 0 || reference === '' ? byId : startingWith(statements, 'name', reference);
}

/** At most 4: enough to say what it may be. Ids and names are ASCII, so `~` ends every continuation. */
function startingWith(statements: Statements, column: 'id' | 'name', prefix: string): StoredRun[] {
  return statements.all<StoredRun>(
    `SELECT ${runColumns} FROM runs AS r WHERE r.${column} >= ? AND r.${column} < ? ORDER BY r.number DESC LIMIT 4`,
    prefix,
    `${prefix}~`,
  );
}
