import { readFileSync } from 'node:fs';

const firstLookMs = 15;
const intervalMs = 100;

/** Samples the peak memory of a process and its descendants. */
export interface MemorySampler {
  /** Stops, and gives the most that any single process held, in bytes; null where the system does not tell. */
  stop(): number | null;
}

/**
 * Reads each process's high-water mark (VmHWM) ten times a second, so only what a process gains in its last tenth of a second is
 * missed. Linux only.
 */
export function samplePeakMemory(pid: number): MemorySampler {
  if (process.platform !== 'linux') return { stop: () => null };
  let peak = 0;
  const look = (): void => {
    for (const member of familyOf(pid)) peak = Math.max(peak, highWaterMark(member));
  };
  const first = setTimeout(look, firstLookMs);
  const timer = setInterval(look, intervalMs);
  first.unref();
  timer.unref();
  return {
    stop: () => {
      clearTimeout(first);
      clearInterval(timer);
      return peak === 0 ? null : peak;
    },
  };
}

function familyOf(pid: number): number[] {
  const found = [pid];
  for (const member of found) {
    const children = readOrEmpty(`/proc/${member}/task/${member}/children`);
    for (const child of children.split(' ')) if (child.trim() !== '') found.push(Number(child));
    if (found.length > 1000) break;
  }
  return found;
}

function highWaterMark(pid: number): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readOrEmpty(`/proc/${pid}/status`))?.[1];
  return kilobytes === undefined ? 0 : Number(kilobytes) * 1024;
}

/** A process may end between being found and being read. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
