import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A name in the same folder that no other writer uses. */
export const temporaryBeside = (path: string): string => join(dirname(path), `.${randomBytes(8).toString('hex')}.tmp`);

/** Whether a name is one that `temporaryBeside` gives. */
export const isTemporaryName = (name: string): boolean => /^\.[0-9a-f]{16}\.tmp$/.test(name);

/**
 * Replaces a file so that a reader, or a crash at any moment, sees the old bytes or the new ones, never a mixture.
 * Makes the folder. Throws the system's error, and then leaves no temporary file.
 * `scratch`: a folder of the same file system for the temporary file, where a killed process may leave one unseen.
 * `durable` also waits for the disk: without it, a power failure can leave the new name with an empty file.
 */
export function writeFileAtomic(
  path: string,
  bytes: string | Uint8Array,
  options: { readonly durable: boolean; readonly scratch?: string } = { durable: true },
): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = temporaryBeside(options.scratch === undefined ? path : join(options.scratch, 'file'));
  mkdirSync(dirname(temporary), { recursive: true });
  try {
    const file = openSync(temporary, 'wx');
    try {
      writeAll(file, typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
      if (options.durable) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}
