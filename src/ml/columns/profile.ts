import { quantile } from '../../core/bootstrap.ts';
import { isJsonObject } from '../../core/json.ts';
import type { JsonValue } from '../../core/json.ts';
import { categoryOf, numberOf } from './column.ts';
import type { CellValue, ColumnInput, TableColumns } from './column.ts';

/** How a column was filled in training: enough to tell later whether it still is. */
export type ColumnProfile = NumberProfile | CategoryProfile;

interface NumberProfile {
  readonly name: string;
  readonly type: 'number';
  /** Share of the rows. */
  readonly missing: number;
  /** At 0, 5, 10, ... 100 % of the rows that have a number. */
  readonly quantiles: readonly number[];
}

interface CategoryProfile {
  readonly name: string;
  readonly type: 'string';
  readonly missing: number;
  /** How many there are. */
  readonly categories: number;
  /** Shares of the rows, the most frequent first, at most so many as below. */
  readonly shares: readonly (readonly [category: string, share: number])[];
}

const parts = 20;
const mostShares = 20;

/** Profiles of the columns that a model takes, of `rows` rows. */
export const columnProfiles = (inputs: readonly ColumnInput[], table: TableColumns, rows: number): ColumnProfile[] =>
  inputs.map(({ name, type }) => {
    const cells = Array.from({ length: rows }, (_, row): CellValue => table.get(name)?.[row]);
    return type === 'number' ? profileOfNumbers(name, cells) : profileOfCategories(name, cells);
  });

function profileOfNumbers(name: string, cells: readonly CellValue[]): NumberProfile {
  const present = Float64Array.from(cells, numberOf)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const quantiles = Array.from({ length: parts + 1 }, (_, part) =>
    Number(quantile(present, part / parts).toPrecision(6)),
  );
  return { name, type: 'number', missing: rounded(1 - present.length / cells.length), quantiles };
}

function profileOfCategories(name: string, cells: readonly CellValue[]): CategoryProfile {
  const counts = new Map<string, number>();
  for (const cell of cells) counts.set(categoryOf(cell), (counts.get(categoryOf(cell)) ?? 0) + 1);
  const missing = counts.get('') ?? 0;
  counts.delete('');
  const shares = [...counts]
    .sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1))
    .slice(0, mostShares)
    .map(([category, count]) => [category, rounded(count / cells.length)] as const);
  return { name, type: 'string', missing: rounded(missing / cells.length), categories: counts.size, shares };
}

const rounded = (value: number): number => Number(value.toFixed(4));

/** Reads back what stood in a stored profile; undefined when anything in it is wrong. */
export function columnProfilesFromJson(given: JsonValue | undefined): readonly ColumnProfile[] | undefined {
  if (!Array.isArray(given)) return undefined;
  return (given as readonly JsonValue[]).every(isColumnProfile) ? given : undefined;
}

function isColumnProfile(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  const { name, type, missing, quantiles, categories, shares } = value;
  if (typeof name !== 'string' || !isShare(missing)) return false;
  if (type === 'number') return Array.isArray(quantiles) && quantiles.length === parts + 1 && quantiles.every(isNumber);
  return type === 'string' && isNumber(categories) && Array.isArray(shares) && shares.every(isCategoryShare);
}

const isNumber = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value);
const isShare = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value <= 1;
const isCategoryShare = (pair: unknown): boolean =>
  Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string' && isShare(pair[1]);
