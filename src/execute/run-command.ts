import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { ProcessUsage } from '../core/events.ts';
import { samplePeakMemory } from './peak-memory.ts';
import { graceMs, groupEnd, signalGroup } from './process-group.ts';
import { parseTimes, shellWords, timedScript } from './shell.ts';

/** What a timer can hold; a longer one would go off at once. */
const longestTimerMs = 2 ** 31 - 1;

export interface CommandRequest {
  readonly cmd: string;
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** An open file that gets all that the command prints. */
  readonly log: number;
  readonly timeoutSeconds?: number;
  /** Ends the command and all processes of its group. */
  readonly signal: AbortSignal;
  /** Hears the number of the process group before the command begins; when it throws, the command never does. */
  readonly onStart: (group: number) => void;
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
 * Runs one command in a process group of its own. What it prints goes straight to the log file, so that no amount of it can fill
 * memory or stall it, and so that the log is whole even when mlp is killed.
 */
export async function runCommand(request: CommandRequest): Promise<CommandOutcome> {
  const child = spawnShell(request);
  if (typeof child === 'string') return notStarted(child);
  const times = textOf(child);
  const problem = await hasStarted(child);
  if (problem !== undefined || child.pid === undefined) return notStarted(problem ?? 'no process');
  try {
    request.onStart(child.pid);
  } catch (error) {
    child.stdin?.destroy();
    return notStarted((error as Error).message);
  }
  child.stdin?.end('go\n');
  const memory = samplePeakMemory(child.pid);
  const ended = await endOf(child, child.pid, request);
  return { ...ended, usage: { cpuSeconds: parseTimes(await times), peakMemoryBytes: memory.stop() } };
}

const notStarted = (startProblem: string): CommandOutcome => ({
  exitStatus: null,
  signal: null,
  timedOut: false,
  interrupted: false,
  startProblem,
  usage: { cpuSeconds: null, peakMemoryBytes: null },
});

/** The shell that waits for its line, or why the system refused it. */
function spawnShell(request: CommandRequest): ChildProcess | string {
  try {
    const child = spawn('/bin/sh', ['-c', timedScript, 'mlp', ...shellWords(request.cmd, request.env)], {
      cwd: request.cwd,
      env: request.env,
      detached: true,
      stdio: ['pipe', request.log, request.log, 'pipe'],
    });
    // The shell may be killed before it reads its line; that shows in how it ends.
    child.stdin?.on('error', () => undefined);
    return child;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'E2BIG') return 'too long for this system, with its parameters (E2BIG)';
    return message.split('\n')[0] ?? code;
  }
}

async function hasStarted(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('spawn', () => {
      resolve(undefined);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      // Of the shell and the folder it starts in, it is the folder that may be missing.
      resolve(error.code === 'ENOENT' ? 'its folder does not exist' : error.message);
    });
  });
}

async function textOf(child: ChildProcess): Promise<string> {
  const pipe = child.stdio[3];
  let text = '';
  return new Promise((resolve) => {
    if (pipe === null || pipe === undefined || !('on' in pipe)) {
      resolve(text);
      return;
    }
    pipe.on('data', (chunk: Buffer) => (text += chunk.toString()));
    pipe.on('close', () => {
      resolve(text);
    });
    pipe.on('error', () => {
      resolve(text);
    });
  });
}

type Ending = Pick<CommandOutcome, 'exitStatus' | 'signal' | 'timedOut' | 'interrupted'>;

async function endOf(child: ChildProcess, group: number, request: CommandRequest): Promise<Ending> {
  const told = { toEnd: false, byClock: false };
  const timers: NodeJS.Timeout[] = [];
  const end = (): void => {
    told.toEnd = true;
    signalGroup(group, 'SIGTERM');
    timers.push(
      setTimeout(() => {
        signalGroup(group, 'SIGKILL');
      }, graceMs),
    );
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
  request.signal.addEventListener('abort', end);
  if (request.signal.aborted) end();
  const { code, signal } = await exitOf(child);
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
    if (!told.toEnd) signalGroup(group, 'SIGTERM');
    await groupEnd(group);
  }
  request.signal.removeEventListener('abort', end);
  for (const timer of timers) clearTimeout(timer);
  return ending;
}

async function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
  });
}

/** A shell says that its command was killed by a status above 128. */
function signalInStatus(status: number | null): string | null {
  if (status === null || status <= 128) return null;
  return Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0] ?? null;
}
