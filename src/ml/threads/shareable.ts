/** The same numbers where all threads see them. */
export function shareable<A extends Int32Array | Float32Array | Float64Array>(array: A): A {
  const Maker = array.constructor as new (buffer: SharedArrayBuffer) => A;
  const shared = new Maker(new SharedArrayBuffer(array.byteLength));
  shared.set(array);
  return shared;
}
