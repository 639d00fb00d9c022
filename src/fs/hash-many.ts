import { asContentHash, type ContentHash } from '../core/brands.ts';
import { onAllCores } from './on-all-cores.ts';

export interface FileToHash {
  /** Absolute. */
  readonly path: string;
  readonly size: number;
}

/**
 * SHA-256 of many files, on all cores. `onFile` hears the place in the list and the hash of each, in no order. Throws the system's error
 * of the first file that cannot be read. In a file of its own, because few commands have so much to hash.
 */
export async function hashManyFiles(
  files: Iterable<FileToHash>,
  onFile: (index: number, hash: ContentHash) => void,
): Promise<void> {
  await onAllCores(hashInWorker, files, (index, hash) => {
    onFile(index, asContentHash(hash));
  });
}

function hashInWorker(): (file: FileToHash) => string {
  const { closeSync, openSync, readSync } = process.getBuiltinModule('node:fs');
  const { createHash } = process.getBuiltinModule('node:crypto');
  const buffer = Buffer.allocUnsafe(1 << 20);
  return ({ path }) => {
    const file = openSync(path, 'r');
    try {
      const hash = createHash('sha256');
      for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
        hash.update(buffer.subarray(0, read));
      }
      return hash.digest('hex');
    } finally {
      closeSync(file);
    }
  };
}
