import { op, valueType, wasmModule } from '../wasm/wasm-module.ts';
import type { Code, WasmFunction } from '../wasm/wasm-module.ts';

/** Numbers that the kernel works on at once; rows are filled up with zeros to a multiple. */
export const blockNumbers = 16;

const { i32, v128 } = valueType;
const { get, set, tee } = op;
const blockBytes = blockNumbers * 8;
const lanes = Array.from({ length: blockNumbers / 2 }, (_, lane) => lane);

const [out, from, to, factors, step, rows, count] = [0, 1, 2, 3, 4, 5, 6] as const;
const [end, place, row, factor, splat] = [7, 8, 9, 10, 11] as const;
const list = 12;
const sum = (lane: number): number => 13 + lane;

const advance = (pointer: number, by: Code): Code => [get(pointer), by, op.add, set(pointer)];

/** Adds factor times row to all sums, which stay in registers meanwhile. */
const addRow: Code = [
  [get(factor), op.loadSplat64, set(splat), get(list), op.loadI32, get(from), op.add, set(row)],
  lanes.map((lane) => [get(sum(lane)), get(splat), get(row), op.load(lane * 16), op.mulV64, op.addV64, set(sum(lane))]),
];

/**
 * combine(out, from, to, factors, step, rows, count): out += the sum of factor times row, over `count` (at least one) rows of doubles whose addresses
 * `rows` lists, in the bytes from `from` to `to` of each; the factors lie `step` bytes apart. Every product of the decomposition is of this kind.
 */
const combine: WasmFunction = {
  name: 'combine',
  parameters: [i32, i32, i32, i32, i32, i32, i32],
  results: [],
  locals: [i32, i32, i32, i32, v128, i32, ...lanes.map(() => v128)],
  body: [
    [get(rows), get(count), op.i32(4), op.mul, op.add, set(end)],
    op.loop([
      [get(out), get(from), op.add, set(place)],
      lanes.map((lane) => [get(place), op.load(lane * 16), set(sum(lane))]),
      [get(factors), set(factor), get(rows), set(list)],
      op.loop([addRow, advance(factor, get(step)), [get(list), op.i32(4), op.add, tee(list), get(end), op.ltU]]),
      lanes.map((lane) => [get(place), get(sum(lane)), op.store(lane * 16)]),
      [get(from), op.i32(blockBytes), op.add, tee(from), get(to), op.ltU],
    ]),
  ],
};

export const kernelModule = (): Uint8Array<ArrayBuffer> => wasmModule([combine]);
