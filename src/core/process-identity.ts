import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process this is, so that others can tell later whether it still lives. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** Tells a process from a later one with the same number: boot and start tick on Linux, null elsewhere. */
  readonly startedAt: string | null;
}

/** The identity of a process of this host; by default of the one that calls. */
export function processIdentity(pid: number = process.pid): ProcessIdentity {
  return { pid, host: hostname(), startedAt: procEntry(pid)?.startedAt ?? null };
}

/** False only when it is certain that the process is gone; one of another host counts as alive. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.host !== hostname()) return true;
  if (!hasPid(identity.pid)) return false;
  const entry = procEntry(identity.pid);
  if (entry === undefined) return true;
  if (entry.ended) return false;
  return identity.startedAt === null || identity.startedAt === entry.startedAt;
}

function hasPid(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not permitted to signal it means that it is there, and another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** What Linux says of a process (proc_pid_stat(5)); undefined on other systems and for a process that is gone. */
function procEntry(pid: number): { startedAt: string; ended: boolean } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the program's name in brackets and may hold blanks and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    const startTick = fields[19];
    if (startTick === undefined) return undefined;
    return { startedAt: `${bootId()}:${startTick}`, ended: state === 'Z' || state === 'X' };
  } catch {
    return undefined;
  }
}

/** Ticks count from boot, so the same tick of another boot is another process. */
const bootId = (): string => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
