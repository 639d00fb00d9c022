import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { ProcessUsage } from '../core/events.ts';
import { samplePeakMemory } from './peak-memory.ts';
import { parseTimes, shellWords, timedScript } from './shell.ts';

/** How long a process group may take to end after SIGTERM before it is killed. */
const graceMs = 5000;

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
  /** Hears the number of the process group as soon as it runs. */
  readonly onStart: (group: number) => void;
}

export interface CommandOutcome {
  readonly exitStatus: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  /** Why it could not be started at all. */
  readonly startProblem?: string;
  readonly usage: ProcessUsage;
}

/**
 * Runs one command in a process group of its own. What it prints goes straight to the log file, so that no amount of it can fill
 * memory or stall it, and so that the log is whole even when mlp is killed.
 */
export async function runCommand(request: CommandRequest): Promise<CommandOutcome> {
  const child = spawn('/bin/sh', ['-c', timedScript, 'mlp', ...shellWords(request.cmd, request.env)], {
    cwd: request.cwd,
    env: request.env,
    detached: true,
    stdio: ['ignore', request.log, request.log, 'pipe'],
  });
  const times = textOf(child);
  const started = await hasStarted(child);
  if (started !== undefined || child.pid === undefined) {
    return { exitStatus: null, signal: null, timedOut: false, startProblem: started ?? 'no process', usage: noUsage };
  }
  request.onStart(child.pid);
  const memory = samplePeakMemory(child.pid);
  const ended = await endOf(child, child.pid, request);
  return { ...ended, usage: { cpuSeconds: parseTimes(await times), peakMemoryBytes: memory.stop() } };
}

const noUsage: ProcessUsage = { cpuSeconds: null, peakMemoryBytes: null };

async function hasStarted(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('spawn', () => {
      resolve(undefined);
    });
    child.once('error', (error) => {
      resolve(error.message);
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

type Ending = Pick<CommandOutcome, 'exitStatus' | 'signal' | 'timedOut'>;

async function endOf(child: ChildProcess, group: number, request: CommandRequest): Promise<Ending> {
  const clock = { ranOut: false };
  const killers: NodeJS.Timeout[] = [];
  const end = (): void => {
    signalGroup(group, 'SIGTERM');
    killers.push(
      setTimeout(() => {
        signalGroup(group, 'SIGKILL');
      }, graceMs),
    );
  };
  if (request.timeoutSeconds !== undefined) {
    killers.push(
      setTimeout(() => {
        clock.ranOut = true;
        end();
      }, request.timeoutSeconds * 1000),
    );
  }
  request.signal.addEventListener('abort', end);
  if (request.signal.aborted) end();
  const ending = await new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ exitStatus: code, signal: signal ?? signalInStatus(code), timedOut: clock.ranOut });
    });
  });
  request.signal.removeEventListener('abort', end);
  for (const killer of killers) clearTimeout(killer);
  // The shell has ended; a descendant that ignored SIGTERM must not go on writing into outs that are cleaned up now.
  if (ending.timedOut || request.signal.aborted) signalGroup(group, 'SIGKILL');
  return ending;
}

/** Signals every process of a group; one that is gone needs none. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A shell says that its command was killed by a status above 128. */
function signalInStatus(status: number | null): string | null {
  if (status === null || status <= 128) return null;
  return Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0] ?? null;
}
