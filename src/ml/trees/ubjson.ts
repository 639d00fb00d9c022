import type { JsonValue } from '../../core/json.ts';

/** Deeper than any model; keeps hostile bytes from filling the stack. */
const mostDepth = 64;

/** Numbers by their marker: bytes, and how they are read. UBJSON is big-endian. */
const numbers: Readonly<Record<string, readonly [number, (view: DataView, at: number) => number]>> = {
  i: [1, (view, at) => view.getInt8(at)],
  U: [1, (view, at) => view.getUint8(at)],
  I: [2, (view, at) => view.getInt16(at)],
  l: [4, (view, at) => view.getInt32(at)],
  L: [8, (view, at) => Number(view.getBigInt64(at))],
  d: [4, (view, at) => view.getFloat32(at)],
  D: [8, (view, at) => view.getFloat64(at)],
};

interface Cursor {
  readonly view: DataView;
  readonly bytes: Uint8Array;
  at: number;
}

/** Reads UBJSON (draft 12) as XGBoost writes it, with optimized containers. Throws a RangeError where the bytes are none. */
export function parseUbjson(bytes: Uint8Array): JsonValue {
  const cursor = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0 };
  return readValue(cursor, marker(cursor), 0);
}

function marker(cursor: Cursor): string {
  for (;;) {
    const byte = cursor.view.getUint8(cursor.at++);
    if (byte !== 0x4e) return String.fromCharCode(byte); // N is padding.
  }
}

function readValue(cursor: Cursor, type: string, depth: number): JsonValue {
  if (depth > mostDepth) throw new RangeError('too deep');
  const number = numbers[type];
  if (number !== undefined) return readNumber(cursor, number);
  switch (type) {
    case '{':
      return readObject(cursor, depth);
    case '[':
      return readArray(cursor, depth);
    case 'S':
      return readText(cursor, readCount(cursor));
    case 'C':
      return readText(cursor, 1);
    case 'T':
      return true;
    case 'F':
      return false;
    case 'Z':
      return null;
    default:
      throw new RangeError(`marker ${type}`);
  }
}

function readNumber(cursor: Cursor, [size, read]: (typeof numbers)[string]): number {
  const value = read(cursor.view, cursor.at);
  cursor.at += size;
  return value;
}

function readCount(cursor: Cursor, type = marker(cursor)): number {
  const number = numbers[type];
  const count = number === undefined ? NaN : readNumber(cursor, number);
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError('no count');
  return count;
}

function readText(cursor: Cursor, length: number): string {
  if (cursor.at + length > cursor.bytes.length) throw new RangeError('text reaches over the end');
  cursor.at += length;
  return new TextDecoder().decode(cursor.bytes.subarray(cursor.at - length, cursor.at));
}

/** What may stand at the beginning of a container: the type of all its values, and their number. */
function readHead(cursor: Cursor): { readonly type?: string; readonly count?: number } {
  let type: string | undefined;
  if (cursor.bytes[cursor.at] === 0x24) {
    cursor.at++;
    type = marker(cursor);
  }
  if (cursor.bytes[cursor.at] !== 0x23) {
    if (type !== undefined) throw new RangeError('a type without a count');
    return {};
  }
  cursor.at++;
  const count = readCount(cursor);
  // Every value has a byte at least, and values without one are not what models hold.
  if (count > cursor.bytes.length - cursor.at) throw new RangeError('more values than bytes');
  return type === undefined ? { count } : { type, count };
}

function readArray(cursor: Cursor, depth: number): JsonValue[] {
  const { type, count } = readHead(cursor);
  const values: JsonValue[] = [];
  for (;;) {
    if (count !== undefined && values.length === count) return values;
    const own = type ?? marker(cursor);
    if (count === undefined && own === ']') return values;
    values.push(readValue(cursor, own, depth + 1));
  }
}

function readObject(cursor: Cursor, depth: number): Record<string, JsonValue> {
  const { type, count } = readHead(cursor);
  const values = Object.create(null) as Record<string, JsonValue>;
  for (let done = 0; done !== count; done++) {
    const next = marker(cursor);
    if (count === undefined && next === '}') return values;
    const name = readText(cursor, readCount(cursor, next));
    values[name] = readValue(cursor, type ?? marker(cursor), depth + 1);
  }
  return values;
}
