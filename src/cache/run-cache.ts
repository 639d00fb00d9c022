import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArtifacts, type Artifact } from '../core/artifact.ts';
import type { Fingerprint } from '../core/brands.ts';
import { isJsonObject, type JsonValue } from '../core/json.ts';
import { ok, err, type Result } from '../core/result.ts';
import { writeFileAtomic } from '../fs/atomic-write.ts';
import { systemProblem } from '../fs/system-problem.ts';

/** A result that was built once: what the stage made, and the run that made it. */
export interface RunCacheEntry {
  readonly outs: readonly Artifact[];
  readonly madeBy?: string;
}

/** Fingerprint -> outs. A stage whose fingerprint was ever built here is restored instead of run. */
export class RunCache {
  readonly #folder: string;
  readonly #scratch: string;

  /** `folder`: the cache's root. */
  constructor(folder: string) {
    this.#folder = join(folder, 'runs');
    this.#scratch = join(folder, 'tmp');
  }

  /** Undefined when it was never built, or the entry is damaged: then it is removed, and the stage runs. */
  find(fingerprint: Fingerprint): RunCacheEntry | undefined {
    const path = this.#pathOf(fingerprint);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
    const entry = parseEntry(text, fingerprint);
    if (entry === undefined) removeIfAllowed(path);
    return entry;
  }

  remember(fingerprint: Fingerprint, entry: RunCacheEntry): Result<void> {
    try {
      writeFileAtomic(this.#pathOf(fingerprint), `${JSON.stringify({ fingerprint, ...entry }, null, 1)}\n`, {
        durable: false,
        scratch: this.#scratch,
      });
      return ok(undefined);
    } catch (error) {
      return err(systemProblem(error, { what: 'write the run cache entry', path: '.mlp/cache/runs' }));
    }
  }

  /** Every whole entry with its file, absolute. Damaged ones are left out. */
  entries(): { readonly file: string; readonly entry: RunCacheEntry }[] {
    if (!existsSync(this.#folder)) return [];
    const files = readdirSync(this.#folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    return files.flatMap(({ parentPath, name }) => {
      const file = join(parentPath, name);
      const entry = parseEntry(readFileSync(file, 'utf8'), basename(parentPath) + name);
      return entry === undefined ? [] : [{ file, entry }];
    });
  }

  #pathOf(fingerprint: Fingerprint): string {
    return join(this.#folder, fingerprint.slice(0, 2), fingerprint.slice(2));
  }
}

/** In a read-only cache a damaged entry stays; it is not taken there either. */
function removeIfAllowed(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** Undefined when the text is no entry of that fingerprint. */
export function parseEntry(text: string, fingerprint: string): RunCacheEntry | undefined {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
  if (!isJsonObject(value) || value['fingerprint'] !== fingerprint) return undefined;
  const outs = parseArtifacts(value['outs']);
  if (outs === undefined) return undefined;
  const madeBy = value['madeBy'];
  return { outs, ...(typeof madeBy === 'string' ? { madeBy } : {}) };
}
