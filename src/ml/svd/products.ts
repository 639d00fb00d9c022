import type { CsrMatrix } from '../sparse/csr.ts';
import type { DenseRows, KernelMemory } from './memory.ts';
import { denseBytes, sparseBytes } from './memory.ts';

/** A sparse matrix in the kernel's memory, to be multiplied with one dense matrix that always lies in the same place. */
export interface SparseOperand {
  readonly indptr: Int32Array;
  readonly factors: number;
  readonly addresses: number;
}

export function sparseOperand(memory: KernelMemory, x: CsrMatrix, dense: DenseRows): SparseOperand {
  const factors = memory.numbers(x.values.length);
  factors.values.set(x.values);
  const addresses = memory.addresses(x.indices.length);
  for (let at = 0; at < x.indices.length; at++) {
    addresses.values[at] = dense.address + (x.indices[at] ?? 0) * dense.stride * 8;
  }
  return { indptr: x.indptr, factors: factors.address, addresses: addresses.address };
}

/** out = x dense, for the dense matrix that x was prepared for. */
export function sparseTimes({ combine }: KernelMemory, x: SparseOperand, out: DenseRows): void {
  const { indptr, factors, addresses } = x;
  const bytes = out.stride * 8;
  out.values.fill(0);
  for (let row = 0; row < out.rows; row++) {
    const start = indptr[row] ?? 0;
    const count = (indptr[row + 1] ?? 0) - start;
    if (count > 0) combine(out.address + row * bytes, 0, bytes, factors + start * 8, 8, addresses + start * 4, count);
  }
}

/** Rows whose products are summed up while they are in the cache. */
const blockRows = 64;

/** Room for small matrices and lists that products of dense matrices need. */
export class DenseProducts {
  readonly #memory: KernelMemory;
  readonly #width: number;
  readonly #small: DenseRows;
  readonly #smallRows: number;
  readonly #scratch: DenseRows;
  readonly #block: { readonly address: number; readonly values: Int32Array };

  constructor(memory: KernelMemory, width: number, stride: number) {
    this.#memory = memory;
    this.#width = width;
    this.#small = memory.rows(width, stride);
    this.#scratch = memory.rows(1, stride);
    const list = memory.addresses(width);
    for (let i = 0; i < width; i++) list.values[i] = this.#small.address + i * stride * 8;
    this.#smallRows = list.address;
    this.#block = memory.addresses(blockRows);
  }

  static bytes(width: number, stride: number): number {
    return denseBytes(width + 1, stride) + sparseBytes(width + blockRows);
  }

  /** transposed(y) y, as [width, width] by rows; only its upper triangle is filled. */
  gram(y: DenseRows): Float64Array {
    const { stride } = y;
    const bytes = stride * 8;
    this.#small.values.fill(0);
    for (let first = 0; first < y.rows; first += blockRows) {
      const count = Math.min(blockRows, y.rows - first);
      const start = y.address + first * bytes;
      for (let i = 0; i < count; i++) this.#block.values[i] = start + i * bytes;
      for (let i = 0; i < this.#width; i++) {
        const from = (i - (i % 16)) * 8;
        this.#memory.combine(
          this.#small.address + i * bytes,
          from,
          bytes,
          start + i * 8,
          bytes,
          this.#block.address,
          count,
        );
      }
    }
    return Float64Array.from({ length: this.#width * this.#width }, (_, at) => {
      const row = Math.floor(at / this.#width);
      return this.#small.values[row * stride + (at - row * this.#width)] ?? 0;
    });
  }

  /** y = y t, for t of [width, columns] by rows with at most `width` columns. */
  multiply(y: DenseRows, t: Float64Array): void {
    const { stride } = y;
    const bytes = stride * 8;
    const columns = t.length / this.#width;
    this.#small.values.fill(0);
    for (let i = 0; i < this.#width; i++) {
      this.#small.values.set(t.subarray(i * columns, (i + 1) * columns), i * stride);
    }
    for (let row = 0; row < y.rows; row++) {
      this.#scratch.values.fill(0);
      const own = y.address + row * bytes;
      this.#memory.combine(this.#scratch.address, 0, bytes, own, 8, this.#smallRows, this.#width);
      y.values.set(this.#scratch.values, row * stride);
    }
  }
}
