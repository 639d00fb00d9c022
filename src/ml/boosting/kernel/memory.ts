import { wasm, type SharedMemory } from '../../wasm/host.ts';
import { wasmModule } from '../../wasm/wasm-module.ts';
import { lookAtAll, lookAtList } from './look.ts';
import { isSplittable, lookAtGroups, lookAtSeveral, mostPromising } from './several.ts';
import { takeSeveral } from './take-several.ts';
import { draw } from './draw.ts';
import { addNarrowRankedRows, addNarrowRows, addRankedRows, addRows, markNarrowRows, markRows } from './entries.ts';
import { rank, unmark } from './ranks.ts';
import { collect, magnitudes, mark, narrowRows, sumColumns, sumBySteps } from './rows.ts';
import { clear, divide, divideRanked, gather, gatherSorted, takeSingles } from './slots.ts';

type Numbers<Count extends number, Given extends number[] = []> = Given['length'] extends Count
  ? Given
  : Numbers<Count, [...Given, number]>;

/** What the functions are given is said where they are written. */
export interface Kernel {
  readonly add: (...given: Numbers<8>) => number;
  readonly addNarrow: (...given: Numbers<8>) => number;
  readonly markRows: (...given: Numbers<6>) => void;
  readonly markNarrowRows: (...given: Numbers<6>) => void;
  readonly addRanked: (...given: Numbers<11>) => void;
  readonly addNarrowRanked: (...given: Numbers<11>) => void;
  readonly rank: (...given: Numbers<3>) => number;
  readonly unmark: (...given: Numbers<2>) => void;
  readonly gather: (...given: Numbers<4>) => void;
  readonly gatherSorted: (...given: Numbers<5>) => void;
  readonly sumColumns: (...given: Numbers<7>) => void;
  readonly magnitudes: (...given: Numbers<3>) => void;
  readonly narrow: (...given: Numbers<5>) => void;
  readonly collect: (...given: Numbers<5>) => number;
  readonly mark: (...given: Numbers<4>) => void;
  readonly takeSingles: (...given: Numbers<8>) => number;
  readonly divide: (...given: Numbers<9>) => void;
  readonly divideRanked: (...given: Numbers<11>) => void;
  readonly clear: (...given: Numbers<3>) => void;
  readonly lookAtAll: (...given: Numbers<6>) => number;
  readonly lookAtList: (...given: Numbers<5>) => number;
  readonly lookAtSeveral: (...given: Numbers<8>) => number;
  readonly lookAtGroups: (...given: Numbers<9>) => number;
  readonly takeSeveral: (...given: Numbers<13>) => number;
  readonly sumBySteps: (...given: Numbers<11>) => void;
  readonly isSplittable: (...given: Numbers<4>) => number;
  readonly mostPromising: (...given: Numbers<4>) => number;
  readonly draw: (...given: Numbers<9>) => number;
}

const functions = [
  ...[addRows, addNarrowRows, markRows, markNarrowRows, addRankedRows, addNarrowRankedRows],
  ...[rank, unmark, gather, gatherSorted, sumColumns, magnitudes, narrowRows, collect, mark],
  ...[takeSingles, divide, divideRanked, clear, lookAtAll, lookAtList],
  ...[lookAtSeveral, lookAtGroups, takeSeveral, mostPromising, isSplittable, draw, sumBySteps],
];

/** Whole numbers in the kernel's memory. */
export class Ints {
  readonly address: number;
  readonly #memory: SharedMemory;
  readonly #length: number;
  #values: Int32Array | undefined;

  constructor(memory: SharedMemory, address: number, length: number) {
    this.#memory = memory;
    this.address = address;
    this.#length = length;
  }

  /** Made when it is asked for: many lists are seen by the kernel alone. */
  get values(): Int32Array {
    return (this.#values ??= new Int32Array(this.#memory.buffer, this.address, this.#length));
  }
}

const pageBytes = 65_536;
const mostPages = 65_535;
/** Most numbers of 32 bits that the kernel can address. */
export const mostInts = (mostPages * pageBytes) / 4;

const aligned = (numbers: number): number => Math.ceil(numbers / 4) * 16;

/** Memory that the kernel works in. It grows as it is given out piece by piece, and is all given out anew from any point on. */
export class KernelMemory {
  readonly kernel: Kernel;
  readonly #memory: SharedMemory;
  #all: Int32Array;
  #used = 0;

  constructor() {
    this.#memory = new wasm.Memory({ initial: 1, maximum: mostPages, shared: true });
    this.#all = new Int32Array(this.#memory.buffer);
    const module = new wasm.Module(wasmModule(functions));
    this.kernel = new wasm.Instance(module, { env: { memory: this.#memory } }).exports as Kernel;
  }

  /** Up to here memory was given out. */
  get used(): number {
    return this.#used;
  }

  /** What was given out from this point on may be given out again. */
  returnTo(used: number): void {
    this.#used = used;
  }

  /** Room for so many numbers, which are any. */
  room(length: number): Ints {
    const address = this.#used;
    this.#used += aligned(length);
    const missing = Math.ceil((this.#used - this.#memory.buffer.byteLength) / pageBytes);
    if (missing > 0) this.#memory.grow(missing);
    return new Ints(this.#memory, address, length);
  }

  /** The whole number at an address. */
  intAt(address: number): number {
    if (this.#all.buffer.byteLength <= address) this.#all = new Int32Array(this.#memory.buffer);
    return this.#all[address >> 2] ?? 0;
  }

  /** As many doubles where there are twice as many whole numbers. */
  doubles({ address, values }: Ints): Float64Array {
    return new Float64Array(this.#memory.buffer, address, values.length >> 1);
  }

  zeros(length: number): Ints {
    const given = this.room(length);
    given.values.fill(0);
    return given;
  }

  /** Numbers of 16 bits without a sign, two to one of 32, which count from `first`. */
  copyNarrow(values: Int32Array, first: number): Ints {
    const given = this.room((values.length + 1) >> 1);
    const narrow = new Uint16Array(given.values.buffer, given.address, values.length);
    for (let at = 0; at < values.length; at++) narrow[at] = (values[at] ?? 0) - first;
    return given;
  }

  /** Numbers that count from `first`. */
  copy(values: Int32Array, first = 0): Ints {
    const given = this.room(values.length);
    given.values.set(values);
    for (let at = 0; first !== 0 && at < values.length; at++) given.values[at] = (values[at] ?? 0) - first;
    return given;
  }
}
