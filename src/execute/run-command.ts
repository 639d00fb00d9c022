import { statSync } from 'node:fs';
import { constants } from 'node:os';
import type { ProcessUsage } from '../core/events.ts';
import type { CommandShell, CommandShells, ShellAnswer } from './command-shell.ts';
import { samplePeakMemory } from './peak-memory.ts';
import { graceMs, processesEnd, signalProcesses, type CommandProcesses } from './process-group.ts';
import { commandScript, longestWord } from './shell.ts';

/** What a timer can hold; a longer one would go off at once. */
const longestTimerMs = 2 ** 31 - 1;
/** From here on Linux refuses a single word of a command line or environment; all systems have some limit on their sum. */
const tooLongBytes = 128 << 10;
/** How a shell ends that could not start its command. */
const notExecutable = 126;

export interface CommandRequest {
  readonly cmd: string;
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** An absolute path: a file that gets all that the command prints, at its end. */
  readonly log: string;
  readonly timeoutSeconds?: number;
  /** Ends the command and all processes that it started. */
  readonly signal: AbortSignal;
  /** Kills them at once. */
  readonly hurry?: AbortSignal;
  /** Hears the number of the process group before the command begins; when it throws, the command never does. */
  readonly onStart: (group: number) => void;
  /** Puts a program around the words of the command, which runs them as they are. */
  readonly wrap?: (words: readonly string[]) => readonly string[];
}

export interface CommandOutcome {
  readonly exitStatus: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** Whether the signal of the request came before it ended. */
  readonly interrupted: boolean;
  /** Why it could not be started at all. */
  readonly startProblem?: string;
  readonly usage: ProcessUsage;
}

/**
 * Runs one command in the process group of a shell that waits for it. What it prints goes straight to the log file, so that no amount
 * of it can fill memory or stall it, and so that the log is whole even when mlp is killed.
 */
export async function runCommand(request: CommandRequest, shells: CommandShells): Promise<CommandOutcome> {
  const refused = refusalOf(request, shells.cwd);
  if (refused !== undefined) return notStarted(refused);
  const shell = await shells.take();
  if (typeof shell === 'string') return notStarted(shell);
  try {
    request.onStart(shell.group);
  } catch (error) {
    shell.close();
    return notStarted((error as Error).message);
  }
  const processes = { group: shell.group, since: shell.nextBegins() };
  const memory = samplePeakMemory(shell.group);
  const answer = shell.run(commandScript(request, shells));
  const ending = await endOf(answer, processes, request);
  const usage = { cpuSeconds: (await answer).cpuSeconds, peakMemoryBytes: memory.stop() };
  release(shell, shells, ending);
  const problem = problemOf(ending, request);
  return problem === undefined ? { ...ending, usage } : notStarted(problem);
}

/** What the shell would only say in its own words. */
function refusalOf({ cmd, cwd, env }: CommandRequest, usual: string): string | undefined {
  const texts = [cmd, ...Object.values(env)];
  if (texts.some((text) => text?.includes('\0') === true)) return 'it or its environment holds null bytes';
  const isFolder = cwd === usual || statSync(cwd, { throwIfNoEntry: false })?.isDirectory() === true;
  return isFolder ? undefined : 'its folder does not exist';
}

function problemOf({ exitStatus }: Ending, request: CommandRequest): string | undefined {
  return exitStatus === notExecutable && longestWord(request) >= tooLongBytes
    ? 'too long for this system, with its parameters (E2BIG)'
    : undefined;
}

function release(shell: CommandShell, shells: CommandShells, { exitStatus, timedOut }: Ending): void {
  if (exitStatus === 0 && !timedOut) shells.giveBack(shell);
  else shell.close();
}

const notStarted = (startProblem: string): CommandOutcome => ({
  exitStatus: null,
  signal: null,
  timedOut: false,
  interrupted: false,
  startProblem,
  usage: { cpuSeconds: null, peakMemoryBytes: null },
});

type Ending = Pick<CommandOutcome, 'exitStatus' | 'signal' | 'timedOut' | 'interrupted'>;

async function endOf(
  answer: Promise<ShellAnswer>,
  processes: CommandProcesses,
  request: CommandRequest,
): Promise<Ending> {
  const told = { toEnd: false, byClock: false };
  const timers: NodeJS.Timeout[] = [];
  const kill = (): void => {
    signalProcesses(processes, 'SIGKILL');
  };
  const end = (): void => {
    told.toEnd = true;
    signalProcesses(processes, 'SIGTERM');
    timers.push(setTimeout(kill, graceMs));
  };
  if (request.timeoutSeconds !== undefined) {
    const ms = Math.min(request.timeoutSeconds * 1000, longestTimerMs);
    timers.push(
      setTimeout(() => {
        told.byClock = true;
        end();
      }, ms),
    );
  }
  request.hurry?.addEventListener('abort', kill);
  request.signal.addEventListener('abort', end);
  if (request.signal.aborted) end();
  const { exitStatus: code, signal } = await answer;
  // A command that was told to end may do so with a good status, and has not done its work all the same.
  const interrupted = request.signal.aborted;
  const cutShort = interrupted && code === 0;
  const ending: Ending = {
    exitStatus: cutShort ? null : code,
    signal: cutShort ? 'SIGTERM' : (signal ?? signalInStatus(code)),
    timedOut: told.byClock,
    interrupted,
  };
  if (ending.exitStatus !== 0 || ending.timedOut) {
    // What it started must not go on writing into outs that are cleaned up now.
    if (!told.toEnd) signalProcesses(processes, 'SIGTERM');
    await processesEnd(processes);
  }
  request.signal.removeEventListener('abort', end);
  request.hurry?.removeEventListener('abort', kill);
  for (const timer of timers) clearTimeout(timer);
  return ending;
}

/** A shell says that its command was killed by a status above 128. */
function signalInStatus(status: number | null): string | null {
  if (status === null || status <= 128) return null;
  return Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0] ?? null;
}
