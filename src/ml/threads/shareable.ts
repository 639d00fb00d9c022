/** Zeros that all threads see. */
export const sharedInts = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4));

/** The same numbers where all threads see them: the same array, where they do already. */
export function shareable<A extends Int32Array | Float32Array | Float64Array>(array: A): A {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const Maker = array.constructor as new (buffer: SharedArrayBuffer) => A;
  const shared = new Maker(new SharedArrayBuffer(array.byteLength));
  shared.set(array);
  return shared;
}
