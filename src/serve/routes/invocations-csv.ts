import Papa from 'papaparse';
import { failure, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Limits } from '../limits.ts';
import type { FindColumn } from '../rows.ts';
import type { Invocation } from './invocations-request.ts';

const bad = (problem: string): { readonly ok: false; readonly error: Failure } =>
  err(failure('bad-request', { problem, next: 'the first row names the columns, one of them "text"' }));

/**
 * Reads a CSV body with a header row (RFC 4180): the values of its column `text`, and how others are found. Reads no further than the limit of texts.
 * An empty line is a row like any other, so that answer n always belongs to row n.
 */
export function readCsvInvocation(csv: string, limits: Limits): Result<Invocation> {
  const { data, errors } = Papa.parse<string[]>(csv.replace(/\r?\n$/, ''), {
    delimiter: ',',
    preview: limits.maxTexts + 2,
  });
  const [header, ...rows] = data;
  if (header === undefined || csv.trim() === '') return bad('the CSV body is empty');
  const [broken] = errors;
  if (broken !== undefined)
    return bad(`row ${(broken.row ?? 0) + 1} of the CSV body has an unfinished or misplaced quote`);
  for (const [i, row] of rows.entries()) {
    if (row.length !== header.length) {
      return bad(`row ${i + 2} of the CSV body has ${row.length} fields where the header has ${header.length}`);
    }
  }
  const find: FindColumn = (name) => {
    const column = header.indexOf(name);
    if (column < 0) return ok(undefined);
    if (header.lastIndexOf(name) !== column) return bad(`the CSV body has the column "${name}" twice`);
    const nameOf = (i: number): string => `row ${i + 2} of the CSV body${name === 'text' ? '' : `, column "${name}",`}`;
    return ok({ values: rows.map((row) => row[column] ?? ''), nameOf });
  };
  const texts = find('text');
  if (!texts.ok) return texts;
  if (texts.value === undefined) return bad('the CSV body has no column "text"');
  return ok({ ...texts.value, find, probabilities: false });
}
