import { op, valueType, type Code, type WasmFunction } from '../../wasm/wasm-module.ts';
import { advance, at } from './pointers.ts';

const { i32 } = valueType;
const { get, set } = op;

/** Slots of one mark, by 64 bits each. */
const markShift = 6;

/** Where the mark of a slot is; and 1 for the slot among the bits of its mark. */
export const markOf = (slot: number, marks: number): Code => [get(slot), op.i32(markShift), op.shrU, at(marks, 3)];
export const bitOf = (slot: number): Code => [op.i64(1), get(slot), op.toI64U, op.shlI64];
/** How many marked slots are before this one. */
export const rankOf = (slot: number, { marks, ranks }: { readonly marks: number; readonly ranks: number }): Code => [
  [markOf(slot, marks), op.loadI64, bitOf(slot), op.i64(1), op.subI64, op.andI64, op.onesInI64, op.lowOfI64],
  [get(slot), op.i32(markShift), op.shrU, at(ranks, 2), op.loadI32, op.add],
];
/** 1 where a slot is marked, else 0. */
export const isMarked = (slot: number, marks: number): Code => [
  [markOf(slot, marks), op.loadI64, get(slot), op.toI64U, op.shrI64U, op.lowOfI64, op.i32(1), op.and],
];

/** rank(marks, marksEnd, ranks): how many marked slots come before the first of each mark; gives how many there are. */
export const rank: WasmFunction = {
  name: 'rank',
  parameters: [i32, i32, i32],
  results: [i32],
  locals: [i32],
  body: ((): Code => {
    const [marks, end, ranks, count] = [0, 1, 2, 3] as const;
    return [
      op.whileBelow(marks, end, [
        [get(ranks), get(count), op.storeI32],
        [get(marks), op.loadI64, op.onesInI64, op.lowOfI64, get(count), op.add, set(count)],
        [advance(marks, 8), advance(ranks, 4)],
      ]),
      get(count),
    ];
  })(),
};

/** unmark(marks, marksEnd): no slot is marked any more. */
export const unmark: WasmFunction = {
  name: 'unmark',
  parameters: [i32, i32],
  results: [],
  locals: [],
  body: [get(0), op.i32(0), get(1), get(0), op.sub, op.fill],
};
