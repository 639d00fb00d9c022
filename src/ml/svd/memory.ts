import { wasm } from '../wasm/host.ts';
import { blockNumbers, kernelModule } from './kernel.ts';

/** A dense matrix in the kernel's memory: row i begins at address + i * stride * 8. */
export interface DenseRows {
  readonly address: number;
  readonly rows: number;
  /** Numbers from one row to the next; those beyond the matrix's width are zeros. */
  readonly stride: number;
  readonly values: Float64Array;
}

type Combine = (...given: [number, number, number, number, number, number, number]) => void;

const pageBytes = 65_536;
const mostBytes = 65_535 * pageBytes;
const aligned = (bytes: number): number => Math.ceil(bytes / 128) * 128;

/** Bytes of a dense matrix of so many rows. */
export const denseBytes = (rows: number, stride: number): number => aligned(rows * stride * 8);
/** Bytes of so many entries of a sparse matrix. */
export const sparseBytes = (entries: number): number => aligned(entries * 8) + aligned(entries * 4);

export const strideOf = (width: number): number => Math.ceil(width / blockNumbers) * blockNumbers;

/** Memory that the WebAssembly kernel works in, given out once and never taken back. */
export class KernelMemory {
  readonly combine: Combine;
  readonly #buffer: SharedArrayBuffer;
  #used = 0;

  private constructor(bytes: number) {
    const pages = Math.max(1, Math.ceil(bytes / pageBytes));
    const memory = new wasm.Memory({ initial: pages, maximum: pages, shared: true });
    const module = new wasm.Module(kernelModule());
    const { exports } = new wasm.Instance(module, { env: { memory } });
    this.combine = (exports as { readonly combine: Combine }).combine;
    this.#buffer = memory.buffer;
  }

  /** Undefined when that is more than can be addressed. */
  static of(bytes: number): KernelMemory | undefined {
    return bytes > mostBytes ? undefined : new KernelMemory(bytes);
  }

  rows(rows: number, stride: number): DenseRows {
    const address = this.#take(rows * stride * 8);
    return { address, rows, stride, values: new Float64Array(this.#buffer, address, rows * stride) };
  }

  numbers(count: number): { readonly address: number; readonly values: Float64Array } {
    const address = this.#take(count * 8);
    return { address, values: new Float64Array(this.#buffer, address, count) };
  }

  addresses(count: number): { readonly address: number; readonly values: Int32Array } {
    const address = this.#take(count * 4);
    return { address, values: new Int32Array(this.#buffer, address, count) };
  }

  #take(bytes: number): number {
    const address = this.#used;
    this.#used += aligned(bytes);
    return address;
  }
}
