import { assertNever } from '../core/assert-never.ts';
import { toStored } from './stored-json.ts';
import type { Bound } from './statements.ts';
import type { RunCondition, RunFilter } from './types.ts';

/** A piece of SQL and what its question marks stand for. Nothing that a caller wrote becomes SQL text. */
export interface SearchQuery {
  readonly sql: string;
  readonly bound: readonly Bound[];
}

/** Columns of RunRow, from `runs AS r`. */
export const runColumns = `r.number, r.id, r.name, r.status, r.started_at, r.ended_at,
  (SELECT name FROM experiments WHERE id = r.experiment) AS experiment,
  (SELECT id FROM runs WHERE number = r.parent) AS parent`;

/** The page of runs that a filter describes. */
export function pageQuery(filter: RunFilter): SearchQuery {
  const conditions = conditionsOf(filter);
  const order = orderOf(filter);
  return {
    sql: `SELECT ${runColumns} FROM runs AS r ${order.join} WHERE ${sqlOf(conditions)} ORDER BY ${order.by} LIMIT ? OFFSET ?`,
    bound: [...order.bound, ...boundOf(conditions), filter.limit ?? -1, filter.offset ?? 0],
  };
}

/** How many there are on all pages. */
export function countQuery(filter: RunFilter): SearchQuery {
  const conditions = conditionsOf(filter);
  const { join, bound } = orderOf(filter);
  return {
    sql: `SELECT count(*) AS count FROM runs AS r ${join} WHERE ${sqlOf(conditions)}`,
    bound: [...bound, ...boundOf(conditions)],
  };
}

const sqlOf = (conditions: readonly SearchQuery[]): string => conditions.map(({ sql }) => sql).join(' AND ') || 'true';
const boundOf = (conditions: readonly SearchQuery[]): Bound[] => conditions.flatMap(({ bound }) => bound);

function orderOf(filter: RunFilter): { join: string; bound: Bound[]; by: string } {
  if (filter.orderBy === undefined) return { join: '', bound: [], by: 'r.number DESC' };
  const direction = filter.orderBy.direction === 'ascending' ? 'ASC' : 'DESC';
  return {
    join: 'JOIN metrics AS o ON o.run = r.number AND o.key = ?',
    bound: [filter.orderBy.metric],
    by: `o.value ${direction} NULLS LAST, r.number DESC`,
  };
}

function conditionsOf(filter: RunFilter): SearchQuery[] {
  const found: SearchQuery[] = [];
  const add = (sql: string, ...bound: Bound[]): void => void found.push({ sql, bound });
  if (filter.experiment !== undefined)
    add('r.experiment = (SELECT id FROM experiments WHERE name = ?)', filter.experiment);
  if (filter.statuses !== undefined) {
    add(`r.status IN (${filter.statuses.map(() => '?').join(', ')})`, ...filter.statuses);
  }
  if (filter.parent === null) add('r.parent IS NULL');
  else if (filter.parent !== undefined) add('r.parent = (SELECT number FROM runs WHERE id = ?)', filter.parent);
  if (filter.before !== undefined) add('r.number < ?', filter.before);
  for (const condition of filter.where ?? []) found.push(conditionSql(condition));
  return found;
}

/** By way of the (key, value) index: a rare value is found without looking at every run. */
function conditionSql(condition: RunCondition): SearchQuery {
  const { key, is } = condition;
  const runsIn = (table: string, column: string, value: Bound): SearchQuery => ({
    sql: `r.number IN (SELECT run FROM ${table} WHERE key = ? AND ${column} ${is} ?)`,
    bound: [key, value],
  });
  switch (condition.on) {
    case 'param':
      if (is === '=' || is === '!=') return runsIn('params', 'value', toStored(condition.value));
      return runsIn('params', 'number', Number(condition.value));
    case 'metric':
      return runsIn('metrics', 'value', condition.value);
    case 'tag':
      return runsIn('tags', 'value', condition.value);
    default:
      return assertNever(condition);
  }
}
