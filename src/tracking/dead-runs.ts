import { hostname } from 'node:os';
import { isAlive } from '../core/process-identity.ts';
import { sqliteCode } from '../core/sqlite.ts';
import type { Statements } from './statements.ts';

/** How often a process that writes a run says that it lives, in milliseconds. */
export const heartbeatMs = 15_000;
/** Silence after which a run of another host counts as dead: its process cannot be looked at. Leaves room for clocks that differ. */
const silenceMs = 15 * 60_000;

interface RunningRow {
  readonly number: number;
  readonly pid: number;
  readonly host: string;
  readonly process_started: string | null;
  readonly alive_at: number;
}

/**
 * Marks runs whose process is gone as KILLED at their last sign of life. A process that was only out of sight (a suspended
 * machine) sets its own end when it finishes.
 */
export function markDeadRuns(statements: Statements, now: number): void {
  const running = statements.all<RunningRow>(
    `SELECT number, pid, host, process_started, alive_at FROM runs WHERE status = 'RUNNING'`,
  );
  const dead = running.filter((row) => isDead(row, now));
  if (dead.length === 0) return;
  try {
    statements.write(() => {
      for (const { number, alive_at } of dead) {
        statements.run(
          `UPDATE runs SET status = 'KILLED', ended_at = max(started_at, alive_at)
           WHERE number = ? AND status = 'RUNNING' AND alive_at = ?`,
          number,
          alive_at,
        );
      }
    });
  } catch (error) {
    // A store on read-only media is still worth reading.
    if (sqliteCode(error)?.startsWith('SQLITE_READONLY') !== true) throw error;
  }
}

function isDead(row: RunningRow, now: number): boolean {
  const process = { pid: row.pid, host: row.host, startedAt: row.process_started };
  return !isAlive(process) || (row.host !== hostname() && now - row.alive_at > silenceMs);
}
