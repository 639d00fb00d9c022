import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import type { Finding } from './finding.ts';

/** How long times are watched, and how many changes of them are enough. */
const longestMs = 300;
const enoughChanges = 4;

/** How finely a file system stamps times. */
export interface Tick {
  /** Smallest step seen between two stamps, in milliseconds; undefined when none was seen. */
  readonly stepMs: number | undefined;
  /** Longest time within which two writes had the same stamp: the step is no smaller. */
  readonly stillMs: number;
  /** Whether all stamps were whole seconds. */
  readonly whole: boolean;
  /** How far the newest stamp is ahead of this machine's clock, in milliseconds. */
  readonly aheadMs: number;
}

/** Writes to a new file (absolute) again and again, and looks at the times that it gets. Throws the system's error. */
export function measureTick(path: string): Tick {
  const file = openSync(path, 'wx');
  try {
    const stamps: bigint[] = [];
    const startedAt = performance.now();
    let since = startedAt;
    let stillMs = 0;
    while (stamps.length <= enoughChanges && performance.now() - startedAt < longestMs) {
      const before = performance.now();
      writeSync(file, '.');
      const { mtimeNs } = fstatSync(file, { bigint: true });
      if (stamps.at(-1) === mtimeNs) stillMs = Math.max(stillMs, before - since);
      else {
        stamps.push(mtimeNs);
        since = performance.now();
      }
    }
    const steps = stamps.slice(1).map((stamp, index) => Number(stamp - (stamps[index] ?? stamp)) / 1e6);
    return {
      stepMs: steps.length === 0 ? undefined : Math.min(...steps),
      stillMs,
      whole: stamps.every((stamp) => stamp % 1_000_000_000n === 0n),
      aheadMs: Number((stamps.at(-1) ?? 0n) / 1_000_000n) - Date.now(),
    };
  } finally {
    closeSync(file);
  }
}

/** mlp takes a file that is older than this for settled (src/fs/identity.ts), or than two seconds where times are whole seconds. */
const assumedMs = 20;
/** Clocks of a file server and of this machine may differ by so much before it costs anything. */
const mostAheadMs = 1000;

export function tickFinding({ stepMs, stillMs, whole, aheadMs }: Tick): Finding {
  const base = { area: 'file system', subject: 'file times' } as const;
  if (aheadMs > mostAheadMs) {
    const text = `${(aheadMs / 1000).toFixed(1)} s ahead of this machine's clock: new files are hashed again each time`;
    return { ...base, verdict: 'note', text, next: 'set both clocks, as with chrony or ntpd' };
  }
  if (whole) return { ...base, verdict: 'ok', text: 'in whole seconds: a file is hashed again until it is 2 s old' };
  if (stillMs > assumedMs) {
    const text = `change only every ${stillMs.toFixed(0)} ms or more: a change right after another may go unseen`;
    return { ...base, verdict: 'problem', text, next: 'keep the project on a file system of this machine' };
  }
  return { ...base, verdict: 'ok', text: stepMs === undefined ? 'fine' : `in steps of ${stepText(stepMs)}` };
}

const stepText = (ms: number): string => (ms < 0.1 ? `${(ms * 1000).toFixed(0)} µs` : `${ms.toFixed(1)} ms`);
