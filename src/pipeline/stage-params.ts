import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { places } from '../core/workspace.ts';
import type { JsonObject } from '../core/json.ts';
import { err, ok, type Result } from '../core/result.ts';
import { writeFileAtomic } from '../fs/atomic-write.ts';
import { hashBytes } from '../fs/hash-file.ts';
import { systemProblem } from '../fs/system-problem.ts';

/** Linux takes no variable of 128 KiB or more, with its name; well below, other systems and shells have no trouble either. */
const longestVariable = 100_000;

/**
 * Gives the processes of stages their params: in a file of this run, whatever their size, and in a variable where they fit. Stages with
 * equal params share a file.
 */
export class StageParams {
  readonly #folder: string;
  readonly #written = new Set<string>();

  /** `root`: the workspace, absolute. */
  constructor(root: string) {
    this.#folder = join(root, places.temporary, 'params');
    // What a killed mlp left there.
    this.close();
  }

  /** The variables for a stage with these params. */
  variables(params: JsonObject): Result<Readonly<Record<string, string>>> {
    const text = processJson(params);
    const file = join(this.#folder, `${hashBytes(text).slice(0, 16)}.json`);
    try {
      if (!this.#written.has(file)) {
        mkdirSync(this.#folder, { recursive: true });
        writeFileAtomic(file, text, { durable: false });
        this.#written.add(file);
      }
    } catch (error) {
      return err(systemProblem(error, { what: 'write', path: `${places.temporary}/params` }));
    }
    const fits = Buffer.byteLength(text) <= longestVariable;
    return ok({ MLP_PARAMS_FILE: file, ...(fits ? { MLP_PARAMS_JSON: text } : {}) });
  }

  /** To be called when no stage of the run is at work any more. */
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** JSON has no not-a-number and no infinities: they are given as text, which `Number` and Python's `float` take for what they are. */
const processJson = (params: JsonObject): string =>
  JSON.stringify(params, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
