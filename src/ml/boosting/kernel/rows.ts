import { op, valueType, type Code, type WasmFunction } from '../../wasm/wasm-module.ts';
import { advance, at } from './pointers.ts';

const { i32, v128 } = valueType;
const { get, set, tee } = op;

/** sumColumns(used, usedEnd, firstSlot, slotStart, slotRows, rowSums, out): the sums of all rows, for the slots of the used features. */
export const sumColumns: WasmFunction = {
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

/** magnitudes(rowSums, end, out): to out the sum of absolute gradients and that of hessians, 64 bits each. Pairs of rows; there is a zero after the last of an odd number. */
export const magnitudes: WasmFunction = {
  name: 'magnitudes',
  parameters: [i32, i32, i32],
  results: [],
  locals: [v128, v128],
  body: ((): Code => {
    const [from, end, out, own, sum] = [0, 1, 2, 3, 4] as const;
    return [
      op.whileBelow(from, end, [
        [get(from), op.load(0), op.absI32x4, tee(own), op.lowI64, get(own), op.highI64, op.addI64x2],
        [get(sum), op.addI64x2, set(sum), advance(from, 16)],
      ]),
      [get(out), get(sum), op.store(0)],
    ];
  })(),
};

/**
 * narrow(rowSums, end, gradientBits, hessianBits, out): cuts off so many bits of every row's gradient and hessian, rounded as `narrow.ts` says, in
 * place; to out the sums of every other row, and of those between.
 */
export const narrowRows: WasmFunction = {
  name: 'narrow',
  parameters: [i32, i32, i32, i32, i32],
  results: [],
  locals: [v128, v128, v128, v128, v128],
  body: ((): Code => {
    const [from, end, gradientBits, hessianBits, out, own, sign, sum, halfGradient, halfHessian] = [
      ...[0, 1, 2, 3, 4],
      ...[5, 6, 7, 8, 9],
    ] as const;
    const half = (bits: number): Code => [op.i32(1), get(bits), op.shl, op.i32(1), op.shrU, op.splatI32];
    return [
      [half(gradientBits), set(halfGradient), half(hessianBits), set(halfHessian)],
      op.whileBelow(from, end, [
        [get(from), get(from), op.load(0), tee(own), op.i32(31), op.shrI32x4, set(sign)],
        [get(own), op.absI32x4, get(halfGradient), op.addI32x4, get(gradientBits), op.shrI32x4],
        [get(sign), op.xorV, get(sign), op.subI32x4],
        [get(own), get(halfHessian), op.addI32x4, get(hessianBits), op.shrI32x4],
        [op.constant(1, 1, 1, 1), op.maxI32x4, op.constant(-1, 0, -1, 0), op.select, tee(own), op.store(0)],
        [get(own), get(sum), op.addI32x4, set(sum), advance(from, 16)],
      ]),
      [get(out), get(sum), op.store(0)],
    ];
  })(),
};

/** collect(rows, rowsEnd, leafOf, leaf, out): the rows of one leaf; gives the end of what is written to out, which has room for one more. */
export const collect: WasmFunction = {
  name: 'collect',
  parameters: [i32, i32, i32, i32, i32],
  results: [i32],
  locals: [i32],
  body: ((): Code => {
    const [rows, rowsEnd, leafOf, leaf, out, row] = [0, 1, 2, 3, 4, 5] as const;
    return [
      op.whileBelow(rows, rowsEnd, [
        [get(out), get(rows), op.loadI32, tee(row), op.storeI32],
        [get(row), at(leafOf, 2), op.loadI32, get(leaf), op.equal, at(out, 2), set(out), advance(rows, 4)],
      ]),
      get(out),
    ];
  })(),
};

/** mark(rows, rowsEnd, leafOf, leaf): the rows are of this leaf from now on. */
export const mark: WasmFunction = {
  name: 'mark',
  parameters: [i32, i32, i32, i32],
  results: [],
  locals: [],
  body: ((): Code => {
    const [rows, rowsEnd, leafOf, leaf] = [0, 1, 2, 3] as const;
    return op.whileBelow(rows, rowsEnd, [
      [get(rows), op.loadI32, at(leafOf, 2), get(leaf), op.storeI32, advance(rows, 4)],
    ]);
  })(),
};

/**
 * sumBySteps(slot, slotEnd, slotStart, slotRows, leafOf, lastSteps, first, last, rowSums, out, outEnd): for each step first..last the sums of slots over the rows whose leaf has
 * no lower last step; one step after the other.
 */
export const sumBySteps: WasmFunction = {
  name: 'sumBySteps',
  parameters: [i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32],
  results: [],
  locals: [i32, i32, i32, i32, i32, v128],
  body: ((): Code => {
    const [slot, slotEnd, slotStart, slotRows, leafOf, lastSteps] = [0, 1, 2, 3, 4, 5] as const;
    const [first, last, rowSums, out, outEnd] = [6, 7, 8, 9, 10] as const;
    const [entry, end, row, step, bytesOfStep, own] = [11, 12, 13, 14, 15, 16] as const;
    /** Adds to the 64 bits at the address in `step`. */
    const addTo = (value: Code): Code => [get(step), get(step), op.load64, value, op.addI32x4, op.store64];
    const add: Code = [
      [get(step), get(last), get(step), get(last), op.mostS, op.pick, get(first), op.sub, get(bytesOfStep), op.mul],
      [get(out), op.add, set(step), addTo([get(row), at(rowSums, 3), op.load64])],
    ];
    return [
      [get(out), op.i32(0), get(outEnd), get(out), op.sub, op.fill],
      [get(slotEnd), get(slot), op.sub, op.i32(3), op.shl, set(bytesOfStep), get(outEnd), set(step)],
      op.whileBelow(slot, slotEnd, [
        [get(slot), at(slotStart, 2), op.loadI32, at(slotRows, 2), set(entry)],
        [get(slot), at(slotStart, 2), op.loadI32At(4), at(slotRows, 2), set(end)],
        op.whileBelow(entry, end, [
          [get(entry), op.loadI32, tee(row), at(leafOf, 2), op.loadI32, at(lastSteps, 2), op.loadI32, tee(step)],
          [get(first), op.leastS, op.when(add), advance(entry, 4)],
        ]),
        [advance(out, 8), advance(slot, 1)],
      ]),
      // Back to the first slot of the first step; rows of a later step are those of the earlier ones too.
      [get(out), get(bytesOfStep), op.sub, set(out), get(outEnd), get(bytesOfStep), op.sub, set(step)],
      op.whileBelow(out, step, [
        [advance(step, -8), get(step), get(bytesOfStep), op.add, op.load64, set(own), addTo(get(own))],
      ]),
    ];
  })(),
};
