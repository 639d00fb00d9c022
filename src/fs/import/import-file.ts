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
import type { Downloaded } from './download.ts';
import { fetchInto, type TransferPorts } from './fetch-into.ts';
import { ignoreFileOf, ignoreInGit } from './git-ignore.ts';
import { readRecord } from './read-record.ts';
import { recordPathOf, recordText, type ImportRecord } from './record.ts';

export interface ImportOptions extends TransferPorts {
  readonly url: URL;
  /** Relative to the workspace. */
  readonly path: string;
  readonly sha256?: ContentHash;
  /** Replace what is at the path, whatever it is. */
  readonly force: boolean;
  readonly clock: Clock;
}

export interface Imported {
  readonly record: ImportRecord;
  readonly recordPath: string;
  /** Where the bytes came from; `present` when the file was there already with the SHA-256 asked for. */
  readonly from: 'origin' | 'mirror' | 'present';
  /** The address of the bytes. */
  readonly source: string;
  /** How many bytes were there from an earlier attempt. */
  readonly resumedAt?: number;
  /** The `.gitignore` that was changed. */
  readonly ignoredIn?: string;
}

/**
 * Fetches an address into a file of the workspace and writes its record. Until the bytes are whole and checked they lie in `.mlp/tmp`,
 * so that whatever fails leaves the workspace as it was. The file is put in place before its record: a record never promises what was not there.
 */
export async function importFile(options: ImportOptions): Promise<Result<Imported>> {
  const { root, path, url, sha256 } = options;
  const target = ownPath(root, path);
  if (!target.ok) return target;
  const before = await lookAt(target.value, options);
  if (!before.ok) return before;
  let fetched: Fetched;
  if (before.value !== undefined) fetched = { ...before.value, from: 'present', source: path };
  else {
    const got = await fetchInto(target.value, {
      ...options,
      label: path,
      wanted: { url, ...(sha256 === undefined ? {} : { sha256 }) },
    });
    if (!got.ok) return got;
    fetched = got.value;
  }
  return recorded(options, fetched);
}

/** Refuses what would be lost. Gives the content when the file is there as asked for, undefined when it has to be fetched. */
async function lookAt(target: string, options: ImportOptions): Promise<Result<Downloaded | undefined>> {
  const { path, sha256, root } = options;
  const taken = (why: string): Result<never> => err(failure('import-path-taken', { path, why }));
  try {
    const stats = statSync(target, { throwIfNoEntry: false });
    if (stats === undefined) return ok(undefined);
    if (!stats.isFile()) return err(failure('import-path-unusable', { path, why: 'it is not a file' }));
    const found = await hashFile(target, stats.size);
    if (found === sha256) return ok({ sha256: found, size: stats.size });
    if (options.force) return ok(undefined);
    const recordPath = recordPathOf(path);
    if (!existsSync(join(root, recordPath))) return taken('was not imported by mlp');
    const record = readRecord(root, recordPath);
    if (!record.ok) return record;
    return record.value.sha256 === found ? ok(undefined) : taken('was changed since it was imported');
  } catch (error) {
    return err(systemProblem(error, { what: 'read', path }));
  }
}

type Fetched = Downloaded & Pick<Imported, 'from' | 'source'>;

function recorded(options: ImportOptions, fetched: Fetched): Result<Imported> {
  const { root, path, url } = options;
  const recordPath = recordPathOf(path);
  const { sha256, size, from, source, etag, resumedAt } = fetched;
  // A mirror's name for the content means nothing to the address itself.
  const named = etag === undefined || from !== 'origin' ? {} : { etag };
  const fresh = { path, url: url.href, sha256, size, ...named, imported: new Date(options.clock.now()).toISOString() };
  try {
    const before = existsSync(join(root, recordPath)) ? readRecord(root, recordPath) : undefined;
    // Importing the same again changes nothing that git would show.
    const same = before?.ok === true && before.value.url === fresh.url && before.value.sha256 === sha256;
    if (!same) writeFileAtomic(join(root, recordPath), recordText(fresh));
    const ignored = ignoreInGit(root, path) ? { ignoredIn: ignoreFileOf(path) } : {};
    const resumed = resumedAt === undefined ? {} : { resumedAt };
    return ok({ record: same ? before.value : fresh, recordPath, from, source, ...resumed, ...ignored });
  } catch (error) {
    return err(systemProblem(error, { what: 'write', path: recordPath }));
  }
}
