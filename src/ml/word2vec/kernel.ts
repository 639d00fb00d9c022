import { op, valueType, wasmModule } from '../wasm/wasm-module.ts';
import type { Code, WasmFunction } from '../wasm/wasm-module.ts';

/** Where the logistic function is looked up: so many values from -range to range. */
export const sigmoidTable = { entries: 4096, range: 8 } as const;

/** Floats that a vector takes in memory: whole blocks of eight, filled up with zeros. */
export const strideOf = (vectorSize: number): number => Math.ceil(vectorSize / 8) * 8;

const { i32, f32, v128 } = valueType;
const { get, set, tee } = op;
const block = 32;

const advance = (pointer: number): Code => [get(pointer), op.i32(block), op.add, set(pointer)];

/** One pass over vectors of whole blocks: the body runs for each of a block's two halves of four floats. */
const overBlocks = (end: number, pointers: readonly number[], half: (offset: number) => Code): Code => [
  op.loop([half(0), half(16), pointers.map(advance), get(pointers[0] ?? 0), get(end), op.ltU]),
];

/** add(from, to, bytes): to += from. */
const add: WasmFunction = {
  name: 'add',
  parameters: [i32, i32, i32],
  results: [],
  locals: [i32],
  body: [
    [get(0), get(2), op.add, set(3)],
    overBlocks(3, [0, 1], (offset) => [
      get(1),
      [get(1), op.load(offset), get(0), op.load(offset), op.addV],
      op.store(offset),
    ]),
  ],
};

/** The loop over a list of addresses that CBOW's two functions share: `at` holds the place in the list. */
const overList = (at: number, last: number, body: Code): Code =>
  op.loop([body, [get(at), op.i32(4), op.add, tee(at), get(last), op.ltU]]);

/** mean(list, last, to, bytes, factor): to = factor * the sum of the vectors that are listed from `list` to before `last`. Each block is summed up in registers. */
const mean: WasmFunction = {
  name: 'mean',
  parameters: [i32, i32, i32, i32, f32],
  results: [],
  locals: [i32, i32, i32, v128, v128],
  body: [
    [op.i32(0), set(5)],
    op.loop([
      [op.zeros, tee(8), set(9), get(0), set(6)],
      overList(6, 1, [
        [get(6), op.loadI32, get(5), op.add, set(7)],
        [get(8), get(7), op.load(0), op.addV, set(8)],
        [get(9), get(7), op.load(16), op.addV, set(9)],
      ]),
      [get(2), get(5), op.add, tee(7), get(8), get(4), op.splat, op.mulV, op.store(0)],
      [get(7), get(9), get(4), op.splat, op.mulV, op.store(16)],
      [get(5), op.i32(block), op.add, tee(5), get(3), op.ltU],
    ]),
  ],
};

/** addToAll(from, list, last, bytes): each vector that is listed from `list` to before `last` += from. */
const addToAll: WasmFunction = {
  name: 'addToAll',
  parameters: [i32, i32, i32, i32],
  results: [],
  locals: [i32, i32, i32],
  body: [
    overList(1, 2, [
      [get(1), op.loadI32, set(4), get(0), set(5), get(0), get(3), op.add, set(6)],
      overBlocks(6, [5, 4], (offset) => [
        get(4),
        [get(4), op.load(offset), get(5), op.load(offset), op.addV],
        op.store(offset),
      ]),
    ]),
  ],
};

/** clear(vector, bytes): vector = 0. */
const clear: WasmFunction = {
  name: 'clear',
  parameters: [i32, i32],
  results: [],
  locals: [i32],
  body: [[get(0), get(1), op.add, set(2)], overBlocks(2, [0], (offset) => [get(0), op.zeros, op.store(offset)])],
};

const [hidden, error, targets, count, alpha, bytes, table] = [0, 1, 2, 3, 4, 5, 6] as const;
const [target, h, e, end, slot, lossTable, last] = [7, 8, 9, 10, 11, 12, 13] as const;
const [label, loss, sum, more, factor] = [14, 15, 16, 17, 18] as const;
const tableBytes = sigmoidTable.entries * 4;

/** Leaves the product of `hidden` and the target on the stack. Two sums, because one would wait for itself. */
const product: Code = [
  [get(targets), op.loadI32, tee(target), get(bytes), op.add, set(end), get(hidden), set(h)],
  [op.zeros, tee(sum), set(more)],
  overBlocks(end, [target, h], (offset) => {
    const into = offset === 0 ? sum : more;
    return [get(into), get(target), op.load(offset), get(h), op.load(offset), op.mulV, op.addV, set(into)];
  }),
  [get(sum), get(more), op.addV, set(sum)],
  [0, 1, 2, 3].map((lane) => [get(sum), op.lane(lane), lane === 0 ? [] : op.addF32]),
];

/** Takes the product; adds to the loss, and leaves (label - probability) * alpha four times over in `factor`. */
const gradient: Code = [
  [op.f32(sigmoidTable.range), op.addF32, op.f32(sigmoidTable.entries / (2 * sigmoidTable.range)), op.mulF32],
  [op.f32(0), op.maxF32, op.f32(sigmoidTable.entries - 1), op.minF32, op.truncate],
  [op.i32(4), op.mul, get(table), op.add, tee(slot), get(lossTable), op.add, op.loadF32],
  [get(loss), op.addF32, set(loss)],
  [get(label), get(slot), op.loadF32, op.subF32, get(alpha), op.mulF32, op.splat, set(factor)],
];

/** error += factor * target; target += factor * hidden. */
const update: Code = [
  [get(targets), op.loadI32, set(target), get(hidden), set(h), get(error), set(e)],
  overBlocks(end, [target, h, e], (offset) => [
    [get(e), get(e), op.load(offset), get(factor), get(target), op.load(offset), op.mulV, op.addV, op.store(offset)],
    [get(target), get(target), op.load(offset), get(factor), get(h), op.load(offset), op.mulV, op.addV],
    op.store(offset),
  ]),
];

/**
 * step(hidden, error, targets, count, alpha, bytes, table): the gradient step of one prediction with negative sampling (Mikolov et al. 2013,
 * equation 4). `targets` lists the addresses of output vectors; the first is the word that is there (label 1), the others are noise (label 0).
 * Adds to `error` what `hidden` is to change by, changes the output vectors, and gives the loss. `table`: see `fillTable`.
 */
const step: WasmFunction = {
  name: 'step',
  parameters: [i32, i32, i32, i32, f32, i32, i32],
  results: [f32],
  locals: [i32, i32, i32, i32, i32, i32, i32, f32, f32, v128, v128, v128],
  body: [
    [op.f32(1), set(label), op.i32(tableBytes), set(lossTable)],
    [get(targets), get(count), op.i32(4), op.mul, op.add, set(last)],
    op.loop([
      product,
      gradient,
      update,
      [op.f32(0), set(label), op.i32(2 * tableBytes), set(lossTable)],
      [get(targets), op.i32(4), op.add, tee(targets), get(last), op.ltU],
    ]),
    get(loss),
  ],
};

/** The functions that threads share memory through: `add`, `mean`, `addToAll`, `clear`, `step`. Addresses and lengths are in bytes, lengths whole blocks of 32. */
export const kernelModule = (): Uint8Array<ArrayBuffer> => wasmModule([add, mean, addToAll, clear, step]);

/** The logistic function at the middles of the table's steps; behind it its negative logarithm, and that of what it lacks to 1. */
export function fillTable(values: Float32Array): void {
  const { entries, range } = sigmoidTable;
  for (let slot = 0; slot < entries; slot++) {
    const x = ((slot + 0.5) / entries) * 2 * range - range;
    values[slot] = 1 / (1 + Math.exp(-x));
    values[entries + slot] = Math.log1p(Math.exp(-x));
    values[2 * entries + slot] = Math.log1p(Math.exp(x));
  }
}
