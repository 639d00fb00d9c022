import type { StageName } from '../core/brands.ts';
import { ok, type Result } from '../core/result.ts';
import type { Evidence, StageEvidence } from '../plan/types.ts';
import { writeLock } from './lock-file.ts';

/** Writing may take at most this share of the time: with many stages, the lock is written less often. */
const timeShare = 0.05;
/** A write waits for the disk, so they are no closer than this, in milliseconds. */
const betweenWritesMs = 250;

/** Hears what was written. */
export type LockText = (text: string, evidence: Evidence) => void;

/**
 * Keeps pipeline.lock up with a run. Each write replaces the whole file, so of many stages that end close together only some are
 * followed by a write. What a killed process did not write is in the run cache, and is restored.
 */
export class LockWriter {
  readonly #path: string;
  readonly #scratch: string;
  readonly #evidence: Map<StageName, StageEvidence>;
  readonly #onText: LockText;
  #changed: boolean;
  #nextWrite = 0;
  #timer: NodeJS.Timeout | undefined;
  #problem: Result<void> = ok(undefined);

  /** `keep`: the stages that the pipeline still has; entries of others are dropped at the next write. */
  constructor(options: {
    /** Absolute. */
    readonly path: string;
    /** Absolute; where the file is written before it takes its name. */
    readonly scratch: string;
    readonly evidence: Evidence;
    readonly keep: ReadonlySet<StageName>;
    readonly onText: LockText;
  }) {
    this.#path = options.path;
    this.#scratch = options.scratch;
    this.#evidence = new Map([...options.evidence].filter(([stage]) => options.keep.has(stage)));
    this.#changed = this.#evidence.size < options.evidence.size;
    this.#onText = options.onText;
  }

  note(stage: StageName, evidence: StageEvidence): void {
    this.#evidence.set(stage, evidence);
    this.#changed = true;
    const wait = this.#nextWrite - performance.now();
    if (wait <= 0) this.#write();
    else
      this.#timer ??= setTimeout(() => {
        this.#write();
      }, wait);
  }

  /** Writes what is not written yet; the failure of any write. */
  flush(): Result<void> {
    if (this.#changed) this.#write();
    return this.#problem;
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const startedAt = performance.now();
    const written = writeLock(this.#path, this.#evidence, this.#scratch);
    const endedAt = performance.now();
    this.#nextWrite = endedAt + Math.max(betweenWritesMs, (endedAt - startedAt) / timeShare);
    this.#changed = false;
    if (written.ok) this.#onText(written.value, this.#evidence);
    else this.#problem = written;
  }
}
