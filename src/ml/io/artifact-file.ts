import { failure } from '../../core/failure.ts';
import { isJsonObject } from '../../core/json.ts';
import type { JsonValue } from '../../core/json.ts';
import type { Result } from '../../core/result.ts';
import { err, ok } from '../../core/result.ts';
import { readBytes, writeWhole } from './files.ts';
import { packArrays, unpackArrays } from './parts.ts';
import type { Parts } from './parts.ts';

/** First bytes of every such file. */
const magic = 'mlpparts';
const fixedBytes = 16;

/**
 * Writes parts to one file: the magic word, the length of the header (32 bits, then 4 zero bytes), the header as JSON
 * filled up with spaces to a multiple of 8, and the arrays as they lie in memory.
 */
export async function writeParts(file: string, parts: Parts): Promise<void> {
  const { places, bytes } = packArrays(parts.arrays);
  const json = Buffer.from(JSON.stringify({ meta: parts.meta, arrays: places }));
  const header = Buffer.alloc(Math.ceil(json.length / 8) * 8, ' ');
  json.copy(header);
  const start = Buffer.alloc(fixedBytes);
  start.write(magic, 'latin1');
  start.writeUInt32LE(header.length, 8);
  await writeWhole(file, Buffer.concat([start, header, bytes]));
}

/** Reads what `writeParts` wrote. */
export async function readParts(file: string): Promise<Result<Parts>> {
  const bytes = await readBytes(file);
  if (!bytes.ok) return bytes;
  const parts = parseParts(bytes.value);
  return typeof parts === 'string'
    ? err(failure('learning-artifact-invalid', { path: file, problem: parts }))
    : ok(parts);
}

function parseParts(bytes: Buffer): Parts | string {
  if (bytes.length < fixedBytes || bytes.toString('latin1', 0, 8) !== magic) return 'it is not a file of parts';
  const end = fixedBytes + bytes.readUInt32LE(8);
  if (end % 8 !== 0 || end > bytes.length) return 'its header is cut off';
  let header: JsonValue;
  try {
    header = JSON.parse(bytes.toString('utf8', fixedBytes, end)) as JsonValue;
  } catch {
    return 'its header is not JSON';
  }
  if (!isJsonObject(header) || !isJsonObject(header['meta'])) return 'its header is broken';
  const arrays = unpackArrays(header['arrays'], bytes.subarray(end));
  return typeof arrays === 'string' ? arrays : { meta: header['meta'], arrays };
}
