import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isJsonObject, type JsonValue } from '../../core/json.ts';
import { isAlive, processIdentity, type ProcessIdentity } from '../../core/process-identity.ts';

/** What is known of a server's answer, so that the rest of the same content can be asked for later. */
export interface Progress {
  /** A strong ETag or a date, as `If-Range` takes it. */
  readonly validator: string;
  /** 0 when the server did not say. */
  readonly total: number;
}

/** Not worth resuming, and in nobody's way, after so long. */
const staleMs = 7 * 24 * 3600_000;

/**
 * The file that one download of one address writes to, `import-KEY-ID.part`, and beside it what is known of it. A process that takes over what
 * another one began renames it to its own name, which only one of several can do.
 */
export class Partial {
  readonly path: string;
  readonly #notes: string;

  private constructor(folder: string, name: string) {
    this.path = join(folder, `${name}.part`);
    this.#notes = join(folder, `${name}.json`);
  }

  /** In `folder` (absolute), for an address and the file that it becomes; with what an ended process left of the same, if anything. */
  static begin(folder: string, url: URL, label: string): { partial: Partial; progress: Progress | undefined } {
    removeStale(folder);
    const prefix = `import-${createHash('sha256').update(`${url.href}\n${label}`).digest('hex').slice(0, 16)}-`;
    const partial = new Partial(folder, prefix + randomUUID());
    const left = readdirSync(folder).filter((name) => name.startsWith(prefix) && name.endsWith('.part'));
    for (const name of left.sort()) {
      const progress = partial.#takeOver(new Partial(folder, name.slice(0, -'.part'.length)));
      if (progress !== undefined) return { partial, progress };
    }
    return { partial, progress: undefined };
  }

  /** Written before the bytes, so that a kill at any point leaves a file whose notes are right. */
  note(progress: Progress): void {
    writeFileSync(this.#notes, JSON.stringify({ ...progress, by: processIdentity() }));
  }

  /** Leaves it to whoever comes next. */
  release(progress: Progress): void {
    writeFileSync(this.#notes, JSON.stringify({ ...progress, by: null }));
  }

  discard(): void {
    rmSync(this.path, { force: true });
    rmSync(this.#notes, { force: true });
  }

  #takeOver(other: Partial): Progress | undefined {
    const notes = readNotes(other.#notes);
    if (notes === undefined || (notes.by !== null && isAlive(notes.by))) return undefined;
    try {
      renameSync(other.path, this.path);
    } catch {
      return undefined;
    }
    rmSync(other.#notes, { force: true });
    this.note(notes);
    return { validator: notes.validator, total: notes.total };
  }
}

function readNotes(file: string): (Progress & { by: ProcessIdentity | null }) | undefined {
  let notes: JsonValue;
  try {
    notes = JSON.parse(readFileSync(file, 'utf8')) as JsonValue;
  } catch {
    return undefined;
  }
  if (!isJsonObject(notes)) return undefined;
  const { validator, total, by } = notes as Record<string, JsonValue | undefined>;
  if (typeof validator !== 'string' || typeof total !== 'number') return undefined;
  if (by === null) return { validator, total, by };
  if (!isJsonObject(by)) return undefined;
  const { pid, host, startedAt } = by as Record<string, JsonValue | undefined>;
  if (typeof pid !== 'number' || typeof host !== 'string') return undefined;
  return { validator, total, by: { pid, host, startedAt: typeof startedAt === 'string' ? startedAt : null } };
}

function removeStale(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!/^import-.*\.(?:part|json)$/.test(name)) continue;
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    const orphaned = name.endsWith('.json') && !existsSync(path.replace(/json$/, 'part'));
    const age = stats === undefined ? 0 : Date.now() - stats.mtimeMs;
    if (age > (orphaned ? 3600_000 : staleMs)) rmSync(path, { force: true });
  }
}
