import { lstatSync, type Stats } from 'node:fs';

/** What tells one state of a file from another without reading it. Times in milliseconds with fractions. */
export interface FileIdentity {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
  readonly mode: number;
}

/**
 * File systems stamp times with the kernel's tick (4 or 10 ms), so two writes within one tick look alike.
 * A file this young when it was read may still change unseen.
 */
export const tickMs = 20;
/** Network and FAT file systems keep whole (or even) seconds only; recognised by a time without a fraction. */
const coarseTickMs = 2000;

export const identityOf = (stats: Stats): FileIdentity => ({
  size: stats.size,
  mtimeMs: stats.mtimeMs,
  ctimeMs: stats.ctimeMs,
  ino: stats.ino,
  mode: stats.mode,
});

export const sameIdentity = (a: FileIdentity, b: FileIdentity): boolean =>
  a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.ino === b.ino && a.mode === b.mode;

/** Milliseconds to wait after `readAt` until no unseen change of the file is possible; 0 when it is old enough. */
export function youthMs(identity: Pick<FileIdentity, 'mtimeMs' | 'ctimeMs'>, readAt: number): number {
  const newest = Math.max(identity.mtimeMs, identity.ctimeMs);
  const whole = identity.mtimeMs % 1000 === 0 && identity.ctimeMs % 1000 === 0;
  // A time in the future (clock set back) is never old enough to be trusted.
  return Math.max(0, newest + (whole ? coarseTickMs : tickMs) - readAt);
}

/** Undefined when nothing is there. Other errors are thrown. Does not follow a symbolic link. */
export function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // A file, or a link that leads back to itself, where a folder of the path should be: there is nothing at the path either.
    if (['ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
