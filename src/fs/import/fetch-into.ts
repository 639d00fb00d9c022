import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ContentHash } from '../../core/brands.ts';
import type { EventSink } from '../../core/events.ts';
import { failure, failureMessage } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { places } from '../../core/workspace.ts';
import { temporaryBeside } from '../atomic-write.ts';
import { ensureStateFolder } from '../state-folder.ts';
import { systemProblem } from '../system-problem.ts';
import { download, type Downloaded, type DownloadOptions } from './download.ts';
import { mirrorCandidates, type Mirror } from './mirror.ts';
import { Partial } from './partial.ts';

/** How bytes are fetched; the same for an import and for fetching again. */
export interface TransferPorts {
  /** The workspace. */
  readonly root: string;
  readonly mirror: Mirror | undefined;
  readonly maxBytes: number;
  /** Longest silence of a server. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
  readonly emit: EventSink;
}

export interface Fetched extends Downloaded {
  readonly from: 'origin' | 'mirror';
  /** The address that gave the bytes. */
  readonly source: string;
}

export interface FetchOptions extends TransferPorts {
  /** For progress. */
  readonly label: string;
  readonly wanted: { readonly url: URL; readonly sha256?: ContentHash; readonly size?: number };
  /** Content that stands at the target: it is left there when it comes again, and with an ETag need not even come. */
  readonly present?: { readonly sha256: ContentHash; readonly etag?: string };
}

/** Asks the mirror, then the address itself, and moves the first right answer to `target` (absolute). */
export async function fetchInto(target: string, options: FetchOptions): Promise<Result<Fetched>> {
  const { wanted, mirror } = options;
  const folder = join(options.root, places.temporary);
  try {
    ensureStateFolder(options.root);
    mkdirSync(folder, { recursive: true });
    const candidates =
      mirror === undefined ? [] : await mirrorCandidates(mirror, { ...wanted, maxBytes: options.maxBytes });
    for (const source of [...candidates, wanted.url]) {
      const isOrigin = source === wanted.url;
      const got = await fetchTwice(source, { ...placeFor(options, isOrigin), folder, target });
      if (got.ok) {
        return ok({ ...got.value, from: isOrigin ? 'origin' : 'mirror', source: source.href });
      }
      if (isOrigin || got.error.reason === 'import-interrupted') return got;
      const usual = got.error.reason === 'download-refused' && got.error.detail.status === 404;
      if (!usual) options.emit({ type: 'warning', text: `mirror: ${failureMessage(got.error)}` });
    }
    throw new Error('the address itself is always asked');
  } catch (error) {
    return err(systemProblem(error, { what: 'write', path: options.label }));
  }
}

/** An address's name for its content means nothing to a mirror. */
function placeFor(options: FetchOptions, isOrigin: boolean): FetchOptions {
  if (isOrigin || options.present === undefined) return options;
  return { ...options, present: { sha256: options.present.sha256 } };
}

interface FetchPlace extends FetchOptions {
  /** For what is on its way. */
  readonly folder: string;
  readonly target: string;
}

/** What two attempts made together may be wrong where the server mixed up contents: then one attempt makes it all. */
async function fetchTwice(source: URL, place: FetchPlace): Promise<Result<Downloaded>> {
  const { partial, progress } = Partial.begin(place.folder, source, place.label);
  const got = await fetchChecked(source, place, { partial, progress });
  const again = !got.ok && got.error.reason === 'download-different' && progress !== undefined;
  return again ? fetchChecked(source, place, { partial, progress: undefined }) : got;
}

async function fetchChecked(
  source: URL,
  place: FetchPlace,
  attempt: Pick<DownloadOptions, 'partial' | 'progress'>,
): Promise<Result<Downloaded>> {
  const { label, wanted, emit, present } = place;
  const { partial } = attempt;
  let toldAt = 0;
  const tell = (done: number, total: number): void => {
    emit({ type: 'progress', task: 'download', label, done, total });
  };
  const got = await download(source, {
    ...place,
    ...attempt,
    ...(present?.etag === undefined ? {} : { unless: present.etag }),
    onProgress: (done, total) => {
      const now = performance.now();
      if (now - toldAt < tellEveryMs) return;
      toldAt = now;
      tell(done, total);
    },
  });
  if (!got.ok) return got;
  if (got.value.notModified === true) {
    partial.discard();
    return got;
  }
  tell(got.value.size, got.value.size);
  if (wanted.sha256 !== undefined && got.value.sha256 !== wanted.sha256) {
    partial.discard();
    const detail = { url: source.href, expected: wanted.sha256, found: got.value.sha256 };
    return err(failure('download-different', detail));
  }
  if (got.value.sha256 !== present?.sha256) moveTo(partial.path, place.target);
  partial.discard();
  return got;
}

/** `.mlp` and the target may lie on different file systems, where a rename would not do. */
function moveTo(file: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  try {
    renameSync(file, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const beside = temporaryBeside(target);
    try {
      copyFileSync(file, beside);
      renameSync(beside, target);
    } finally {
      rmSync(beside, { force: true });
    }
  }
}

const tellEveryMs = 100;
