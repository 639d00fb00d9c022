import { open, type FileHandle } from 'node:fs/promises';

const chunkBytes = 64 * 1024;
/** A tail is looked for this far back; lines longer than that lose their front. */
const furthestBack = 1024 * 1024;

/** The last `lines` lines of a text file, read from its end; undefined when it cannot be read. */
export async function readLogTail(file: string, lines: number): Promise<readonly string[] | undefined> {
  return await withFile(file, async (handle, size) => {
    let start = size;
    let bytes = Buffer.alloc(0);
    while (start > 0 && size - start < furthestBack && countLineEnds(bytes) <= lines) {
      const from = Math.max(0, start - chunkBytes);
      bytes = Buffer.concat([await readAt(handle, from, start - from), bytes]);
      start = from;
    }
    const all = bytes.toString('utf8').split('\n');
    if (all.at(-1) === '') all.pop();
    return all.slice(-lines);
  });
}

/** A log as it is printed: whole, or its two ends and how many bytes between them are left out. */
export type LogText =
  { readonly whole: string } | { readonly head: string; readonly tail: string; readonly leftOut: number };

/** A log of up to `most` bytes whole; of a longer one its first and last halves of that, cut at line ends. */
export async function readLogText(file: string, most: number): Promise<LogText | undefined> {
  return await withFile(file, async (handle, size) => {
    if (size <= most) return { whole: (await readAt(handle, 0, size)).toString('utf8') };
    const half = Math.floor(most / 2);
    const head = (await readAt(handle, 0, half)).toString('utf8');
    const tail = (await readAt(handle, size - half, half)).toString('utf8');
    const headEnd = head.lastIndexOf('\n') + 1;
    const tailStart = tail.indexOf('\n') + 1;
    const shownHead = headEnd === 0 ? head : head.slice(0, headEnd);
    const shownTail = tail.slice(tailStart);
    const shown = Buffer.byteLength(shownHead) + Buffer.byteLength(shownTail);
    return { head: shownHead, tail: shownTail, leftOut: Math.max(0, size - shown) };
  });
}

async function withFile<T>(
  file: string,
  use: (handle: FileHandle, size: number) => Promise<T>,
): Promise<T | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    return await use(handle, (await handle.stat()).size);
  } catch {
    // A log is looked at to explain another failure, which must not be hidden by this one.
    return undefined;
  } finally {
    await handle?.close();
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function countLineEnds(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === 0x0a) count++;
  return count;
}
