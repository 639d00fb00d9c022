import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import { nearestNames } from '../../core/nearest.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import type { TableColumns } from '../columns/column.ts';
import { noColumns } from '../columns/column.ts';
import { readBytes } from '../io/files.ts';
import { formatCsv, parseCsv } from './csv.ts';
import type { CsvTable } from './csv.ts';
import { OtherCells, findOthers } from './other-columns.ts';
import type { OtherColumns } from './other-columns.ts';

/** Which file, which columns, and what its labels are called. */
export interface LabelledSource {
  readonly path: string;
  readonly textColumn: string;
  readonly labelColumn: string;
  /**
   * A map renames the labels of the file, a list only names those allowed; any other label is a failure.
   * Null takes the labels as they are found.
   */
  readonly labels: readonly string[] | Readonly<Record<string, string>> | null;
  /** None where it is not given. */
  readonly columns?: OtherColumns;
}

/** Texts with their labels, in the order of the file. */
export interface LabelledTexts {
  readonly texts: readonly string[];
  readonly labels: readonly string[];
  /** Rows that were left out: the text or the label is missing or only white space. */
  readonly blank: number;
  /** Other columns of the same rows, as their cells were written; none where they are not given. */
  readonly columns?: TableColumns;
}

/** Reads a CSV of labelled texts. Malformed rows, missing columns and unknown labels are failures that name the row. */
export async function readLabelledTexts(source: LabelledSource): Promise<Result<LabelledTexts>> {
  const bytes = await readBytes(source.path, 'data.path');
  if (!bytes.ok) return bytes;
  const table = await parseCsv(source.path, bytes.value);
  if (!table.ok) return table;
  const textAt = findColumn(table.value, source.textColumn, 'data.text_column');
  if (!textAt.ok) return textAt;
  const labelAt = findColumn(table.value, source.labelColumn, 'data.label_column');
  if (!labelAt.ok) return labelAt;
  const at = { text: textAt.value, label: labelAt.value };
  const others = findOthers(table.value, source.columns ?? [], at);
  if (!others.ok) return others;
  return pickRows(table.value, { ...at, others: new OtherCells(table.value, others.value) }, labelNames(source.labels));
}

function findColumn(table: CsvTable, column: string, param: string): Result<number> {
  const at = table.columns.indexOf(column);
  if (at >= 0) return ok(at);
  const near = nearestNames(column, table.columns);
  return err(failure('column-missing', { file: table.file, column, columns: table.columns, near, param }));
}

const labelNames = (labels: LabelledSource['labels']): ReadonlyMap<string, string> | undefined => {
  if (labels === null) return undefined;
  return new Map(Array.isArray(labels) ? labels.map((label: string) => [label, label]) : Object.entries(labels));
};

function pickRows(
  table: CsvTable,
  at: { readonly text: number; readonly label: number; readonly others: OtherCells },
  names: ReadonlyMap<string, string> | undefined,
): Result<LabelledTexts> {
  const texts: string[] = [];
  const labels: string[] = [];
  for (const { number, fields } of table.rows) {
    const text = fields[at.text] ?? '';
    const label = (fields[at.label] ?? '').trim();
    if (label === '' || !/\S/.test(text)) continue;
    const name = names === undefined ? label : names.get(label);
    if (name === undefined) return err(unknownLabel(table, number, label, [...(names?.keys() ?? [])]));
    const problem = at.others.add(number, fields);
    if (problem !== undefined) return err(problem);
    texts.push(text);
    labels.push(name);
  }
  if (texts.length === 0) return err(failure('table-empty', { file: table.file }));
  const columns = at.others.columns();
  return ok({ texts, labels, blank: table.rows.length - texts.length, ...(columns.size === 0 ? {} : { columns }) });
}

const unknownLabel = (table: CsvTable, row: number, label: string, known: readonly string[]): Failure =>
  failure('label-unknown', {
    file: table.file,
    row,
    line: table.lineOf(row),
    label: label.length > 40 ? `${label.slice(0, 40)}...` : label,
    known,
    near: nearestNames(label, known),
  });

/** Without rows whose text, label and other columns all stood there before. */
export function dropRepeated(data: LabelledTexts): LabelledTexts & { readonly repeated: number } {
  const { columns = noColumns } = data;
  const besideText = (at: number): string => JSON.stringify([data.labels[at], ...cellsOf(columns, at)]);
  /** The row in which each text stood first, and all that stood beside texts that came again: few of them do. */
  const firstRow = new Map<string, number>();
  const seen = new Set<string>();
  const isNew = data.texts.map((text, at) => {
    const first = firstRow.get(text);
    if (first === undefined) {
      firstRow.set(text, at);
      return true;
    }
    seen.add(`${besideText(first)}${text}`);
    const before = seen.size;
    return seen.add(`${besideText(at)}${text}`).size > before;
  });
  const pick = <T>(all: readonly T[]): T[] => all.filter((_, at) => isNew[at]);
  return {
    texts: pick(data.texts),
    labels: pick(data.labels),
    ...(data.columns === undefined ? {} : { columns: picked(columns, pick) }),
    blank: data.blank,
    repeated: isNew.filter((own) => !own).length,
  };
}

const picked = (columns: TableColumns, pick: <T>(all: readonly T[]) => T[]): TableColumns =>
  new Map(Array.from(columns, ([name, cells]) => [name, pick(cells)]));

const cellsOf = (columns: TableColumns, row: number): string[] =>
  Array.from(columns.values(), (cells) => String(cells[row] ?? ''));

/** Sorted distinct labels, and each row's number among them. */
export function encodeLabels(labels: readonly string[]): { readonly classes: string[]; readonly y: Int32Array } {
  const classes = [...new Set(labels)].sort();
  const numberOf = new Map(classes.map((name, number) => [name, number]));
  return { classes, y: Int32Array.from(labels, (label) => numberOf.get(label) ?? 0) };
}

/** The given rows as CSV text with the columns `text` and `label`, and the others behind them. */
export function formatLabelledTexts({ texts, labels, columns = noColumns }: LabelledTexts, rows: Int32Array): string {
  const others = [...columns.values()];
  function* lines(): Generator<readonly string[]> {
    for (const row of rows) {
      const own = [texts[row] ?? '', labels[row] ?? ''];
      for (const cells of others) own.push(String(cells[row] ?? ''));
      yield own;
    }
  }
  return formatCsv(['text', 'label', ...columns.keys()], lines());
}
