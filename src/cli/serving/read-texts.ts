import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { failure, type Failure } from '../../core/failure.ts';
import { didYouMean } from '../../core/failures/kind.ts';
import { nearestNames } from '../../core/nearest.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { noColumns, type TableColumns } from '../../ml/columns/column.ts';

/** Texts, and the other columns of the table they stood in. */
export interface TextTable {
  readonly texts: readonly string[];
  readonly columns: TableColumns;
  /** For messages: where they came from, and the row of the file that each stood in. */
  readonly file: string;
  readonly numbers: readonly number[];
}

/**
 * Texts of a UTF-8 file: one a line (an empty line is an empty text, the last line may lack its end), or of a `.csv` the named column, with all others.
 * `-` reads lines of standard input.
 */
export async function readTexts(
  file: string,
  options: { readonly cwd: string; readonly column: string },
): Promise<Result<TextTable>> {
  const bytes = await bytesOf(file, options.cwd);
  if (!bytes.ok) return bytes;
  if (extname(file).toLowerCase() === '.csv') return columnOf(file, bytes.value, options.column);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.value);
    const texts = text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/);
    return ok({ texts, columns: noColumns, file, numbers: texts.map((_, at) => at + 1) });
  } catch {
    return err(unreadable(file, 'it is not UTF-8'));
  }
}

async function bytesOf(file: string, cwd: string): Promise<Result<Buffer>> {
  try {
    return ok(file === '-' ? await buffer(process.stdin) : await readFile(resolve(cwd, file)));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const problems: Readonly<Record<string, string>> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder',
      EACCES: 'not allowed',
    };
    return err(unreadable(file, problems[code] ?? code));
  }
}

async function columnOf(file: string, bytes: Buffer, column: string): Promise<Result<TextTable>> {
  const { parseCsv } = await import('../../ml/data/csv.ts');
  const table = await parseCsv(file, bytes);
  if (!table.ok) return table;
  const { columns, rows } = table.value;
  const at = columns.indexOf(column);
  if (at >= 0) {
    const cells = columns.map((_, place) => rows.map(({ fields }) => fields[place] ?? ''));
    const named = new Map(columns.map((name, place) => [name, cells[place] ?? []]));
    return ok({ texts: cells[at] ?? [], columns: named, file, numbers: rows.map(({ number }) => number) });
  }
  const near = didYouMean(nearestNames(column, columns));
  const names = columns.map((name) => `"${name}"`).join(', ');
  const problem = `it has no column "${column}", only ${names}${near === undefined ? '' : `; ${near}`}`;
  return err(unreadable(file, problem));
}

const unreadable = (file: string, problem: string): Failure => failure('texts-unreadable', { file, problem });
