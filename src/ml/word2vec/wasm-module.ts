/** A small writer of WebAssembly modules (W3C core specification 2.0, with the SIMD and threads proposals): enough for one numeric kernel. */
export type Code = readonly (number | Code)[];

/** Unsigned LEB128. */
const unsigned = (value: number): number[] => {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
};

/** Signed LEB128 of a whole number of 32 bits. */
const signed = (value: number): number[] => {
  const bytes: number[] = [];
  for (let rest = value; ;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
};

const float32 = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
const at = (offset: number, align: number): number[] => [align, ...unsigned(offset)];

export const valueType = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const;

/** Instructions by the names of the specification; `get`, `set` and `tee` are those of locals. */
export const op = {
  get: (local: number): Code => [0x20, unsigned(local)],
  set: (local: number): Code => [0x21, unsigned(local)],
  tee: (local: number): Code => [0x22, unsigned(local)],
  i32: (value: number): Code => [0x41, signed(value)],
  f32: (value: number): Code => [0x43, float32(value)],
  add: [0x6a],
  mul: [0x6c],
  ltU: [0x49],
  loadI32: [0x28, at(0, 2)],
  loadF32: [0x2a, at(0, 2)],
  storeF32: [0x38, at(0, 2)],
  addF32: [0x92],
  subF32: [0x93],
  mulF32: [0x94],
  minF32: [0x96],
  maxF32: [0x97],
  /** To a whole number; of what is none, 0. */
  truncate: [0xfc, 0x00],
  load: (offset: number): Code => [simd(0), at(offset, 4)],
  store: (offset: number): Code => [simd(11), at(offset, 4)],
  splat: simd(19),
  lane: (lane: number): Code => [simd(31), lane],
  addV: simd(228),
  mulV: simd(230),
  /** One double into both halves of a vector; the other two are on vectors of doubles. */
  loadSplat64: [simd(10), at(0, 3)],
  addV64: simd(240),
  mulV64: simd(242),
  zeros: [0x41, 0, simd(17)],
  isZero: [0x45],
  shl: [0x74],
  storeI32: [0x36, at(0, 2)],
  /** 64 bits in and out of the lower half of a vector, and sums and lanes of vectors of whole numbers of 32 bits. */
  load64: [simd(93), at(0, 3)],
  store64: [simd(91), at(0, 3), 0],
  addI32x4: simd(174),
  laneI32: (lane: number): Code => [simd(27), lane],
  /** Repeats the body as long as one local is below another, as numbers without a sign. */
  whileBelow: (local: number, end: number, body: Code): Code => [
    [0x02, 0x40, 0x03, 0x40, [0x20, unsigned(local)], [0x20, unsigned(end)], 0x49, 0x45, 0x0d, 1],
    [body, 0x0c, 0, 0x0b, 0x0b],
  ],
  /** Repeats the body as long as the condition it ends with holds. */
  loop: (body: Code): Code => [0x03, 0x40, body, 0x0d, 0, 0x0b],
} satisfies Record<
  string,
  Code | ((value: number) => Code) | ((body: Code) => Code) | ((local: number, end: number, body: Code) => Code)
>;

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly number[];
  readonly results: readonly number[];
  readonly locals: readonly number[];
  readonly body: Code;
}

const flat = (code: Code): number[] => code.flatMap((part) => (typeof part === 'number' ? [part] : flat(part)));
const list = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];
const text = (value: string): number[] => sized([...Buffer.from(value, 'utf8')]);

/** A module whose functions work on the shared memory `env.memory`, which may have up to 65536 pages. */
export function wasmModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const types = functions.map(({ parameters, results }) => [
    0x60,
    ...list(parameters.map((type) => [type])),
    ...list(results.map((type) => [type])),
  ]);
  const memory = [...text('env'), ...text('memory'), 0x02, 0x03, ...unsigned(1), ...unsigned(65_536)];
  const bodies = functions.map(({ locals, body }) =>
    sized([...list(locals.map((type) => [1, type])), ...flat(body), 0x0b]),
  );
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list([memory])),
    ...section(3, list(functions.map((_, number) => unsigned(number)))),
    ...section(7, list(functions.map(({ name }, number) => [...text(name), 0x00, ...unsigned(number)]))),
    ...section(10, list(bodies)),
  ]);
}

export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
}

/** The part of `globalThis` that runs modules, which Node's type declarations leave out. */
export interface WasmHost {
  readonly WebAssembly: {
    readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
    readonly Memory: new (size: { initial: number; maximum: number; shared: true }) => SharedMemory;
    readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
  };
}
