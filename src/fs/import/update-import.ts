import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ContentHash } from '../../core/brands.ts';
import type { Clock } from '../../core/clock.ts';
import { failure } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { writeFileAtomic } from '../atomic-write.ts';
import { hashFile } from '../hash-file.ts';
import { ownPath } from '../remove.ts';
import { systemProblem } from '../system-problem.ts';
import { fetchInto, type Fetched, type FetchOptions, type TransferPorts } from './fetch-into.ts';
import { readRecord } from './read-record.ts';
import { recordPathOf, recordText, type ImportRecord } from './record.ts';

export interface UpdateOptions extends TransferPorts {
  /** The imported file, relative to the workspace. */
  readonly path: string;
  /** What the new content must have. */
  readonly sha256?: ContentHash;
  /** Replace the file even where it was changed by hand. */
  readonly force: boolean;
  readonly clock: Clock;
}

export interface Updated {
  readonly record: ImportRecord;
  readonly previous: ImportRecord;
  readonly changed: boolean;
}

/**
 * Fetches an imported file from its address again, and writes its record anew when the content is another one. Content that the server says is
 * the same, or that turns out to be, changes neither file. The file is put in place before its record, as at an import.
 */
export async function updateImport(options: UpdateOptions): Promise<Result<Updated>> {
  const { root, path, sha256 } = options;
  const recordPath = recordPathOf(path);
  if (!existsSync(join(root, recordPath))) return err(failure('not-imported', { path }));
  const record = readRecord(root, recordPath);
  const target = ownPath(root, path);
  if (!record.ok) return record;
  if (!target.ok) return target;
  const previous = record.value;
  const present = await contentAt(target.value, path);
  if (!present.ok) return present;
  if (present.value !== undefined && present.value !== previous.sha256 && !options.force) {
    return err(failure('import-path-taken', { path, why: 'was changed since it was imported' }));
  }
  const standing = present.value === previous.sha256 ? { present: presentOf(previous, sha256) } : {};
  const wanted = { url: new URL(previous.url), ...(sha256 === undefined ? {} : { sha256 }) };
  const got = await fetchInto(target.value, { ...options, label: path, wanted, ...standing });
  if (!got.ok) return got;
  if (got.value.notModified === true || got.value.sha256 === previous.sha256) {
    return ok({ record: previous, previous, changed: false });
  }
  return renewed(options, previous, got.value);
}

/** A content that was asked for by its hash is not what stands there, so the server's name for that does not matter. */
const presentOf = (
  { sha256, etag }: ImportRecord,
  asked: ContentHash | undefined,
): NonNullable<FetchOptions['present']> => ({
  sha256,
  ...(etag === undefined || (asked !== undefined && asked !== sha256) ? {} : { etag }),
});

async function contentAt(target: string, path: string): Promise<Result<ContentHash | undefined>> {
  try {
    const stats = statSync(target, { throwIfNoEntry: false });
    if (stats === undefined) return ok(undefined);
    if (!stats.isFile()) return err(failure('import-path-unusable', { path, why: 'it is not a file' }));
    return ok(await hashFile(target, stats.size));
  } catch (error) {
    return err(systemProblem(error, { what: 'read', path }));
  }
}

function renewed({ root, path, clock }: UpdateOptions, previous: ImportRecord, fetched: Fetched): Result<Updated> {
  const { sha256, size, etag, from } = fetched;
  const named = etag === undefined || from !== 'origin' ? {} : { etag };
  const imported = new Date(clock.now()).toISOString();
  const record: ImportRecord = { path, url: previous.url, sha256, size, ...named, imported };
  try {
    writeFileAtomic(join(root, recordPathOf(path)), recordText(record));
    return ok({ record, previous, changed: true });
  } catch (error) {
    return err(systemProblem(error, { what: 'write', path: recordPathOf(path) }));
  }
}
