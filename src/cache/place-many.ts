import type { ContentHash } from '../core/brands.ts';
import { onAllCores } from '../fs/on-all-cores.ts';

/** What became of an object that was asked for. */
export type PlaceOutcome = 'placed' | 'missing' | 'corrupt';

export interface FileToPlace {
  /** Where the file is to appear (absolute): its folder is there, and nothing at its name. */
  readonly path: string;
  /** Where its bytes are (absolute). */
  readonly object: string;
  readonly hash: ContentHash;
  /** Bytes. */
  readonly size: number;
  /** Of the file that appears. */
  readonly mode: number;
}

/**
 * Copies many small objects, each checked against its hash on the way, on all cores. `onFile` hears the place in the list and what became
 * of each, in no order. Throws the system's error of the first file that cannot be read or written. In a file of its own, because few
 * commands have so much to place.
 */
export async function placeManyFiles(
  files: Iterable<FileToPlace>,
  onFile: (index: number, outcome: PlaceOutcome) => void,
): Promise<void> {
  await onAllCores(placeInWorker, files, onFile);
}

function placeInWorker(): (file: FileToPlace) => PlaceOutcome {
  const { closeSync, fchmodSync, openSync, readFileSync, writeFileSync } = process.getBuiltinModule('node:fs');
  const { createHash } = process.getBuiltinModule('node:crypto');
  const bytesOf = (object: string): Uint8Array | undefined => {
    try {
      return readFileSync(object);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
  return ({ path, object, hash, mode }) => {
    const bytes = bytesOf(object);
    if (bytes === undefined) return 'missing';
    if (createHash('sha256').update(bytes).digest('hex') !== hash) return 'corrupt';
    const file = openSync(path, 'wx');
    try {
      writeFileSync(file, bytes);
      fchmodSync(file, mode);
    } finally {
      closeSync(file);
    }
    return 'placed';
  };
}
