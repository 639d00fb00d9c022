import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { asContentHash, isSha256 } from '../../core/brands.ts';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { systemProblem } from '../system-problem.ts';
import { isRecordPath, type DataRecord, type ImportRecord } from './record.ts';
import { parseSource } from './source.ts';

const invalid = (file: string, problem: string): Result<never> =>
  err(failure('import-record-invalid', { file, problem }));

/** Reads `PATH.mlp`, relative to the workspace, of a file that was downloaded. */
export function readRecord(root: string, file: string): Result<ImportRecord> {
  const record = readDataRecord(root, file);
  if (!record.ok) return record;
  const { url, imported = '' } = record.value;
  return url === undefined
    ? invalid(file, 'it has no "url": mlp add wrote it')
    : ok({ ...record.value, url, imported });
}

/** Reads `PATH.mlp`, relative to the workspace, whichever command wrote it. */
function readDataRecord(root: string, file: string): Result<DataRecord> {
  if (!isRecordPath(file)) return invalid(file, 'its name does not end in .mlp');
  let text: string;
  try {
    text = readFileSync(join(root, file), 'utf8');
  } catch (error) {
    return err(systemProblem(error, { what: 'read', path: file }));
  }
  return parseDataRecord(text, file);
}

/** The record of a text, which may also be that of another git revision; `file` is the record's path. */
export function parseDataRecord(text: string, file: string): Result<DataRecord> {
  const plain = plainValue(text);
  if (!plain.ok) return invalid(file, plain.error);
  const fields = plain.value;
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return invalid(file, 'it has no fields');
  return recordOf(fields as Record<string, unknown>, file);
}

/** The value of a YAML text, or the first line of what is wrong with it. */
function plainValue(text: string): Result<unknown, string> {
  try {
    const document = parseDocument(text, { schema: 'failsafe', logLevel: 'error' });
    const [broken] = document.errors;
    return broken === undefined ? ok(document.toJS({ maxAliasCount: 0 })) : err(broken.message.split('\n', 1).join(''));
  } catch (error) {
    // An alias without its anchor, aliases at all, and nesting without end.
    if (error instanceof ReferenceError || error instanceof RangeError) return err(error.message);
    throw error;
  }
}

function recordOf(fields: Readonly<Record<string, unknown>>, file: string): Result<DataRecord> {
  const { url, sha256, size, files, executable, etag, imported } = fields;
  const isAddress = typeof url === 'string' && parseSource(url).ok;
  if (url !== undefined && !isAddress) return invalid(file, '"url" is no http, https or file address');
  if (typeof sha256 !== 'string' || !isSha256(sha256)) return invalid(file, '"sha256" is no SHA-256');
  if (!isCount(size)) return invalid(file, '"size" is no number of bytes');
  if (files !== undefined && !isCount(files)) return invalid(file, '"files" is no number of files');
  return ok({
    path: file.slice(0, -'.mlp'.length),
    sha256: asContentHash(sha256),
    size: Number(size),
    ...(files === undefined ? {} : { files: Number(files) }),
    ...(executable === 'true' ? { executable: true } : {}),
    ...(isAddress ? { url } : {}),
    ...(typeof etag === 'string' && /^[\x20-\x7e]{2,200}$/.test(etag) ? { etag } : {}),
    ...(typeof imported === 'string' ? { imported } : {}),
  });
}

const isCount = (value: unknown): value is string => typeof value === 'string' && /^\d{1,15}$/.test(value);
