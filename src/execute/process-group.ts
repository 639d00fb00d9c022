import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a process group may take to end after SIGTERM before it is killed. */
export const graceMs = 5000;
const lookMs = 20;

/** Signals every process of a group; false when there is none that could be signalled. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch (error) {
    // EPERM: only processes that became another user's are left (or, on macOS, ended ones).
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}

/** Waits until no process of the group runs any more, and kills those that still do after the grace period. */
export async function groupEnd(group: number): Promise<void> {
  const until = performance.now() + graceMs;
  while (groupRuns(group)) {
    if (performance.now() > until) {
      signalGroup(group, 'SIGKILL');
      return;
    }
    await sleep(lookMs);
  }
}

/** Ended processes that nobody has asked about yet (init may be slow, in a container for ever) do not count, where /proc tells. */
function groupRuns(group: number): boolean {
  if (!signalGroup(group, 0)) return false;
  if (process.platform !== 'linux') return true;
  return readdirSync('/proc').some((name) => /^\d+$/.test(name) && runsIn(group, name));
}

/** See proc_pid_stat(5): state and group are the first and third field after the name in brackets, which may hold anything. */
function runsIn(group: number, pid: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(pgrp) === group && state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}
