import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StageConfig } from '../config/types.ts';
import type { Artifact } from '../core/artifact.ts';
import type { StageName } from '../core/brands.ts';
import type { EventSink, ProcessUsage } from '../core/events.ts';
import { failure, failureMessage, type Failure } from '../core/failure.ts';
import { isFull, refusalOfWriting } from '../core/refusal.ts';
import type { Reason } from '../core/reason.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { TraceFindings } from '../core/trace.ts';
import type { Hasher } from '../fs/hasher.ts';
import { readLogTail } from '../fs/log-text.ts';
import { ownPath } from '../fs/remove.ts';
import { systemProblem } from '../fs/system-problem.ts';
import { CommandShells } from './command-shell.ts';
import { tailLog } from './log-tail.ts';
import { failedStage } from './end-running.ts';
import { missingPackage } from './missing-package.ts';
import { OutsJournal } from './outs-journal.ts';
import { runCommand, type CommandOutcome } from './run-command.ts';
import { StageOuts } from './stage-outs.ts';
import type { StageTrace, Tracer } from './trace/tracer.ts';

const firstBackOffMs = 1000;
const longestBackOffMs = 30_000;
/** A block of a file system. */
const smallestBytes = 4096;
/** Of a failed command's log, from its end: more than Node's message with its stack. */
const lookedAtLines = 60;

export interface StageRunnerOptions {
  /** The workspace, absolute. */
  readonly root: string;
  /** Where outs wait while their stage runs; absolute, in the workspace's file system. */
  readonly temporary: string;
  /** Where this run's logs go; relative to the workspace. */
  readonly logs: string;
  readonly hasher: Hasher;
  readonly emit: EventSink;
  /** Ends the stages that run, in their own time. */
  readonly signal: AbortSignal;
  /** Kills them. */
  readonly hurry: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Watches which files the stages use. */
  readonly tracer?: Tracer;
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
  /** Of a traced stage whose commands ended well. */
  readonly trace?: TraceFindings;
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
  readonly #journal: OutsJournal;
  readonly #shells: CommandShells;

  constructor(options: StageRunnerOptions) {
    this.#options = options;
    this.#journal = new OutsJournal(options.temporary);
    this.#shells = new CommandShells({ cwd: options.root, env: options.env });
  }

  /** Ends what waits for more work. To be called when no stage runs any more. */
  close(): void {
    this.#shells.close();
    this.#journal.close();
  }

  /** After a good run the caller stores the outs and then lets the old ones go with `placed.keepNew()`. */
  async run(work: StageWork): Promise<StageRun> {
    const logFile = join(this.#options.logs, `${encodeURIComponent(work.stage.name)}.log`);
    const cleared = StageOuts.clear(work.stage, { root: this.#options.root, journal: this.#journal });
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
    const undeclared = process.value.trace?.undeclared ?? [];
    if (this.#options.tracer?.strict === true && undeclared.length > 0) {
      this.putBack(outs);
      const problem = failure('undeclared-files', { files: undeclared.length }, { stage: work.stage.name });
      return { good: false, process: process.value, failure: problem };
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
      const tried = await this.#commands(work, { logFile, attempt });
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
    at: { readonly logFile: string; readonly attempt: number },
  ): Promise<Result<StageProcess, { process: StageProcess; failure: Failure }>> {
    const { stage } = work;
    let usage: ProcessUsage = { cpuSeconds: null, peakMemoryBytes: null };
    const log = this.#makeLog(at.logFile, at.attempt);
    if (!log.ok) return err({ process: { ...nothingStarted, logFile: at.logFile }, failure: log.error });
    const trace = this.#options.tracer?.begin(stage);
    const tail = tailLog(log.value, (text) => {
      this.#options.emit({ type: 'stage-output', stage: stage.name, text });
    });
    try {
      const startedAt = Date.now();
      for (const cmd of stage.cmd) {
        const left =
          stage.timeoutSeconds === undefined ? undefined : stage.timeoutSeconds - (Date.now() - startedAt) / 1000;
        const request = {
          cmd,
          cwd: join(this.#options.root, stage.wdir),
          env: { ...this.#options.env, ...work.env, ...trace?.env },
          ...(trace === undefined ? {} : { wrap: (words: readonly string[]) => trace.wrap(words) }),
          log: log.value,
          signal: this.#options.signal,
          hurry: this.#options.hurry,
          onStart: (group: number): void => {
            this.#journal.noteGroup(group);
          },
          ...(left === undefined ? {} : { timeoutSeconds: Math.max(0.001, left) }),
        };
        const outcome = await runCommand(request, this.#shells);
        usage = addUsage(usage, outcome.usage);
        const process = { ...outcome, usage, attempts: at.attempt, logFile: at.logFile };
        const problem = problemOf(outcome, {
          stage,
          cmd,
          attempts: at.attempt,
          endedBy: failedStage(this.#options.signal),
        });
        if (problem !== undefined) return err({ process, failure: await explained(problem, log.value, request.cwd) });
      }
      const process = { exitStatus: 0, signal: null, usage, attempts: at.attempt, logFile: at.logFile };
      return trace === undefined ? ok(process) : await this.#findings(trace, process, stage);
    } finally {
      tail.stop();
      trace?.end();
    }
  }

  /** What the trace tells; it stands beside the log. A trace that cannot be read is a fault only where one is asked for. */
  async #findings(
    trace: StageTrace,
    process: StageProcess,
    stage: StageConfig,
  ): Promise<Result<StageProcess, { process: StageProcess; failure: Failure }>> {
    const report = process.logFile.replace(/log$/, 'trace.json');
    try {
      return ok({ ...process, trace: await trace.findings(join(this.#options.root, report)) });
    } catch (error) {
      const problem = systemProblem(error, { what: 'read the trace of', path: stage.name });
      if (this.#options.tracer?.strict === true) return err({ process, failure: { ...problem, stage: stage.name } });
      this.#options.emit({ type: 'warning', text: failureMessage(problem) });
      return ok(process);
    }
  }

  /** Makes the log file, or adds to it what tells a further attempt; gives its absolute path. */
  #makeLog(logFile: string, attempt: number): Result<string> {
    const absolute = join(this.#options.root, logFile);
    const text = attempt === 1 ? '' : `\n[mlp] attempt ${attempt}\n`;
    const write = (): void => {
      writeFileSync(absolute, text, { flag: attempt === 1 ? 'w' : 'a' });
    };
    try {
      try {
        write();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        mkdirSync(dirname(absolute), { recursive: true });
        write();
      }
      return ok(absolute);
    } catch (error) {
      return err(systemProblem(error, { what: 'write', path: logFile }));
    }
  }

  /** Hashes what the stage should have made. */
  async #collect(stage: StageConfig): Promise<Result<readonly Artifact[]>> {
    const outs: Artifact[] = [];
    const absent: string[] = [];
    for (const { path } of stage.outs) {
      // The command may have put a link to elsewhere into the way.
      const own = ownPath(this.#options.root, path);
      if (!own.ok) return err({ ...own.error, stage: stage.name });
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
  about: { stage: StageConfig; cmd: string; attempts: number; endedBy: StageName | undefined },
): Failure | undefined {
  const { cmd, attempts, stage, endedBy } = about;
  const where = { stage: stage.name };
  if (outcome.startProblem !== undefined) {
    return failure('command-not-started', { problem: outcome.startProblem, cmd }, where);
  }
  if (outcome.interrupted) {
    return endedBy === undefined
      ? failure('stage-interrupted', { cmd }, where)
      : failure('stage-ended', { cmd, by: endedBy }, where);
  }
  if (outcome.timedOut) return failure('command-timeout', { seconds: stage.timeoutSeconds ?? 0, cmd, attempts }, where);
  if (outcome.exitStatus === 0) return undefined;
  return failure('command-failed', { exitStatus: outcome.exitStatus, signal: outcome.signal, cmd, attempts }, where);
}

/** Adds what mlp can tell of a failed command beyond its status. */
async function explained(problem: Failure, log: string, cwd: string): Promise<Failure> {
  if (problem.reason !== 'command-failed') return problem;
  // Asked at once: what the failed command wrote is removed soon, and then there is room again.
  if (isFull(refusalOfWriting(log, smallestBytes))) return { ...problem, detail: { ...problem.detail, logCut: true } };
  const tail = (await readLogTail(log, lookedAtLines)) ?? [];
  const missing = missingPackage(tail.join('\n'), cwd);
  return missing === undefined ? problem : { ...problem, detail: { ...problem.detail, missing } };
}

function addUsage(a: ProcessUsage, b: ProcessUsage): ProcessUsage {
  const cpu = a.cpuSeconds === null && b.cpuSeconds === null ? null : (a.cpuSeconds ?? 0) + (b.cpuSeconds ?? 0);
  const peak =
    a.peakMemoryBytes === null && b.peakMemoryBytes === null
      ? null
      : Math.max(a.peakMemoryBytes ?? 0, b.peakMemoryBytes ?? 0);
  return { cpuSeconds: cpu, peakMemoryBytes: peak };
}
