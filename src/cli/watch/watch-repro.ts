import { exitCode, type ExitCode } from '../../core/exit-code.ts';
import { failure, failureMessage, type Failure } from '../../core/failure.ts';
import { ok } from '../../core/result.ts';
import type { Workspace } from '../../core/workspace.ts';
import { styleFor } from '../../report/style.ts';
import {
  renderChanges,
  renderRestart,
  renderRestless,
  renderWatching,
  type WatchedChange,
} from '../../report/watching.ts';
import type { CliContext } from '../context.ts';
import { planOptions } from '../repro/engine-options.ts';
import { listenForInterrupts, type Interrupts } from '../repro/interrupts.ts';
import { tellEnding } from '../repro/tell-ending.ts';
import type { Round } from '../repro/round.ts';
import type { ReproFlags } from '../repro/types.ts';
import { RestlessPaths } from './restless-paths.ts';
import { WatchSession } from './watch-session.ts';

/** How long killed stages may take to be cleaned up after; what is not, the next mlp does. */
const afterKillMs = 2000;

type RunRound = (context: CliContext, flags: ReproFlags, round: Round) => Promise<ExitCode>;

/** Runs, waits until something that the pipeline reads has changed, and runs again, until it is interrupted. */
export async function watchRepro(
  called: CliContext,
  targets: readonly string[],
  flags: ReproFlags,
  runRound: RunRound,
): Promise<ExitCode> {
  const workspace = called.workspace(flags.file);
  if (!workspace.ok) return called.fail(workspace.error);
  const watching = new Watching(called, workspace.value, { targets, flags });
  try {
    return await watching.run(runRound);
  } finally {
    await watching.close();
  }
}

class Watching {
  readonly #context: CliContext;
  readonly #flags: ReproFlags;
  readonly #session: WatchSession;
  readonly #interrupts: Interrupts;
  readonly #restless = new RestlessPaths();
  readonly #faults = new AbortController();
  #problems: readonly Failure[] = [];
  #runs = false;
  #warn: (text: string) => void = () => undefined;
  #restarted: readonly WatchedChange[] = [];

  constructor(
    called: CliContext,
    workspace: Workspace,
    asked: { readonly targets: readonly string[]; readonly flags: ReproFlags },
  ) {
    // The pipeline file may go and come back; without it, another one above would be found.
    this.#context = { ...called, workspace: () => ok(workspace) };
    this.#flags = asked.flags;
    this.#session = new WatchSession({
      workspace,
      build: called.build,
      env: called.env,
      reach: planOptions(called, asked.targets, asked.flags).reach,
      onError: (error) => {
        if (!this.#faults.signal.aborted) this.#context.fail(watchFailure(error));
        this.#faults.abort();
      },
    });
    this.#interrupts = listenForInterrupts((signal) => {
      if (this.#runs) tellEnding(signal, called, this.#warn);
      else called.log.write('\n');
    });
    this.#interrupts.hurry.addEventListener('abort', () => {
      setTimeout(() => process.exit(exitCode.interrupted), afterKillMs).unref();
    });
  }

  async run(runRound: RunRound): Promise<ExitCode> {
    const stop = AbortSignal.any([this.#interrupts.signal, this.#faults.signal]);
    for (let flags: ReproFlags = this.#flags; ; flags = laterFlags(this.#flags)) {
      const code = await this.#round(flags, runRound);
      if (stop.aborted) return this.#interrupts.signal.aborted ? code : exitCode.stageFailed;
      // What -S asks for is asked once: when it cannot be done there is nothing to go on with.
      if (flags.set !== undefined && code === exitCode.usage) return code;
      const changes = await this.#nextChanges(stop);
      if (this.#faults.signal.aborted) return exitCode.stageFailed;
      if (changes === undefined) return exitCode.done;
      if (this.#restarted.length === 0) this.#say(renderChanges(changes, this.#style));
    }
  }

  async close(): Promise<void> {
    this.#interrupts.stop();
    await this.#session.close();
  }

  async #round(flags: ReproFlags, runRound: RunRound): Promise<ExitCode> {
    const told = this.#problems.flatMap(({ at }) => (at === undefined ? [] : [at.file]));
    this.#problems = [];
    this.#restarted = [];
    await this.#session.beginRound(told);
    const end = new AbortController();
    const over = new AbortController();
    const supervision = this.#supervise(end, over.signal);
    this.#runs = true;
    const code = await runRound(
      this.#context,
      flags,
      this.#hooks(AbortSignal.any([end.signal, this.#interrupts.signal])),
    );
    this.#runs = false;
    over.abort();
    await supervision;
    if (flags.json === true && this.#problems.length > 0) this.#context.out.write(problemLine(this.#problems));
    return code;
  }

  #hooks(signal: AbortSignal): Round {
    return {
      interrupts: {
        signal,
        hurry: this.#interrupts.hurry,
        received: () => this.#interrupts.received(),
        stop: () => undefined,
      },
      isRestarted: () => this.#restarted.length > 0 && this.#interrupts.received() === undefined,
      onProject: async (project, targets, warn) => {
        this.#warn = warn;
        await this.#session.onProject(project, targets);
      },
      hear: (event) => {
        this.#session.hear(event);
      },
      onProblems: (problems) => {
        this.#problems = problems;
      },
      onEnd: (project) => this.#session.onEnd(project),
    };
  }

  /** While a round runs: ends its stages when what one of them reads, that is not done yet, has changed. */
  async #supervise(end: AbortController, over: AbortSignal): Promise<void> {
    while (await this.#session.untilSettled(over)) {
      const changes = this.#restless.without(await this.#session.changesForUnfinished());
      if (over.aborted || changes.length === 0) continue;
      this.#restarted = changes;
      this.#warn(renderRestart(changes));
      end.abort();
      return;
    }
  }

  /** What the next round is for; undefined when there is to be none. */
  async #nextChanges(stop: AbortSignal): Promise<readonly WatchedChange[] | undefined> {
    await this.#session.untilQuiet(stop);
    if (stop.aborted) return undefined;
    // What changed while the round ran begins the next one at once.
    const meanwhile = await this.#session.changes();
    this.#restless.count(meanwhile);
    const restless = this.#restless.among(meanwhile);
    if (restless.length > 0) {
      await this.#session.accept(restless);
      this.#say(renderRestless(restless, this.#style));
    }
    const found = this.#restless.without(meanwhile);
    if (found.length > 0) return found;
    // Its stages were ended for a change that has been taken back since.
    if (this.#restarted.length > 0) return this.#restarted;
    this.#say(renderWatching(this.#session.counts(), this.#style));
    while (await this.#session.untilSettled(stop)) {
      const changes = await this.#session.changes();
      if (changes.length === 0) continue;
      this.#restless.clear();
      return changes;
    }
    return undefined;
  }

  #say(text: string): void {
    (this.#flags.json === true ? this.#context.log : this.#context.out).write(text);
  }

  get #style(): ReturnType<typeof styleFor> {
    return styleFor((this.#flags.json === true ? this.#context.log : this.#context.out).colour);
  }
}

/** What is asked for once is left out from the second round on; other work here is waited for. */
function laterFlags({ set: _set, force: _force, ...flags }: ReproFlags): ReproFlags {
  return { ...flags, wait: true };
}

const problemLine = (problems: readonly Failure[]): string =>
  `${JSON.stringify({
    upToDate: false,
    status: 'FAILED',
    problems: problems.map((problem) => ({ reason: problem.reason, message: failureMessage(problem) })),
  })}\n`;

const watchFailure = (error: NodeJS.ErrnoException): Failure =>
  failure('cannot-watch', { why: error.message, code: error.code ?? '' });
