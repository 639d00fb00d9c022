/** A column of the table beside the text: an input that a model takes. Any of them may be missing in a row. */
export interface ColumnInput {
  readonly name: string;
  readonly type: 'number' | 'string';
}

/** What may stand in a cell. Null, undefined and blank texts are missing; a number may be written as a text, and a category as a number. */
export type CellValue = string | number | boolean | null | undefined;

/** Columns by name, as long as the texts they stand beside. One that is not there is missing in every row. */
export type TableColumns = ReadonlyMap<string, readonly CellValue[]>;

export const noColumns: TableColumns = new Map();

/** A row of a table that a model is asked about: its text, and other columns by name. */
export interface InputRow {
  readonly text: string;
  readonly [column: string]: CellValue;
}

/** What a model is asked about: a row, or a text alone, whose other columns are missing. */
export type ModelInput = string | InputRow;

/** The names that text and label have in files and requests, so that no other column can. */
export const reservedNames: readonly string[] = ['text', 'label', '__proto__'];

/** Larger numbers are refused: products of them would not stay finite. */
const mostNumber = 1e100;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;

/** The number in a cell; NaN where it is missing, undefined where it holds something else. */
export function readNumber(value: CellValue): number | undefined {
  if (value === null || value === undefined) return NaN;
  if (typeof value === 'boolean') return undefined;
  const trimmed = typeof value === 'string' ? value.trim() : '';
  if (typeof value === 'string' && trimmed === '') return NaN;
  if (typeof value === 'string' && !decimal.test(trimmed)) return undefined;
  const number = Number(value);
  return Math.abs(number) <= mostNumber ? number : undefined;
}

/** As `readNumber`; whatever is no number counts as missing. */
export const numberOf = (value: CellValue): number => readNumber(value) ?? NaN;

/** The category in a cell, without white space around it; '' where it is missing. */
export const categoryOf = (value: CellValue): string =>
  value === null || value === undefined ? '' : String(value).trim();

/** What is wrong with a cell, said so that it follows its place; undefined where nothing is. It repeats nothing of the cell. */
export function cellProblem(type: ColumnInput['type'], value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'object') return `is ${Array.isArray(value) ? 'a list' : 'an object'}, not a ${type}`;
  if (type === 'string') return undefined;
  return readNumber(value as CellValue) === undefined ? 'is no number, or one beyond 1e100' : undefined;
}

/** Rows of a model's inputs as texts and the columns that it takes. */
export function splitRows(
  rows: readonly ModelInput[],
  inputs: readonly ColumnInput[],
): { readonly texts: readonly string[]; readonly columns: TableColumns } {
  const texts = rows.map((row) => (typeof row === 'string' ? row : row.text));
  const cell = (row: ModelInput, name: string): CellValue =>
    typeof row !== 'string' && Object.hasOwn(row, name) ? row[name] : null;
  return { texts, columns: new Map(inputs.map(({ name }) => [name, rows.map((row) => cell(row, name))])) };
}

/** The inverse of `splitRows`: texts alone where there are no columns. */
export function joinRows(texts: readonly string[], columns: TableColumns): readonly ModelInput[] {
  if (columns.size === 0) return texts;
  return texts.map((text, row) => inputRow(text, columns, row));
}

/** One row of what `joinRows` gives. */
export const inputRow = (text: string, columns: TableColumns, row: number): InputRow => ({
  ...Object.fromEntries(Array.from(columns, ([name, values]) => [name, values[row] ?? null])),
  text,
});
