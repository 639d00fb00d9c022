import { constants, copyFileSync } from 'node:fs';

/** Up to here a copy is over before anything else could have been done meanwhile. */
const quickBytes = 8 << 20;
const chunkBytes = 4 << 20;

/**
 * Copies a file to a name that is not there yet. A large one is copied piece by piece: the event loop goes on, and `onBytes` hears how
 * much is done. Throws the system's error; what was written until then is left to the caller.
 */
export async function copyFile(from: string, to: string, size: number, onBytes: (done: number) => void): Promise<void> {
  if (size <= quickBytes) copyFileSync(from, to, constants.COPYFILE_EXCL);
  else await copyInPieces(from, to, onBytes);
}

async function copyInPieces(from: string, to: string, onBytes: (done: number) => void): Promise<void> {
  const { open } = await import('node:fs/promises');
  const source = await open(from, 'r');
  try {
    const target = await open(to, 'wx');
    try {
      const buffer = Buffer.allocUnsafe(chunkBytes);
      for (let done = 0; ;) {
        const { bytesRead } = await source.read(buffer, 0, chunkBytes, done);
        if (bytesRead === 0) return;
        await writeAll(target, buffer.subarray(0, bytesRead));
        done += bytesRead;
        onBytes(done);
      }
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

interface Writable {
  write(bytes: Uint8Array, offset: number): Promise<{ bytesWritten: number }>;
}

async function writeAll(target: Writable, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await target.write(bytes, done)).bytesWritten;
}
