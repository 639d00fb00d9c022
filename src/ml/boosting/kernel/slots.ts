import { op, valueType, type Code, type WasmFunction } from '../../wasm/wasm-module.ts';
import { advance, at } from './pointers.ts';

const { i32, v128 } = valueType;
const { get, set, tee } = op;

/**
 * takeSingles(touched, touchedEnd, singles, some, all, isOne, least, slots, sums): takes what rows added to slots below `singles` off the sums of all, and
 * leaves zeros behind. Of those with a 1, slots whose hessian is at least `least` are listed. The other touched slots move to the front of
 * their list; gives their end. The new list has room for one more.
 */
export const takeSingles: WasmFunction = {
  name: 'takeSingles',
  parameters: [i32, i32, i32, i32, i32, i32, i32, i32, i32, i32],
  results: [i32],
  locals: [i32, i32, i32, i32, i32, v128],
  body: ((): Code => {
    const [touched, end, singles, some, all, isOne, least, slots, sums, out] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
    const [others, slot, from, to, isListed, own] = [10, 11, 12, 13, 14, 15] as const;
    return [
      [get(touched), set(others)],
      op.whileBelow(touched, end, [
        [get(touched), op.loadI32, tee(slot), get(singles), op.ltU],
        op.when(
          [
            [get(slot), at(some, 3), tee(from), op.load64, set(own), get(from), op.zeros, op.store64],
            [get(slot), at(all, 3), tee(to), get(to), op.load64, get(own), op.subI32x4, op.store64],
            [get(slots), get(slot), op.storeI32, get(sums), get(own), op.store64],
            [
              get(own),
              op.laneI32(1),
              get(least),
              op.leastS,
              get(slot),
              at(isOne, 2),
              op.loadI32,
              op.and,
              tee(isListed),
            ],
            [at(slots, 2), set(slots), get(isListed), at(sums, 3), set(sums)],
          ],
          [get(others), get(slot), op.storeI32, advance(others, 4)],
        ),
        advance(touched, 4),
      ]),
      [get(out), get(slots), op.storeI32, get(others)],
    ];
  })(),
};

/**
 * divide(slots, slotsEnd, sums, some, ownSlots, ownSums, keptSlots, keptSums, out): the slots of a list that rows added something to, with what they added, to
 * `ownSlots`, which has room for one more; and those that something is left of to `keptSlots`, which may be the list. To out the ends of both.
 */
export const divide: WasmFunction = {
  name: 'divide',
  parameters: [i32, i32, i32, i32, i32, i32, i32, i32, i32],
  results: [],
  locals: [i32, i32, v128, v128],
  body: ((): Code => {
    const [slots, end, sums, some, ownSlots, ownSums, keptSlots, keptSums, out] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
    const [slot, isAny, own, left] = [9, 10, 11, 12] as const;
    const next = (list: number, values: number): Code => [
      [tee(isAny), at(list, 2), set(list), get(isAny), at(values, 3), set(values)],
    ];
    return [
      op.whileBelow(slots, end, [
        [get(slots), op.loadI32, tee(slot), at(some, 3), op.load64, set(own)],
        [get(sums), op.load64, get(own), op.subI32x4, set(left)],
        [get(ownSlots), get(slot), op.storeI32, get(ownSums), get(own), op.store64],
        [get(own), op.laneI32(1), op.i32(0), op.notEqual, next(ownSlots, ownSums)],
        [get(keptSlots), get(slot), op.storeI32, get(keptSums), get(left), op.store64],
        [get(left), op.laneI32(1), op.i32(0), op.notEqual, next(keptSlots, keptSums)],
        [advance(slots, 4), advance(sums, 8)],
      ]),
      [get(out), get(ownSlots), op.storeI32, get(out), op.i32(4), op.add, get(keptSlots), op.storeI32],
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
