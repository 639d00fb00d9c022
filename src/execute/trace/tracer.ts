import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StageConfig } from '../../config/types.ts';
import type { TraceFindings, TraceMode } from '../../core/trace.ts';
import { ok, type Result } from '../../core/result.ts';
import { readFileCalls } from './file-calls.ts';
import { judgeUses } from './judge-uses.ts';
import type { TraceScene } from './scene.ts';
import { findStrace, type Strace } from './strace.ts';
import { traceEnd } from './trace-end.ts';
import { UsedFiles } from './used-files.ts';

export interface TracerOptions {
  readonly mode: TraceMode;
  readonly scene: TraceScene;
  /** A folder for traces; absolute. They are removed when they have been read. */
  readonly scratch: string;
  /** Where strace is looked for. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a process that a stage leaves behind may still write into the trace. */
const settleMs = 1000;

/** Variables for a traced process: what goes past the calls that are traced is switched off. */
const tracedEnvironment = { UV_USE_IO_URING: '0' };

/** Runs stages under strace. */
export class Tracer {
  readonly strict: boolean;
  readonly #options: TracerOptions;
  readonly #strace: Strace;

  private constructor(options: TracerOptions, strace: Strace) {
    this.strict = options.mode === 'strict';
    this.#options = options;
    this.#strace = strace;
  }

  /** Fails where nothing can be traced, and says why. */
  static async open(options: TracerOptions): Promise<Result<Tracer>> {
    // What a killed mlp left there.
    rmSync(options.scratch, { recursive: true, force: true });
    mkdirSync(options.scratch, { recursive: true });
    const strace = await findStrace(options.env, options.scratch);
    return strace.ok ? ok(new Tracer(options, strace.value)) : strace;
  }

  begin(stage: StageConfig): StageTrace {
    return new StageTrace(stage, this.#options, this.#strace);
  }

  close(): void {
    rmSync(this.#options.scratch, { recursive: true, force: true });
  }
}

/** The traces of one attempt at a stage, a file a command. */
export class StageTrace {
  readonly env = tracedEnvironment;
  readonly #stage: StageConfig;
  readonly #options: TracerOptions;
  readonly #strace: Strace;
  readonly #folder: string;
  readonly #startedAt = Date.now();
  #files: readonly string[] = [];

  constructor(stage: StageConfig, options: TracerOptions, strace: Strace) {
    this.#stage = stage;
    this.#options = options;
    this.#strace = strace;
    this.#folder = mkdtempSync(join(options.scratch, 'stage-'));
  }

  /** The words that run the next command of the stage, traced. */
  wrap(words: readonly string[]): string[] {
    const file = join(this.#folder, String(this.#files.length));
    this.#files = [...this.#files, file];
    return [...this.#strace.words, '-o', file, '--', ...words];
  }

  /** What the stage used without declaring it; all that it used is written to `report` (absolute). Call it once its commands have ended. */
  async findings(report: string): Promise<TraceFindings> {
    const { scene } = this.#options;
    const used = new UsedFiles([realpathSync(scene.root), scene.root]);
    for (const file of this.#files) {
      await traceEnd(file, settleMs);
      await readFileCalls(file, join(scene.root, this.#stage.wdir), (call) => {
        used.hear(call);
      });
    }
    const findings = judgeUses(used, this.#stage, scene, this.#startedAt);
    const uses = [...used.files.values()].filter(({ path }) => !scene.unremarkable.has(path));
    const read = uses.filter((use) => use.read).map(({ path }) => path);
    const written = uses.filter((use) => use.written !== false).map(({ path }) => path);
    writeFileSync(report, `${JSON.stringify({ ...findings, read: read.sort(), written: written.sort() }, null, 2)}\n`);
    return findings;
  }

  end(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
