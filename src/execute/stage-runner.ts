import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StageConfig } from '../config/types.ts';
import type { Artifact } from '../core/artifact.ts';
import type { EventSink, ProcessUsage } from '../core/events.ts';
import { failure, failureMessage, type Failure } from '../core/failure.ts';
import type { Reason } from '../core/reason.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { Hasher } from '../fs/hasher.ts';
import { systemProblem } from '../fs/system-problem.ts';
import { tailLog } from './log-tail.ts';
import { runCommand, type CommandOutcome } from './run-command.ts';
import { StageOuts } from './stage-outs.ts';

const firstBackOffMs = 1000;
const longestBackOffMs = 30_000;

export interface StageRunnerOptions {
  /** The workspace, absolute. */
  readonly root: string;
  /** Where outs wait while their stage runs; absolute, in the workspace's file system. */
  readonly temporary: string;
  /** Where this run's logs go; relative to the workspace. */
  readonly logs: string;
  readonly hasher: Hasher;
  readonly emit: EventSink;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface StageWork {
  readonly stage: StageConfig;
  readonly reasons: readonly Reason[];
  /** What the stage gets in its environment beside the runner's. */
  readonly env: Readonly<Record<string, string>>;
}

/** How the command went: enough to report a stage that ran or that failed. */
export interface StageProcess {
  readonly exitStatus: number | null;
  readonly signal: string | null;
  readonly usage: ProcessUsage;
  readonly attempts: number;
  readonly logFile: string;
}

export type StageRun =
  | {
      readonly good: true;
      readonly process: StageProcess;
      readonly outs: readonly Artifact[];
      readonly placed: StageOuts;
    }
  | { readonly good: false; readonly process: StageProcess; readonly failure: Failure };

const nothingStarted = {
  exitStatus: null,
  signal: null,
  usage: { cpuSeconds: null, peakMemoryBytes: null },
  attempts: 0,
};

/** Runs the commands of a stage as processes of this machine, between clearing its outs and hashing what it made. */
export class StageRunner {
  readonly #options: StageRunnerOptions;

  constructor(options: StageRunnerOptions) {
    this.#options = options;
  }

  /** After a good run the caller stores the outs and then lets the old ones go with `placed.keepNew()`. */
  async run(work: StageWork): Promise<StageRun> {
    const logFile = join(this.#options.logs, `${encodeURIComponent(work.stage.name)}.log`);
    const cleared = StageOuts.clear(work.stage, this.#options);
    if (!cleared.ok) return { good: false, process: { ...nothingStarted, logFile }, failure: cleared.error };
    const outs = cleared.value;
    const process = await this.#attempts(work, outs, logFile);
    if (!process.ok) {
      this.putBack(outs);
      return { good: false, ...process.error };
    }
    const made = await this.#collect(work.stage);
    if (!made.ok) {
      this.putBack(outs);
      return { good: false, process: process.value, failure: made.error };
    }
    return { good: true, process: process.value, outs: made.value, placed: outs };
  }

  /** Gives a stage that failed its last good outs again. */
  putBack(outs: StageOuts): void {
    const done = outs.putBack();
    if (!done.ok) this.#options.emit({ type: 'warning', text: failureMessage(done.error) });
  }

  async #attempts(
    work: StageWork,
    outs: StageOuts,
    logFile: string,
  ): Promise<Result<StageProcess, { process: StageProcess; failure: Failure }>> {
    const most = work.stage.retries + 1;
    for (let attempt = 1; ; attempt++) {
      this.#options.emit({
        type: 'stage-started',
        stage: work.stage.name,
        cmd: work.stage.cmd,
        reasons: work.reasons,
        logFile,
        attempt,
      });
      const tried = await this.#commands(work, outs, { logFile, attempt });
      if (tried.ok || attempt >= most || !(await this.#backOff(attempt))) return tried;
      const cleared = outs.clearAgain(work.stage);
      if (!cleared.ok) return err({ process: tried.error.process, failure: cleared.error });
    }
  }

  /** Waits before another attempt; false when the run was ended meanwhile. */
  async #backOff(attempt: number): Promise<boolean> {
    const { signal } = this.#options;
    const ms = Math.min(firstBackOffMs * 2 ** (attempt - 1), longestBackOffMs);
    await sleep(ms, undefined, { signal }).catch(() => undefined);
    return !signal.aborted;
  }

  /** All commands of the stage, in order, until one fails. */
  async #commands(
    work: StageWork,
    outs: StageOuts,
    at: { readonly logFile: string; readonly attempt: number },
  ): Promise<Result<StageProcess, { process: StageProcess; failure: Failure }>> {
    const { stage } = work;
    let usage: ProcessUsage = { cpuSeconds: null, peakMemoryBytes: null };
    const log = this.#openLog(at.logFile, at.attempt);
    if (!log.ok) return err({ process: { ...nothingStarted, logFile: at.logFile }, failure: log.error });
    const tail = tailLog(join(this.#options.root, at.logFile), (text) => {
      this.#options.emit({ type: 'stage-output', stage: stage.name, text });
    });
    try {
      const startedAt = Date.now();
      for (const cmd of stage.cmd) {
        const left =
          stage.timeoutSeconds === undefined ? undefined : stage.timeoutSeconds - (Date.now() - startedAt) / 1000;
        const outcome = await runCommand({
          cmd,
          cwd: join(this.#options.root, stage.wdir),
          env: { ...this.#options.env, ...work.env },
          log: log.value,
          signal: this.#options.signal,
          onStart: (group) => {
            outs.noteGroup(group);
          },
          ...(left === undefined ? {} : { timeoutSeconds: Math.max(0.001, left) }),
        });
        usage = addUsage(usage, outcome.usage);
        const process = { ...outcome, usage, attempts: at.attempt, logFile: at.logFile };
        const problem = problemOf(outcome, { stage, cmd, attempts: at.attempt });
        if (problem !== undefined) return err({ process, failure: problem });
      }
    } finally {
      tail.stop();
      closeSync(log.value);
    }
    return ok({ exitStatus: 0, signal: null, usage, attempts: at.attempt, logFile: at.logFile });
  }

  #openLog(logFile: string, attempt: number): Result<number> {
    const absolute = join(this.#options.root, logFile);
    try {
      mkdirSync(dirname(absolute), { recursive: true });
      const log = openSync(absolute, attempt === 1 ? 'w' : 'a');
      if (attempt > 1) writeSync(log, `\n[mlp] attempt ${attempt}\n`);
      return ok(log);
    } catch (error) {
      return err(systemProblem(error, { what: 'write', path: logFile }));
    }
  }

  /** Hashes what the stage should have made. */
  async #collect(stage: StageConfig): Promise<Result<readonly Artifact[]>> {
    const outs: Artifact[] = [];
    const absent: string[] = [];
    for (const { path } of stage.outs) {
      const found = await this.#options.hasher.artifact(path);
      if (!found.ok) return err({ ...found.error, stage: stage.name });
      if (found.value === undefined) absent.push(path);
      else outs.push(found.value);
    }
    return absent.length > 0
      ? err(failure('out-not-made', { paths: absent }, { stage: stage.name, at: stage.at }))
      : ok(outs);
  }
}

function problemOf(
  outcome: CommandOutcome,
  about: { stage: StageConfig; cmd: string; attempts: number },
): Failure | undefined {
  const { cmd, attempts, stage } = about;
  const where = { stage: stage.name };
  if (outcome.startProblem !== undefined) {
    return failure('command-not-started', { problem: outcome.startProblem, cmd }, where);
  }
  if (outcome.interrupted) return failure('stage-interrupted', { cmd }, where);
  if (outcome.timedOut) return failure('command-timeout', { seconds: stage.timeoutSeconds ?? 0, cmd, attempts }, where);
  if (outcome.exitStatus === 0) return undefined;
  return failure('command-failed', { exitStatus: outcome.exitStatus, signal: outcome.signal, cmd, attempts }, where);
}

function addUsage(a: ProcessUsage, b: ProcessUsage): ProcessUsage {
  const cpu = a.cpuSeconds === null && b.cpuSeconds === null ? null : (a.cpuSeconds ?? 0) + (b.cpuSeconds ?? 0);
  const peak =
    a.peakMemoryBytes === null && b.peakMemoryBytes === null
      ? null
      : Math.max(a.peakMemoryBytes ?? 0, b.peakMemoryBytes ?? 0);
  return { cpuSeconds: cpu, peakMemoryBytes: peak };
}
