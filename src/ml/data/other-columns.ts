import type { ColumnInput, TableColumns } from '../columns/column.ts';
import { readNumber, reservedNames } from '../columns/column.ts';
import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { CsvTable } from './csv.ts';

/** Which columns beside text and label are read: those named, of which numbers are checked, or all as they stand. */
export type OtherColumns = readonly ColumnInput[] | 'all';

/** Where a column stands in the file, and what its cells must be; null for anything. */
interface Place {
  readonly name: string;
  readonly at: number;
  readonly type: ColumnInput['type'] | null;
}

/** Where the columns stand; one that is missing, or has the name of text or label, is a failure. */
export function findOthers(
  table: CsvTable,
  others: OtherColumns,
  taken: { readonly text: number; readonly label: number },
): Result<readonly Place[]> {
  if (others === 'all') {
    const all = table.columns.map((name, at) => ({ name, at, type: null }));
    return ok(all.filter(({ name, at }) => at !== taken.text && at !== taken.label && !reservedNames.includes(name)));
  }
  const places: Place[] = [];
  for (const { name, type } of others) {
    const param = `data.${type === 'number' ? 'numeric_columns' : 'categorical_columns'}`;
    const problem = nameProblem(name, table.columns.indexOf(name), taken, places);
    if (problem !== undefined) return err(failure('learning-param', { param, problem, near: [] }));
    const at = table.columns.indexOf(name);
    if (at < 0) {
      const near = nearestNames(name, table.columns);
      return err(failure('column-missing', { file: table.file, column: name, columns: table.columns, near, param }));
    }
    places.push({ name, at, type });
  }
  return ok(places);
}

function nameProblem(
  name: string,
  at: number,
  taken: { readonly text: number; readonly label: number },
  before: readonly Place[],
): string | undefined {
  if (reservedNames.includes(name)) return `names "${name}", a name that is taken: call the column another name`;
  if (at >= 0 && at === taken.text) return `names "${name}", which is the text`;
  if (at >= 0 && at === taken.label) return `names "${name}", which is the label`;
  return before.some((place) => place.name === name) ? `names "${name}", which is named already` : undefined;
}

/** Cells of the kept rows, without white space around them. */
export class OtherCells {
  readonly #table: CsvTable;
  readonly #places: readonly Place[];
  readonly #cells: readonly string[][];

  constructor(table: CsvTable, places: readonly Place[]) {
    this.#table = table;
    this.#places = places;
    this.#cells = places.map(() => []);
  }

  /** Keeps a row's cells; a failure names the first that is no number where one belongs. */
  add(number: number, fields: readonly string[]): Failure | undefined {
    for (const [place, { name, at, type }] of this.#places.entries()) {
      const cell = (fields[at] ?? '').trim();
      if (type === 'number' && readNumber(cell) === undefined) {
        const { file } = this.#table;
        const shown = cell.length > 40 ? `${cell.slice(0, 40)}...` : cell;
        return failure('number-invalid', { file, row: number, line: this.#table.lineOf(number), column: name, cell: shown });
      }
      this.#cells[place]?.push(cell);
    }
    return undefined;
  }

  columns(): TableColumns {
    return new Map(this.#places.map(({ name }, place) => [name, this.#cells[place] ?? []]));
  }
}
