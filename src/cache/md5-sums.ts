import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { asContentHash, type ContentHash } from '../core/brands.ts';
import type { Md5Algorithm } from './md5-content.ts';

/** What one reading of a file tells. */
export interface FileSums {
  readonly md5: string;
  readonly sha256: ContentHash;
  readonly size: number;
}

/** DVC's heuristic looks at the beginning of each piece of this size, so the size belongs to the hash. */
const pieceBytes = 1 << 20;

/** Reads a file once for its MD5 and SHA-256; with `into` (a name that is not there yet) it is copied on the way. Throws the system's error. */
export async function sumFile(
  path: string,
  algorithm: Md5Algorithm,
  options: { readonly into?: string; readonly onBytes?: (done: number) => void } = {},
): Promise<FileSums> {
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  const source = await open(path, 'r');
  try {
    const target = options.into === undefined ? undefined : await open(options.into, 'wx');
    try {
      const buffer = Buffer.allocUnsafe(pieceBytes);
      for (let size = 0; ;) {
        const piece = await readPiece(source, buffer);
        if (piece.length === 0) return { md5: md5.digest('hex'), sha256: asContentHash(sha256.digest('hex')), size };
        md5.update(algorithm === 'md5-dos2unix' && looksLikeText(piece) ? withoutCarriageReturns(piece) : piece);
        sha256.update(piece);
        await target?.writeFile(piece);
        size += piece.length;
        options.onBytes?.(size);
      }
    } finally {
      await target?.close();
    }
  } finally {
    await source.close();
  }
}

/** As the MD5 of `sumFile`, of bytes in memory. */
export function md5OfBytes(bytes: Uint8Array, algorithm: Md5Algorithm): string {
  const md5 = createHash('md5');
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = Buffer.from(bytes.subarray(at, at + pieceBytes));
    md5.update(algorithm === 'md5-dos2unix' && looksLikeText(piece) ? withoutCarriageReturns(piece) : piece);
  }
  return md5.digest('hex');
}

interface Readable {
  read(buffer: Buffer, offset: number, length: number): Promise<{ bytesRead: number }>;
}

/** A read may give less than it could; only the last piece may be short. */
async function readPiece(file: Readable, buffer: Buffer): Promise<Buffer> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** What DVC takes for text: no zero byte, and at most 30 % of the first 512 bytes neither printable ASCII nor white space. */
function looksLikeText(piece: Buffer): boolean {
  const head = piece.subarray(0, 512);
  if (head.includes(0)) return false;
  let strange = 0;
  for (const byte of head) if (!((byte >= 32 && byte < 127) || [8, 9, 10, 12, 13].includes(byte))) strange++;
  return strange / head.length <= 0.3;
}

const withoutCarriageReturns = (piece: Buffer): Buffer =>
  Buffer.from(piece.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
