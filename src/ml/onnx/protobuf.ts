/**
 * Just enough of the Protocol Buffers encoding to write ONNX files: numbers as varints, everything else with its length before it. A
 * message is its encoded fields one behind the other. Numbers are whole and not negative.
 */
const wire = { varint: 0, bytes: 2 } as const;

export type Bytes = Uint8Array;

export const message = (...fields: readonly Bytes[]): Bytes => Buffer.concat(fields);

/** Seven bits a byte, the lowest first; all but the last have their top bit set. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return bytes;
}

const key = (field: number, type: number): number[] => varint(field * 8 + type);

export const numberField = (field: number, value: number): Bytes =>
  Uint8Array.from([...key(field, wire.varint), ...varint(value)]);

/** A nested message, or plain bytes. */
export const bytesField = (field: number, bytes: Bytes): Bytes =>
  Buffer.concat([Uint8Array.from([...key(field, wire.bytes), ...varint(bytes.length)]), bytes]);

/** UTF-8; what is no character becomes U+FFFD. */
export const textField = (field: number, text: string): Bytes => bytesField(field, Buffer.from(text, 'utf8'));

/** A repeated number, all in one field. */
export function numbersField(field: number, values: readonly number[]): Bytes {
  const bytes: number[] = [];
  for (const value of values) bytes.push(...varint(value));
  return bytesField(field, Uint8Array.from(bytes));
}
