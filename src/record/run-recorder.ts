import type { RunId, StageName } from '../core/brands.ts';
import { endedWithRun, type EngineEvent, type StageDone, type StageFailed } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import type { TrackingStore } from '../tracking/store.ts';
import type { StageRow } from '../tracking/types.ts';

/** Rows that come faster are stored together: each time, the store waits for the disk. */
const betweenWritesMs = 200;

/**
 * Turns the events of a run into rows of the tracking store. The run goes on when the store fails; the failure is kept. A row waits for
 * others for a fifth of a second at most, so that is what a killed process may not have stored.
 */
export class RunRecorder {
  readonly #store: TrackingStore;
  readonly #run: RunId;
  readonly #positions: ReadonlyMap<StageName, number>;
  #waiting: StageRow[] = [];
  #timer: NodeJS.Timeout | undefined;
  #lastWrite = -Infinity;
  #writing: Promise<void> = Promise.resolve();
  #problem: Failure | undefined;

  constructor(options: { readonly store: TrackingStore; readonly run: RunId; readonly stages: readonly StageName[] }) {
    this.#store = options.store;
    this.#run = options.run;
    this.#positions = new Map(options.stages.map((stage, index) => [stage, index]));
  }

  hear(event: EngineEvent): void {
    if (event.type === 'stage-done') this.#record(this.#rowOfDone(event));
    else if (event.type === 'stage-failed') this.#record(this.#rowOfFailed(event));
    else if (event.type === 'stage-not-run') this.#record({ ...this.#emptyRow(event.stage), action: 'not-run' });
  }

  /** Waits until all that was heard is stored; the first failure to store it. */
  async settled(): Promise<Failure | undefined> {
    this.#write();
    await this.#writing;
    return this.#problem;
  }

  #record(row: StageRow): void {
    this.#waiting.push(row);
    const wait = this.#lastWrite + betweenWritesMs - performance.now();
    if (wait <= 0) this.#write();
    else
      this.#timer ??= setTimeout(() => {
        this.#write();
      }, wait);
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const rows = this.#waiting;
    this.#waiting = [];
    this.#lastWrite = performance.now();
    this.#writing = this.#writing.then(async () => {
      const recorded: Result<void> = await this.#store.recordStages(this.#run, rows);
      if (!recorded.ok) this.#problem ??= recorded.error;
    });
  }

  #emptyRow(stage: StageName): StageRow {
    return {
      stage,
      position: this.#positions.get(stage) ?? 0,
      action: 'unchanged',
      reasons: [],
      seconds: 0,
      cpuSeconds: null,
      peakMemoryBytes: null,
      exitStatus: null,
      attempts: 0,
      logFile: null,
      fingerprint: null,
      deps: [],
      outs: [],
    };
  }

  #rowOfDone(done: StageDone): StageRow {
    return {
      ...this.#emptyRow(done.stage),
      action: done.action,
      reasons: done.reasons,
      seconds: done.seconds,
      ...done.usage,
      exitStatus: done.action === 'ran' ? 0 : null,
      attempts: done.attempts,
      logFile: done.logFile ?? null,
      fingerprint: done.fingerprint ?? null,
      deps: done.deps,
      outs: done.outs,
    };
  }

  #rowOfFailed(failed: StageFailed): StageRow {
    return {
      ...this.#emptyRow(failed.stage),
      action: endedWithRun(failed) ? 'ended' : 'failed',
      reasons: failed.reasons,
      seconds: failed.seconds,
      ...failed.usage,
      exitStatus: failed.exitStatus,
      attempts: failed.attempts,
      logFile: failed.logFile ?? null,
    };
  }
}
