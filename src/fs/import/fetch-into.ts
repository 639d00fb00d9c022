import { randomUUID } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ContentHash } from '../../core/brands.ts';
import type { EventSink } from '../../core/events.ts';
import { failure, failureMessage } from '../../core/failure.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { places } from '../../core/workspace.ts';
import { temporaryBeside } from '../atomic-write.ts';
import { ensureStateFolder } from '../state-folder.ts';
import { systemProblem } from '../system-problem.ts';
import { download, type Downloaded } from './download.ts';
import { mirrorCandidates, type Mirror } from './mirror.ts';

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
}

/** Asks the mirror, then the address itself, and moves the first right answer to `target` (absolute). */
export async function fetchInto(target: string, options: FetchOptions): Promise<Result<Fetched>> {
  const { wanted, mirror } = options;
  const folder = join(options.root, places.temporary);
  const into = join(folder, `import-${process.pid}-${randomUUID()}.part`);
  try {
    ensureStateFolder(options.root);
    mkdirSync(folder, { recursive: true });
    removeStale(folder);
    const candidates =
      mirror === undefined ? [] : await mirrorCandidates(mirror, { ...wanted, maxBytes: options.maxBytes });
    for (const source of [...candidates, wanted.url]) {
      const isOrigin = source === wanted.url;
      const got = await fetchChecked(source, into, options);
      if (got.ok) {
        moveTo(into, target);
        return ok({ ...got.value, from: isOrigin ? 'origin' : 'mirror', source: source.href });
      }
      if (isOrigin || got.error.reason === 'import-interrupted') return got;
      const usual = got.error.reason === 'download-refused' && got.error.detail.status === 404;
      if (!usual) options.emit({ type: 'warning', text: `mirror: ${failureMessage(got.error)}` });
    }
    throw new Error('the address itself is always asked');
  } catch (error) {
    return err(systemProblem(error, { what: 'write', path: options.label }));
  } finally {
    rmSync(into, { force: true });
  }
}

async function fetchChecked(source: URL, into: string, options: FetchOptions): Promise<Result<Downloaded>> {
  const { label, wanted, emit } = options;
  let toldAt = 0;
  const tell = (done: number, total: number): void => {
    emit({ type: 'progress', task: 'download', label, done, total });
  };
  const got = await download(source, {
    ...options,
    into,
    onProgress: (done, total) => {
      const now = performance.now();
      if (now - toldAt < tellEveryMs) return;
      toldAt = now;
      tell(done, total);
    },
  });
  if (got.ok) tell(got.value.size, got.value.size);
  if (!got.ok || wanted.sha256 === undefined || got.value.sha256 === wanted.sha256) return got;
  rmSync(into, { force: true });
  const detail = { url: source.href, expected: wanted.sha256, found: got.value.sha256 };
  return err(failure('download-different', detail));
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
const staleMs = 24 * 3600_000;

/** What a killed import left behind. */
function removeStale(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!/^import-.*\.part$/.test(name)) continue;
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > staleMs) rmSync(join(folder, name), { force: true });
  }
}
