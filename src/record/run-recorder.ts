import type { RunId, StageName } from '../core/brands.ts';
import type { EngineEvent, StageDone, StageFailed } from '../core/events.ts';
import type { Failure } from '../core/failure.ts';
import type { Result } from '../core/result.ts';
import type { TrackingStore } from '../tracking/store.ts';
import type { StageRow } from '../tracking/types.ts';

/** Turns the events of a run into rows of the tracking store. The run goes on when the store fails; the failure is kept. */
export class RunRecorder {
  readonly #store: TrackingStore;
  readonly #run: RunId;
  readonly #positions: ReadonlyMap<StageName, number>;
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
    await this.#writing;
    return this.#problem;
  }

  #record(row: StageRow): void {
    this.#writing = this.#writing.then(async () => {
      const recorded: Result<void> = await this.#store.recordStage(this.#run, row);
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
      action: 'failed',
      reasons: failed.reasons,
      seconds: failed.seconds,
      ...failed.usage,
      exitStatus: failed.exitStatus,
      attempts: failed.attempts,
      logFile: failed.logFile ?? null,
    };
  }
}
