import { op, valueType, wasmModule, type Code, type WasmFunction, type WasmHost } from '../word2vec/wasm-module.ts';

const { i32, v128 } = valueType;
const { get, set, tee } = op;

/** base + 4 or 8 times what is on the stack. */
const at = (base: number, shift: 2 | 3): Code => [op.i32(shift), op.shl, get(base), op.add];
const advance = (pointer: number, bytes: number): Code => [get(pointer), op.i32(bytes), op.add, set(pointer)];

/**
 * add(rows, rowsEnd, rowStart, rowSlots, rowSums, sums, list): adds the sums of rows to those of their slots, and lists each slot whose hessian was 0
 * before; gives the end of the list. Slots are written always and counted seldom: a branch would be guessed wrong too often.
 */
const add: WasmFunction = {
  name: 'add',
  parameters: [i32, i32, i32, i32, i32, i32, i32],
  results: [i32],
  locals: [i32, i32, i32, i32, v128, v128],
  body: ((): Code => {
    const [rows, rowsEnd, rowStart, rowSlots, rowSums, sums, list] = [0, 1, 2, 3, 4, 5, 6] as const;
    const [entry, end, slot, sum, own, before] = [7, 8, 9, 10, 11, 12] as const;
    return [
      op.whileBelow(rows, rowsEnd, [
        [get(rows), op.loadI32, at(rowSums, 3), op.load64, set(own)],
        [get(rows), op.loadI32, at(rowStart, 2), tee(end), op.loadI32, at(rowSlots, 2), set(entry)],
        [get(end), op.i32(4), op.add, op.loadI32, at(rowSlots, 2), set(end)],
        op.whileBelow(entry, end, [
          [get(list), get(entry), op.loadI32, tee(slot), op.storeI32],
          [get(slot), at(sums, 3), tee(sum), op.load64, set(before)],
          [get(before), op.laneI32(1), op.isZero, at(list, 2), set(list)],
          [get(sum), get(before), get(own), op.addI32x4, op.store64],
          advance(entry, 4),
        ]),
        advance(rows, 4),
      ]),
      get(list),
    ];
  })(),
};

/** sumColumns(used, usedEnd, firstSlot, slotStart, slotRows, rowSums, out): the sums of all rows, for the slots of the used features. */
const sumColumns: WasmFunction = {
  name: 'sumColumns',
  parameters: [i32, i32, i32, i32, i32, i32, i32],
  results: [],
  locals: [i32, i32, i32, i32, i32, v128],
  body: ((): Code => {
    const [used, usedEnd, firstSlot, slotStart, slotRows, rowSums, out] = [0, 1, 2, 3, 4, 5, 6] as const;
    const [slot, lastSlot, entry, end, to, sum] = [7, 8, 9, 10, 11, 12] as const;
    return op.whileBelow(used, usedEnd, [
      [get(used), op.loadI32, at(firstSlot, 2), tee(slot), op.i32(4), op.add, op.loadI32, at(slotStart, 2)],
      [set(lastSlot), get(slot), op.loadI32, tee(slot), at(out, 3), set(to), get(slot), at(slotStart, 2), set(slot)],
      op.whileBelow(slot, lastSlot, [
        [op.zeros, set(sum), get(slot), op.loadI32, at(slotRows, 2), set(entry)],
        [get(slot), op.i32(4), op.add, op.loadI32, at(slotRows, 2), set(end)],
        op.whileBelow(entry, end, [
          [get(sum), get(entry), op.loadI32, at(rowSums, 3), op.load64, op.addI32x4, set(sum)],
          advance(entry, 4),
        ]),
        [get(to), get(sum), op.store64, advance(to, 8), advance(slot, 4)],
      ]),
      advance(used, 4),
    ]);
  })(),
};

type SevenNumbers = [number, number, number, number, number, number, number];

interface Kernel {
  readonly add: (...given: SevenNumbers) => number;
  readonly sumColumns: (...given: SevenNumbers) => void;
}

/** Whole numbers in the kernel's memory. */
export interface Ints {
  readonly address: number;
  readonly values: Int32Array;
}

const pageBytes = 65_536;
const mostPages = 65_535;
const aligned = (numbers: number): number => Math.ceil(numbers / 4) * 16;

/** Memory that the kernel works in. Given out piece by piece, and all at once anew. */
export class KernelMemory {
  readonly kernel: Kernel;
  readonly #buffer: SharedArrayBuffer;
  #used = 0;

  private constructor(pages: number) {
    const { WebAssembly } = globalThis as unknown as WasmHost;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    const module = new WebAssembly.Module(wasmModule([add, sumColumns]));
    this.kernel = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernel;
    this.#buffer = memory.buffer;
  }

  /** For arrays of these lengths; undefined when that is more than can be addressed. */
  static of(lengths: readonly number[]): KernelMemory | undefined {
    const bytes = lengths.reduce((sum, length) => sum + aligned(length), 0);
    const pages = Math.ceil(bytes / pageBytes) + 1;
    return pages > mostPages ? undefined : new KernelMemory(pages);
  }

  /** What was given out before may be given out again. */
  begin(): void {
    this.#used = 0;
  }

  /** So many zeros, or a copy. */
  ints(given: number | Int32Array): Ints {
    const [address, length] = [this.#used, typeof given === 'number' ? given : given.length];
    this.#used += aligned(length);
    const values = new Int32Array(this.#buffer, address, length);
    if (typeof given === 'number') values.fill(0);
    else values.set(given);
    return { address, values };
  }
}
