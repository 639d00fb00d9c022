import { inflateRawSync } from 'node:zlib';

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  /** Its bytes; throws a RangeError where the archive is damaged. */
  read(): Uint8Array;
}

const endMark = 0x06054b50;
const entryMark = 0x02014b50;
const localMark = 0x04034b50;
const longestComment = 0xffff;

/** The files of a zip archive, by its central directory; without encryption, Zip64 and parts, which no wheel has. Throws a RangeError for anything else. */
export function readZip(bytes: Buffer): readonly ZipEntry[] {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  const entries: ZipEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let number = 0; number < count; number++) {
    if (bytes.readUInt32LE(at) !== entryMark) throw new RangeError('its directory is damaged');
    const method = bytes.readUInt16LE(at + 10);
    const packed = bytes.readUInt32LE(at + 20);
    const size = bytes.readUInt32LE(at + 24);
    const nameLength = bytes.readUInt16LE(at + 28);
    const local = bytes.readUInt32LE(at + 42);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    entries.push({ name, size, read: () => unpack(bytes, { local, method, packed, size }) });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= 0 && at >= bytes.length - 22 - longestComment; at--) {
    if (bytes.readUInt32LE(at) === endMark) return at;
  }
  throw new RangeError('it is no zip archive');
}

interface Packed {
  readonly local: number;
  readonly method: number;
  readonly packed: number;
  readonly size: number;
}

function unpack(bytes: Buffer, { local, method, packed, size }: Packed): Uint8Array {
  if (bytes.readUInt32LE(local) !== localMark) throw new RangeError('an entry is damaged');
  const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const content = bytes.subarray(from, from + packed);
  if (method !== 0 && method !== 8) throw new RangeError(`an entry is packed by method ${method}`);
  // No more than announced is ever unpacked, so that a small archive cannot fill the memory.
  const unpacked = method === 0 ? content : inflateRawSync(content, { maxOutputLength: Math.max(size, 1) });
  if (unpacked.length !== size) throw new RangeError('an entry has another size than announced');
  return unpacked;
}
