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
const float64 = (value: number): number[] => [...new Uint8Array(Float64Array.of(value).buffer)];
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
const at = (offset: number, align: number): number[] => [align, ...unsigned(offset)];

export const valueType = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;

/** Instructions by the names of the specification; `get`, `set` and `tee` are those of locals. */
export const op = {
  get: (local: number): Code => [0x20, unsigned(local)],
  set: (local: number): Code => [0x21, unsigned(local)],
  tee: (local: number): Code => [0x22, unsigned(local)],
  i32: (value: number): Code => [0x41, signed(value)],
  f32: (value: number): Code => [0x43, float32(value)],
  add: [0x6a],
  mul: [0x6c],
  sub: [0x6b],
  and: [0x71],
  or: [0x72],
  xor: [0x73],
  toF64U: [0xb8],
  trailingZeros: [0x68],
  ltS: [0x48],
  ltU: [0x49],
  equal: [0x46],
  notEqual: [0x47],
  leastS: [0x4e],
  mostS: [0x4c],
  loadI32: [0x28, at(0, 2)],
  /** Without a sign. */
  loadU16: [0x2f, at(0, 1)],
  loadI32At: (offset: number): Code => [0x28, at(offset, 2)],
  loadF32: [0x2a, at(0, 2)],
  storeF32: [0x38, at(0, 2)],
  addF32: [0x92],
  subF32: [0x93],
  mulF32: [0x94],
  minF32: [0x96],
  maxF32: [0x97],
  f64: (value: number): Code => [0x44, float64(value)],
  loadF64At: (offset: number): Code => [0x2b, at(offset, 3)],
  storeF64At: (offset: number): Code => [0x39, at(offset, 3)],
  storeI32At: (offset: number): Code => [0x36, at(offset, 2)],
  absF64: [0x99],
  sqrtF64: [0x9f],
  divF64: [0xa3],
  minF64: [0xa4],
  maxF64: [0xa5],
  equalF64: [0x61],
  ltF64: [0x63],
  truncateF64: [0xfc, 0x02],
  load64At: (offset: number): Code => [simd(93), at(offset, 3)],
  store64At: (offset: number): Code => [simd(91), at(offset, 3), 0],
  toF64: [0xb7],
  addF64: [0xa0],
  subF64: [0xa1],
  mulF64: [0xa2],
  gtF64: [0x64],
  geF64: [0x66],
  leF64: [0x65],
  /** To a whole number; of what is none, 0. */
  truncate: [0xfc, 0x00],
  load: (offset: number): Code => [simd(0), at(offset, 4)],
  store: (offset: number): Code => [simd(11), at(offset, 4)],
  splat: simd(19),
  lane: (lane: number): Code => [simd(31), lane],
  toF32: [0xb6],
  fromF32: [0xbb],
  absV: simd(224),
  addV: simd(228),
  subV: simd(229),
  divV: simd(231),
  /** The larger one, without a look for NaN and zeros of two signs. */
  pseudoMaxV: simd(235),
  gtV: simd(68),
  geV: simd(70),
  toF32x4: simd(250),
  mulV: simd(230),
  /** One double into both halves of a vector; the other two are on vectors of doubles. */
  loadSplat64: [simd(10), at(0, 3)],
  addV64: simd(240),
  subV64: simd(241),
  gtV64: simd(74),
  geV64: simd(76),
  splatF64: simd(20),
  laneF64: (lane: number): Code => [simd(33), lane],
  /** Doubles of the lower two whole numbers. */
  lowToF64: simd(254),
  andV: simd(78),
  isAny: simd(83),
  /** Numbers of 32 bits by their places in the first vector, 0 to 3, and the second, 4 to 7. */
  shuffle: (...from: [number, number, number, number]): Code => [
    simd(13),
    from.flatMap((lane) => [lane * 4, lane * 4 + 1, lane * 4 + 2, lane * 4 + 3]),
  ],
  mulV64: simd(242),
  divV64: simd(243),
  /** The second where it is more than the first; else the first, also where that is not a number. */
  orMoreV64: simd(247),
  /** To whole numbers in the lower half; to 0 where there is none. */
  truncateV64: simd(252),
  zeros: [0x41, 0, simd(17)],
  isZero: [0x45],
  drop: [0x1a],
  shl: [0x74],
  shrU: [0x76],
  storeI32: [0x36, at(0, 2)],
  /** 64 bits in and out of the lower half of a vector, and sums and lanes of vectors of whole numbers of 32 bits. */
  load64: [simd(93), at(0, 3)],
  /** 64 bits into the upper half of a vector that has the lower one. */
  loadUpper64: [simd(87), at(0, 3), 1],
  store64: [simd(91), at(0, 3), 0],
  storeUpper64: [simd(91), at(0, 3), 1],
  /** The signs of two numbers of 64 bits, the lower one first. */
  bitsOfI64: simd(196),
  addI32x4: simd(174),
  gtI32x4: simd(59),
  laneI32: (lane: number): Code => [simd(27), lane],
  splatI32: simd(17),
  subI32x4: simd(177),
  maxI32x4: simd(184),
  /** Ones in all bits, or none. */
  equalI32x4: simd(55),
  absI32x4: simd(160),
  /** By one number of bits for all four. */
  shrI32x4: simd(172),
  orV: simd(80),
  xorV: simd(81),
  /** Takes the bits of the first vector where the third has ones, of the second elsewhere. */
  select: simd(82),
  /** Of two numbers the first where a third is not 0. */
  pick: [0x1b],
  constant: (...lanes: [number, number, number, number]): Code => [
    simd(12),
    ...new Uint8Array(Int32Array.from(lanes).buffer),
  ],
  /** The lower two or the upper two numbers without a sign, in 64 bits; and sums of such. */
  lowI64: simd(201),
  highI64: simd(202),
  signedLowI64: simd(199),
  signedHighI64: simd(200),
  addI64x2: simd(206),
  /** Whole numbers of 64 bits, of which shifts take the number of bits modulo 64. */
  i64: (value: number): Code => [0x42, signed(value)],
  loadI64: [0x29, at(0, 3)],
  storeI64: [0x37, at(0, 3)],
  andI64: [0x83],
  orI64: [0x84],
  subI64: [0x7d],
  shlI64: [0x86],
  shrI64U: [0x88],
  onesInI64: [0x7b],
  toI64U: [0xad],
  lowOfI64: [0xa7],
  /** Writes a byte, the second of three numbers, to an address, the first, and so many bytes from there on. */
  fill: [0xfc, 0x0b, 0],
  /** Repeats the body as long as one local is below another, as numbers without a sign. */
  whileBelow: (local: number, end: number, body: Code): Code => [
    [0x02, 0x40, 0x03, 0x40, [0x20, unsigned(local)], [0x20, unsigned(end)], 0x49, 0x45, 0x0d, 1],
    [body, 0x0c, 0, 0x0b, 0x0b],
  ],
  /** Does one of two things, as what is on the stack is not 0, or is. */
  when: (body: Code, otherwise: Code = []): Code => [0x04, 0x40, body, 0x05, otherwise, 0x0b],
  /** What stands in it may go to its end by `branchIf`, which counts the blocks and ifs around it from the innermost, 0. */
  block: (body: Code): Code => [0x02, 0x40, body, 0x0b],
  branchIf: (depth: number): Code => [0x0d, unsigned(depth)],
  /** Ends the function; what it gives is on the stack. */
  leave: [0x0f],
  /** Repeats the body as long as the condition it ends with holds. */
  loop: (body: Code): Code => [0x03, 0x40, body, 0x0d, 0, 0x0b],
} satisfies Record<
  string,
  | Code
  | ((value: number) => Code)
  | ((...lanes: [number, number, number, number]) => Code)
  | ((body: Code, otherwise?: Code) => Code)
  | ((local: number, end: number, body: Code) => Code)
>;

export interface WasmFunction {
  readonly name: string;
  readonly parameters: readonly number[];
  readonly results: readonly number[];
  readonly locals: readonly number[];
  readonly body: Code;
}

/** Into one list: to join the lists of all parts would copy each byte as often as it is nested. */
function flat(code: Code, bytes: number[] = []): number[] {
  for (const part of code) {
    if (typeof part === 'number') bytes.push(part);
    else flat(part, bytes);
  }
  return bytes;
}
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
