import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isTemporaryName } from './atomic-write.ts';
import { removeTree } from './remove.ts';

/** Temporary files and folders in a folder (absolute), by name: half-written ones of this moment, or of processes that were killed. */
export function temporaryFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(isTemporaryName).sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** Removes them. Only for the holder of the workspace's lock, before it writes: nobody else writes there. */
export function removeTemporaryFiles(folder: string): void {
  for (const name of temporaryFilesIn(folder)) removeTree(join(folder, name));
}
