import { createHash, hash as hashOnce } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { asContentHash, type ContentHash } from '../core/brands.ts';

/** Up to here one synchronous read is fastest; above it, the read is streamed so that the event loop goes on. */
const wholeReadLimit = 1 << 20;
const chunkBytes = 4 << 20;

export const hashBytes = (bytes: Uint8Array | string): ContentHash => asContentHash(hashOnce('sha256', bytes, 'hex'));

/** SHA-256 of a file. `onBytes` hears how many bytes were read so far, a few times a second at most. Throws the system's error. */
export async function hashFile(path: string, size: number, onBytes?: (done: number) => void): Promise<ContentHash> {
  return size <= wholeReadLimit ? hashBytes(readFileSync(path)) : hashLargeFile(path, onBytes);
}

async function hashLargeFile(path: string, onBytes?: (done: number) => void): Promise<ContentHash> {
  // Read here, because a command that hashes nothing large starts sooner without it.
  const { open } = await import('node:fs/promises');
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    // Two buffers: one is read into while the other is hashed.
    const buffers = [Buffer.allocUnsafe(chunkBytes), Buffer.allocUnsafe(chunkBytes)] as const;
    let turn: 0 | 1 = 0;
    let done = 0;
    let pending = file.read(buffers[turn], 0, chunkBytes);
    for (;;) {
      const { bytesRead } = await pending;
      if (bytesRead === 0) break;
      const filled = buffers[turn];
      turn = turn === 0 ? 1 : 0;
      pending = file.read(buffers[turn], 0, chunkBytes);
      hash.update(filled.subarray(0, bytesRead));
      done += bytesRead;
      onBytes?.(done);
    }
  } finally {
    await file.close();
  }
  return asContentHash(hash.digest('hex'));
}
