import { op, valueType, type Code, type WasmFunction } from '../../wasm/wasm-module.ts';
import { advance, at } from './pointers.ts';
import { featureField, featureShift } from './records.ts';
import { isSimple } from './scan.ts';

const { i32, f64, v128 } = valueType;
const { get, set, tee } = op;

const [
  touched,
  end,
  marks,
  some,
  all,
  isOne,
  records,
  firstSlot,
  least,
  minCount,
  slots,
  sums,
  firstFeature,
  perHessian,
] = [...[0, 1, 2, 3, 4, 5, 6], ...[7, 8, 9, 10, 11, 12, 13]] as const;
const [slot, left, bits, word, last, fromSlots, fromSums, passed, endSlot, address, feature, own, moved, counts] = [
  ...[14, 15, 16, 17, 18, 19],
  ...[20, 21, 22, 23, 24, 25, 26, 27],
] as const;

/** The feature whose slots were listed last is told what moved, and where that is too little, is listed no more. */
const endFeature: Code = [
  get(last),
  op.when([
    [get(last), get(last), op.load64At(featureField.movedGradient), get(moved), op.addI32x4],
    op.store64At(featureField.movedGradient),
    [get(counts), op.laneI32(1), get(minCount), op.ltS, get(moved), op.laneI32(1), get(least), op.ltS, op.or],
    [isSimple(last), op.and],
    op.when([get(fromSlots), set(slots), get(fromSums), set(sums)]),
  ]),
];
/** Features are found one after the other: what is touched is of nearly all of them. Of those without a 1, nothing is taken. */
const beginFeature: Code = [
  op.loop([[advance(feature, 1), get(feature), at(firstSlot, 2), op.loadI32At(4), tee(endSlot), get(slot), op.mostS]]),
  [op.i32(0), get(feature), op.i32(featureShift), op.shl, get(records), op.add],
  [get(feature), at(isOne, 2), op.loadI32, op.isZero, op.pick, set(last)],
  [get(slots), set(fromSlots), get(sums), set(fromSums), op.zeros, set(counts), op.zeros, set(moved)],
];
/** Takes one slot, which comes after the earlier ones. Most are of the feature before: what is known of it stays at hand. */
const takeSlot: Code = [
  [get(slot), at(some, 3), tee(address), op.load64, set(own), get(address), op.zeros, op.store64],
  [get(slot), get(endSlot), op.ltS, op.when([], [endFeature, beginFeature])],
  get(last),
  op.when([
    [get(slot), at(all, 3), tee(address), get(address), op.load64, get(own), op.subI32x4, op.store64],
    [get(moved), get(own), op.absI32x4, op.addI32x4, set(moved)],
    // Only the hessian's half is asked for.
    [get(own), op.lowToF64, get(perHessian), op.splatF64, op.mulV64, op.f64(0.5), op.splatF64, op.addV64],
    [op.truncateV64, get(counts), op.addI32x4, set(counts)],
    [get(slots), get(slot), op.storeI32, get(sums), get(own), op.store64],
    [advance(slots, 4), advance(sums, 8)],
  ]),
];
/**
 * takeSeveral(touched, touchedEnd, marks, some, all, isOne, records, firstSlot, least, minCount, slots, sums, firstFeature, countsPerHessian): as takeSingles of the other slots, which are listed
 * in ascending order. Features are listed with all of their slots or none: those whose hessian and rows outside of the zero bin may be
 * enough for a side. `marks` has a bit a slot, 0 before and after; no slot is of a feature before the first, and there are as many slots before it as features. Gives the end of the list.
 */
export const takeSeveral: WasmFunction = {
  name: 'takeSeveral',
  parameters: [i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, f64],
  results: [i32],
  locals: [i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, v128, v128, v128],
  body: [
    [get(end), get(touched), op.sub, set(left)],
    op.whileBelow(touched, end, [
      [get(touched), op.loadI32, tee(slot), op.i32(5), op.shrU, at(marks, 2), tee(address)],
      [get(address), op.loadI32, op.i32(1), get(slot), op.shl, op.or, op.storeI32, advance(touched, 4)],
    ]),
    [op.i32(0), set(last), op.i32(0), set(endSlot), op.i32(0), set(passed)],
    [get(firstFeature), op.i32(1), op.sub, set(feature), get(firstFeature), op.i32(5), op.shrU, set(word)],
    // Four bytes of the list are one slot.
    op.whileBelow(passed, left, [
      [get(word), at(marks, 2), tee(address), op.loadI32, set(bits), get(address), op.i32(0), op.storeI32],
      [op.i32(0), set(address)],
      op.whileBelow(address, bits, [
        [get(word), op.i32(5), op.shl, get(bits), op.trailingZeros, op.add, set(slot)],
        [get(bits), get(bits), op.i32(1), op.sub, op.and, set(bits), advance(left, -4)],
        takeSlot,
        [op.i32(0), set(passed), op.i32(0), set(address)],
      ]),
      advance(word, 1),
    ]),
    [endFeature, get(slots)],
  ],
};
