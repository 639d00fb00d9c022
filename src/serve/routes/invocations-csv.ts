import Papa from 'papaparse';
import { failure, type Failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { Limits } from '../limits.ts';
import type { Invocation } from './invocations-request.ts';

const bad = (problem: string): { readonly ok: false; readonly error: Failure } =>
  err(failure('bad-request', { problem, next: 'the first row names the columns, one of them "text"' }));

/**
 * Reads a CSV body with a header row (RFC 4180): the values of its column `text`. Reads no further than the limit of texts.
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
  const column = header.indexOf('text');
  if (column < 0) return bad('the CSV body has no column "text"');
  if (header.lastIndexOf('text') !== column) return bad('the CSV body has the column "text" twice');
  const values: string[] = [];
  for (const [i, row] of rows.entries()) {
    if (row.length !== header.length) {
      return bad(`row ${i + 2} of the CSV body has ${row.length} fields where the header has ${header.length}`);
    }
    values.push(row[column] ?? '');
  }
  return ok({ values, nameOf: (i) => `row ${i + 2} of the CSV body`, probabilities: false });
}
