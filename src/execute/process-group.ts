import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long processes may take to end after SIGTERM before they are killed. */
export const graceMs = 5000;
const lookMs = 20;
/** Linux counts the start of a process in hundredths of a second, whatever the kernel's own clock. */
const ticksPerSecond = 100;

/** The processes of a command. */
export interface CommandProcesses {
  readonly group: number;
  /** Seconds since boot: older members of the group are not the command's. Null: all of the group are. Anything else on Linux alone. */
  readonly since: number | null;
}

/** Signals every process of a group; false when there is none that could be signalled. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  return kill(-group, signal);
}

/** Signals every process of a command. */
export function signalProcesses({ group, since }: CommandProcesses, signal: NodeJS.Signals): void {
  if (since === null) signalGroup(group, signal);
  else for (const pid of membersOf({ group, since })) kill(pid, signal);
}

/** Waits until no process of the command runs any more, and kills those that still do after the grace period. */
export async function processesEnd(processes: CommandProcesses): Promise<void> {
  const until = performance.now() + graceMs;
  while (anyRuns(processes)) {
    if (performance.now() > until) {
      signalProcesses(processes, 'SIGKILL');
      return;
    }
    await sleep(lookMs);
  }
}

function kill(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch (error) {
    // EPERM: only processes that became another user's are left (or, on macOS, ended ones).
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}

/** Ended processes that nobody has asked about yet (init may be slow, in a container for ever) do not count, where /proc tells. */
function anyRuns(processes: CommandProcesses): boolean {
  if (processes.since === null && !signalGroup(processes.group, 0)) return false;
  if (process.platform !== 'linux') return true;
  return membersOf(processes).length > 0;
}

function membersOf({ group, since }: CommandProcesses): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => runsIn(group, since ?? 0, pid)).map(Number);
}

/** See proc_pid_stat(5): state, group and start are the 1st, 3rd and 20th field after the name in brackets, which may hold anything. */
function runsIn(group: number, since: number, pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, , pgrp] = fields;
    const startedAt = Number(fields[19]);
    // Both times are cut off, each to its hundredth.
    return Number(pgrp) === group && state !== 'Z' && state !== 'X' && startedAt >= Math.floor(since * ticksPerSecond);
  } catch {
    return false;
  }
}
