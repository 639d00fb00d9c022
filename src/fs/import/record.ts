import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asContentHash, isSha256, type ContentHash } from '../../core/brands.ts';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { systemProblem } from '../system-problem.ts';
import { parseSource } from './source.ts';

/** Where a file of the workspace comes from. It belongs in git; the file itself does not. */
export interface ImportRecord {
  /** The imported file, relative to the workspace: the record's own name without `.mlp`. */
  readonly path: string;
  readonly url: string;
  readonly sha256: ContentHash;
  readonly size: number;
  /** ISO 8601, UTC. */
  readonly imported: string;
}

export const recordPathOf = (path: string): string => `${path}.mlp`;

const isRecordPath = (path: string): boolean => path.endsWith('.mlp') && !/(^|\/)\.mlp$/.test(path);

/** The record as YAML, with the sentence that its finder needs. Strings are written as JSON, which YAML reads too. */
export function recordText(record: ImportRecord): string {
  return [
    '# Where the file beside this one comes from. `mlp repro` fetches it again when it is missing.',
    `url: ${JSON.stringify(record.url)}`,
    `sha256: ${record.sha256}`,
    `size: ${record.size}`,
    `imported: ${record.imported}`,
    '',
  ].join('\n');
}

/** Reads `PATH.mlp`, relative to the workspace. */
export async function readRecord(root: string, file: string): Promise<Result<ImportRecord>> {
  const invalid = (problem: string): Result<never> => err(failure('import-record-invalid', { file, problem }));
  if (!isRecordPath(file)) return invalid('its name does not end in .mlp');
  let text: string;
  try {
    text = readFileSync(join(root, file), 'utf8');
  } catch (error) {
    return err(systemProblem(error, { what: 'read', path: file }));
  }
  const { parseDocument } = await import('yaml');
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
