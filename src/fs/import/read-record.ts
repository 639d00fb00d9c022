import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { asContentHash, isSha256 } from '../../core/brands.ts';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { systemProblem } from '../system-problem.ts';
import type { ImportRecord } from './record.ts';
import { parseSource } from './source.ts';

const isRecordPath = (path: string): boolean => path.endsWith('.mlp') && !/(^|\/)\.mlp$/.test(path);

/** Reads `PATH.mlp`, relative to the workspace. */
export function readRecord(root: string, file: string): Result<ImportRecord> {
  const invalid = (problem: string): Result<never> => err(failure('import-record-invalid', { file, problem }));
  if (!isRecordPath(file)) return invalid('its name does not end in .mlp');
  let text: string;
  try {
    text = readFileSync(join(root, file), 'utf8');
  } catch (error) {
    return err(systemProblem(error, { what: 'read', path: file }));
  }
  const document = parseDocument(text, { schema: 'failsafe', logLevel: 'error' });
  const [broken] = document.errors;
  if (broken !== undefined) return invalid(broken.message.split('\n')[0] ?? 'it is no YAML');
  const fields = document.toJS() as unknown;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return invalid('it has no fields');
  return recordOf(fields as Record<string, unknown>, file);
}

function recordOf(fields: Readonly<Record<string, unknown>>, file: string): Result<ImportRecord> {
  const invalid = (problem: string): Result<never> => err(failure('import-record-invalid', { file, problem }));
  const { url, sha256, size, imported } = fields;
  if (typeof url !== 'string' || !parseSource(url).ok) return invalid('"url" is no http, https or file address');
  if (typeof sha256 !== 'string' || !isSha256(sha256)) return invalid('"sha256" is no SHA-256');
  if (typeof size !== 'string' || !/^\d{1,15}$/.test(size)) return invalid('"size" is no number of bytes');
  return ok({
    path: file.slice(0, -'.mlp'.length),
    url,
    sha256: asContentHash(sha256),
    size: Number(size),
    imported: typeof imported === 'string' ? imported : '',
  });
}
