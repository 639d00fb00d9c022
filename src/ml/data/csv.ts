import { isUtf8 } from 'node:buffer';
import type Papa from 'papaparse';
import { failure } from '../../core/failure.ts';
import type { Failure } from '../../core/failure.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { plainRows } from './plain-csv.ts';

/** A table read from CSV: RFC 4180 with a header row, UTF-8. */
export interface CsvTable {
  readonly file: string;
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
  /** Line of the file that a row starts on, counted from 1; reads the file again, so it is for messages. */
  lineOf(row: number): number;
}

interface CsvRow {
  /** Number of the row in the file, blank ones counted; the header is row 1, as spreadsheets show it. */
  readonly number: number;
  /** As many as the table has columns. */
  readonly fields: readonly string[];
}

/** All rows, and the line that each starts on. */
interface Lines {
  readonly rows: readonly (readonly string[])[];
  readonly lineOf: (row: number) => number;
}

type Parser = typeof Papa;

/** Reads a table and checks its form: every row as wide as the header, every quote closed. Wholly blank lines are passed over. */
export async function parseCsv(file: string, bytes: Uint8Array): Promise<Result<CsvTable>> {
  if (!isUtf8(bytes)) return err(notUtf8(file, bytes));
  const lines = await linesOf(file, new TextDecoder().decode(bytes));
  if (!lines.ok) return lines;
  const { lineOf } = lines.value;
  const [header, ...body] = lines.value.rows;
  const malformed = (row: number, problem: string): Result<never> => err(malformedTable({ file, lineOf }, row, problem));

  if (header === undefined || isBlank(header)) return err(failure('table-empty', { file }));
  const twice = header.find((name, at) => header.indexOf(name) !== at);
  if (twice !== undefined) return malformed(1, `the header names the column "${twice}" twice`);

  const rows: CsvRow[] = [];
  for (const [at, fields] of body.entries()) {
    if (isBlank(fields)) continue;
    if (fields.length !== header.length) {
      return malformed(at + 2, `${counted(fields.length, 'field')} where the header has ${header.length}`);
    }
    rows.push({ number: at + 2, fields });
  }
  return rows.length === 0 ? err(failure('table-empty', { file })) : ok({ file, columns: header, rows, lineOf });
}

async function linesOf(file: string, text: string): Promise<Result<Lines>> {
  const plain = plainRows(text);
  if (plain !== undefined) {
    const { rows, starts } = plain;
    return ok({ rows, lineOf: (row) => text.slice(0, starts[row - 1]).split('\n').length });
  }
  const { default: parser } = await import('papaparse');
  const parsed = parser.parse<string[]>(text, { delimiter: ',' });
  const lineOf = (row: number): number => findLine(parser, text, row);
  const [quoting] = parsed.errors;
  if (quoting === undefined) return ok({ rows: parsed.data, lineOf });
  return err(malformedTable({ file, lineOf }, (quoting.row ?? 0) + 1, quotingProblem(quoting.code)));
}

const malformedTable = (
  { file, lineOf }: Pick<CsvTable, 'file' | 'lineOf'>,
  row: number,
  problem: string,
): Failure => failure('table-malformed', { file, row, line: lineOf(row), problem });

const isBlank = (fields: readonly string[]): boolean => fields.length === 1 && fields[0] === '';

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const quotingProblem = (code: string): string =>
  code === 'MissingQuotes' ? 'a quoted field is never closed' : 'text follows the closing quote of a field';

function notUtf8(file: string, bytes: Uint8Array): Failure {
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    if (!isUtf8(bytes.subarray(start, end))) break;
    start = end + 1;
    line++;
  }
  return failure('table-malformed', { file, row: line, problem: 'the text is not UTF-8; save the file as UTF-8' });
}

/** Counts line breaks up to where the parser stands before the row. */
function findLine(parser: Parser, text: string, row: number): number {
  let line = 1;
  let counted = 0;
  let number = 0;
  parser.parse<string[]>(text, {
    delimiter: ',',
    step: (result, control) => {
      number++;
      if (number >= row) {
        control.abort();
        return;
      }
      for (let at = text.indexOf('\n', counted); at >= 0 && at < result.meta.cursor; at = text.indexOf('\n', at + 1)) line++;
      counted = result.meta.cursor;
    },
  });
  return line;
}

/** One table as RFC 4180 text with line feeds. It grows by pieces: to join lists of them takes twice the time. */
export function formatCsv(columns: readonly string[], rows: Iterable<readonly string[]>): string {
  let text = lineOf(columns);
  for (const row of rows) text += lineOf(row);
  return text;
}

function lineOf(row: readonly string[]): string {
  let line = quote(row[0] ?? '');
  for (let at = 1; at < row.length; at++) line += `,${quote(row[at] ?? '')}`;
  return `${line}\n`;
}

const quote = (field: string): string => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field);
