import { endianness } from 'node:os';
import type { JsonObject, JsonValue } from '../../core/json.ts';

export type NumberArray = Uint8Array | Uint16Array | Int32Array | Float32Array | Float64Array;

/** What a fitted value is made of: small plain data, and numbers by name. */
export interface Parts {
  readonly meta: JsonObject;
  readonly arrays: Readonly<Record<string, NumberArray>>;
}

/** Where an array lies in a block of bytes. `offset` is a multiple of 8. */
export interface ArrayPlace {
  readonly name: string;
  readonly type: ArrayType;
  readonly length: number;
  readonly offset: number;
}

const makers = {
  u8: Uint8Array,
  u16: Uint16Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;
export type ArrayType = keyof typeof makers;

const typeOf = (array: NumberArray): ArrayType => {
  if (array instanceof Uint8Array) return 'u8';
  if (array instanceof Uint16Array) return 'u16';
  if (array instanceof Int32Array) return 'i32';
  return array instanceof Float32Array ? 'f32' : 'f64';
};

const aligned = (bytes: number): number => Math.ceil(bytes / 8) * 8;

if (endianness() !== 'LE') throw new Error('binary artifacts are little endian, and so must the processor be');

/** Arrays one behind the other, each at a multiple of 8, in order of their names; little endian. */
export function packArrays(arrays: Readonly<Record<string, NumberArray>>): {
  readonly places: readonly ArrayPlace[];
  readonly bytes: Uint8Array;
} {
  const places: ArrayPlace[] = [];
  let offset = 0;
  for (const name of Object.keys(arrays).sort()) {
    const array = arrays[name];
    if (array === undefined) continue;
    places.push({ name, type: typeOf(array), length: array.length, offset });
    offset = aligned(offset + array.byteLength);
  }
  const bytes = new Uint8Array(offset);
  for (const place of places) {
    const array = arrays[place.name];
    if (array !== undefined) {
      bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), place.offset);
    }
  }
  return { places, bytes };
}

/** The arrays that `places` describes, checked against the bytes there are; a text says what is wrong. */
export function unpackArrays(places: JsonValue | undefined, bytes: Uint8Array): Record<string, NumberArray> | string {
  if (!Array.isArray(places)) return 'it has no list of arrays';
  const home = bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes);
  const arrays: Record<string, NumberArray> = Object.create(null) as Record<string, NumberArray>;
  let expected = 0;
  for (const entry of places as readonly JsonValue[]) {
    const place = asPlace(entry);
    if (place === undefined) return 'its list of arrays is broken';
    const Maker = makers[place.type];
    if (place.offset !== expected) return `array "${place.name}" does not stand where it should`;
    if (place.offset + place.length * Maker.BYTES_PER_ELEMENT > bytes.byteLength) {
      return `array "${place.name}" reaches over the end of the file`;
    }
    if (place.name in arrays) return `array "${place.name}" is there twice`;
    arrays[place.name] = new Maker(home.buffer as ArrayBuffer, home.byteOffset + place.offset, place.length);
    expected = aligned(place.offset + place.length * Maker.BYTES_PER_ELEMENT);
  }
  return expected === bytes.byteLength ? arrays : `${bytes.byteLength} bytes where ${expected} are described`;
}

function asPlace(value: JsonValue): ArrayPlace | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { name, type, length, offset } = value as JsonObject;
  const isCount = (n: JsonValue | undefined): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0;
  if (typeof name !== 'string' || typeof type !== 'string' || !Object.hasOwn(makers, type)) return undefined;
  if (!isCount(length) || !isCount(offset)) return undefined;
  return { name, type: type as ArrayType, length, offset };
}

/** Sums and products of stored numbers up to this stay finite. */
const mostSane = 1e100;

/** Every number is finite and not absurdly large. It runs when a model is loaded, before anything is compiled: iterators and calls would be slow then. */
export function allSane(values: Float32Array | Float64Array): boolean {
  let at = values.length;
  while (at-- > 0) {
    const value = values[at] ?? 0;
    if (!(value <= mostSane && value >= -mostSane)) return false;
  }
  return true;
}

/** An array of the type wanted, or nothing: for reading parts back. */
export function arrayOf<T extends ArrayType>(
  arrays: Readonly<Record<string, NumberArray>>,
  name: string,
  type: T,
): InstanceType<(typeof makers)[T]> | undefined {
  const array = arrays[name];
  return array instanceof makers[type] ? (array as InstanceType<(typeof makers)[T]>) : undefined;
}

/** The arrays whose names begin with a prefix, under the rest of their names. */
export const arraysBelow = (arrays: Parts['arrays'], prefix: string): Parts['arrays'] =>
  Object.fromEntries(
    Object.entries(arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, array]) => [name.slice(prefix.length), array]),
  );
