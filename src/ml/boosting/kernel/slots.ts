import { op, valueType, type Code, type WasmFunction } from '../../wasm/wasm-module.ts';
import { advance, at } from './pointers.ts';
import { isMarked, rankOf } from './ranks.ts';

const { i32, v128 } = valueType;
const { get, set, tee } = op;

/** The sum of a slot that is listed, to the next place. */
const moveSum = (listed: Code, { some, sums, place }: Record<'some' | 'sums' | 'place', number>): Code => [
  [get(sums), listed, op.loadI32, at(some, 3), tee(place), op.load64, op.store64],
  [get(place), op.zeros, op.store64, advance(sums, 8)],
];

/**
 * takeSingles(slots, slotsEnd, sums, singles, all, isOne, least, out): takes what rows added to slots below `singles`, which come first in the list, off the
 * sums of all. Of those with a 1, slots whose hessian is at least `least` are kept at the front of the list. Gives the end of those kept; to out that of those taken.
 */
export const takeSingles: WasmFunction = {
  name: 'takeSingles',
  parameters: [i32, i32, i32, i32, i32, i32, i32, i32],
  results: [i32],
  locals: [i32, i32, i32, i32, i32, v128],
  body: ((): Code => {
    const [slots, end, sums, singles, all, isOne, least, out] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
    const [kept, keptSums, slot, to, isKept, own] = [8, 9, 10, 11, 12, 13] as const;
    return [
      [get(slots), set(kept), get(sums), set(keptSums)],
      op.block([
        op.whileBelow(slots, end, [
          [get(slots), op.loadI32, tee(slot), get(singles), op.leastS, op.branchIf(2)],
          [get(sums), op.load64, set(own)],
          [get(slot), at(all, 3), tee(to), get(to), op.load64, get(own), op.subI32x4, op.store64],
          [get(kept), get(slot), op.storeI32, get(keptSums), get(own), op.store64],
          [get(own), op.laneI32(1), get(least), op.leastS, get(slot), at(isOne, 2), op.loadI32, op.and, tee(isKept)],
          [at(kept, 2), set(kept), get(isKept), at(keptSums, 3), set(keptSums)],
          [advance(slots, 4), advance(sums, 8)],
        ]),
      ]),
      [get(out), get(slots), op.storeI32, get(kept)],
    ];
  })(),
};

interface Divide {
  /** Parameters that sums of slots are found by. */
  readonly table: number;
  /** The sum of a slot, by the first of those parameters. */
  readonly find: (slot: number, first: number) => Code;
}

const divideOf = (name: string, { table, find }: Divide): WasmFunction => ({
  name,
  parameters: new Array<number>(8 + table).fill(i32),
  results: [],
  locals: [i32, i32, v128, v128],
  body: ((): Code => {
    const [slots, end, sums, ownSlots, ownSums, keptSlots, keptSums, out, first] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
    const slot = first + table;
    const [isAny, own, left] = [slot + 1, slot + 2, slot + 3] as const;
    const keep = (list: number, values: number, kept: number): Code => [
      [get(list), get(slot), op.storeI32, get(values), get(kept), op.store64],
      [get(kept), op.laneI32(1), op.i32(0), op.notEqual, tee(isAny)],
      [at(list, 2), set(list), get(isAny), at(values, 3), set(values)],
    ];
    return [
      op.whileBelow(slots, end, [
        [get(slots), op.loadI32, set(slot), find(slot, first), set(own)],
        [get(sums), op.load64, get(own), op.subI32x4, set(left)],
        [keep(ownSlots, ownSums, own), keep(keptSlots, keptSums, left), advance(slots, 4), advance(sums, 8)],
      ]),
      [get(out), get(ownSlots), op.storeI32, get(out), op.i32(4), op.add, get(keptSlots), op.storeI32],
    ];
  })(),
});

/**
 * divide(slots, slotsEnd, sums, ownSlots, ownSums, keptSlots, keptSums, out, some): the slots of a list that have a sum in `some`, with that to `ownSlots`, which has
 * room for one more; and those that something else is left of to `keptSlots`, which may be the list. To out the ends of both.
 */
export const divide = divideOf('divide', { table: 1, find: (slot, some) => [get(slot), at(some, 3), op.load64] });

/** divideRanked(slots, slotsEnd, sums, ownSlots, ownSums, keptSlots, keptSums, out, marks, ranks, some): the same of the slots that are marked, whose sums are in `some` at their ranks. */
export const divideRanked = divideOf('divideRanked', {
  table: 3,
  find: (slot, marks) => [
    [rankOf(slot, { marks, ranks: marks + 1 }), at(marks + 2, 3), op.load64],
    // What stands at the rank of a slot that is not marked is another one's.
    [op.i32(0), isMarked(slot, marks), op.sub, op.splatI32, op.andV],
  ],
});

/** gather(slots, slotsEnd, some, sums): the sums of slots beside each other, which leaves zeros behind. */
export const gather: WasmFunction = {
  name: 'gather',
  parameters: [i32, i32, i32, i32],
  results: [],
  locals: [i32],
  body: ((): Code => {
    const [slots, end, some, sums, place] = [0, 1, 2, 3, 4] as const;
    return op.whileBelow(slots, end, [moveSum(get(slots), { some, sums, place }), advance(slots, 4)]);
  })(),
};

/** gatherSorted(slots, slotsEnd, some, sums, marks): the same, and puts the list in ascending order. No slot is there twice, and none is marked before or after. */
export const gatherSorted: WasmFunction = {
  name: 'gatherSorted',
  parameters: [i32, i32, i32, i32, i32],
  results: [],
  locals: [i32, i32, i32, i32, i32, i32],
  body: ((): Code => {
    const [slots, end, some, sums, marks] = [0, 1, 2, 3, 4] as const;
    const [from, slot, bits, word, mark, place] = [5, 6, 7, 8, 9, 10] as const;
    // By the halves of marks, of 32 bits each.
    return [
      [get(slots), set(from)],
      op.whileBelow(from, end, [
        [get(from), op.loadI32, tee(slot), op.i32(5), op.shrU, at(marks, 2), tee(mark), get(mark), op.loadI32],
        [op.i32(1), get(slot), op.shl, op.or, op.storeI32, advance(from, 4)],
      ]),
      op.whileBelow(slots, end, [
        [get(word), at(marks, 2), tee(mark), op.loadI32, set(bits), get(mark), op.i32(0), op.storeI32],
        [op.i32(0), set(mark)],
        op.whileBelow(mark, bits, [
          [get(slots), get(word), op.i32(5), op.shl, get(bits), op.trailingZeros, op.add, op.storeI32],
          moveSum(get(slots), { some, sums, place }),
          [get(bits), get(bits), op.i32(1), op.sub, op.and, set(bits), advance(slots, 4)],
        ]),
        advance(word, 1),
      ]),
    ];
  })(),
};

/** clear(slots, slotsEnd, sums): zeros for the sums of these slots. */
export const clear: WasmFunction = {
  name: 'clear',
  parameters: [i32, i32, i32],
  results: [],
  locals: [],
  body: ((): Code => {
    const [slots, end, sums] = [0, 1, 2] as const;
    return op.whileBelow(slots, end, [[get(slots), op.loadI32, at(sums, 3), op.zeros, op.store64, advance(slots, 4)]]);
  })(),
};
