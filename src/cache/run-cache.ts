import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
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

  /** `folder`: the cache's root. */
  constructor(folder: string) {
    this.#folder = join(folder, 'runs');
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
    if (entry === undefined) rmSync(path, { force: true });
    return entry;
  }

  remember(fingerprint: Fingerprint, entry: RunCacheEntry): Result<void> {
    try {
      writeFileAtomic(this.#pathOf(fingerprint), `${JSON.stringify({ fingerprint, ...entry }, null, 1)}\n`, {
        durable: false,
      });
      return ok(undefined);
    } catch (error) {
      return err(systemProblem(error, { what: 'write the run cache entry', path: '.mlp/cache/runs' }));
    }
  }

  #pathOf(fingerprint: Fingerprint): string {
    return join(this.#folder, fingerprint.slice(0, 2), fingerprint.slice(2));
  }
}

function parseEntry(text: string, fingerprint: Fingerprint): RunCacheEntry | undefined {
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
