import { op, valueType, type Code, type WasmFunction } from '../../wasm/wasm-module.ts';
import { advance, at } from './pointers.ts';
import { featureField, featureShift } from './records.ts';
import { isSimple } from './scan.ts';

const { i32, f64, v128 } = valueType;
const { get, set, tee } = op;

const [touched, end, marks, some, all, isOne, records, featureOf, least, minCount, slots, sums, word, perHessian] = [
  ...[0, 1, 2, 3, 4, 5, 6],
  ...[7, 8, 9, 10, 11, 12, 13],
] as const;
const [slot, left, bits, record, last, fromSlots, fromSums, count, mass, address, feature, own] = [
  ...[14, 15, 16, 17, 18, 19],
  ...[20, 21, 22, 23, 24, 25],
] as const;

/** The feature whose slots were listed last has too little: it is listed no more. */
const dropIfSmall: Code = [
  [get(last), op.i32(0), op.notEqual],
  op.when([
    [get(count), get(minCount), op.ltS, get(mass), get(least), op.ltS, op.or],
    [isSimple(last), op.and],
    op.when([get(fromSlots), set(slots), get(fromSums), set(sums)]),
  ]),
];
/** Takes one slot, which comes after the earlier ones. */
const takeSlot: Code = [
  [get(slot), at(some, 3), tee(address), op.load64, set(own), get(address), op.zeros, op.store64],
  [get(slot), at(featureOf, 2), op.loadI32, tee(feature), at(isOne, 2), op.loadI32],
  op.when([
    [get(slot), at(all, 3), tee(address), get(address), op.load64, get(own), op.subI32x4, op.store64],
    [get(feature), op.i32(featureShift), op.shl, get(records), op.add, tee(record)],
    [get(record), op.load64At(featureField.movedGradient), get(own), op.absI32x4, op.addI32x4],
    op.store64At(featureField.movedGradient),
    [get(record), get(last), op.notEqual],
    op.when([
      dropIfSmall,
      [get(record), set(last), get(slots), set(fromSlots), get(sums), set(fromSums)],
      [op.i32(0), set(count), op.i32(0), set(mass)],
    ]),
    [get(own), op.laneI32(1), op.toF64, get(perHessian), op.mulF64, op.f64(0.5), op.addF64, op.truncateF64],
    [get(count), op.add, set(count), get(own), op.laneI32(1), get(mass), op.add, set(mass)],
    [get(slots), get(slot), op.storeI32, get(sums), get(own), op.store64],
    [advance(slots, 4), advance(sums, 8)],
  ]),
];
/**
 * takeSeveral(touched, touchedEnd, marks, some, all, isOne, records, featureOf, least, minCount, slots, sums, firstWord, countsPerHessian): as takeSingles of the other slots, which are listed
 * in ascending order. Features are listed with all of their slots or none: those whose hessian and rows outside of the zero bin may be
 * enough for a side. `marks` has a bit a slot, 0 before and after; no slot is in a word before the first. Gives the end of the list.
 */
export const takeSeveral: WasmFunction = {
  name: 'takeSeveral',
  parameters: [i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, f64],
  results: [i32],
  locals: [i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, v128],
  body: [
    [get(end), get(touched), op.sub, set(left)],
    op.whileBelow(touched, end, [
      [get(touched), op.loadI32, tee(slot), op.i32(5), op.shrU, at(marks, 2), tee(address)],
      [get(address), op.loadI32, op.i32(1), get(slot), op.shl, op.or, op.storeI32, advance(touched, 4)],
    ]),
    [op.i32(0), set(last), op.i32(0), set(feature)],
    // Four bytes of the list are one slot.
    op.whileBelow(feature, left, [
      [get(word), at(marks, 2), tee(address), op.loadI32, set(bits), get(address), op.i32(0), op.storeI32],
      [op.i32(0), set(address)],
      op.whileBelow(address, bits, [
        [get(word), op.i32(5), op.shl, get(bits), op.trailingZeros, op.add, set(slot)],
        [get(bits), get(bits), op.i32(1), op.sub, op.and, set(bits), advance(left, -4)],
        takeSlot,
        [op.i32(0), set(feature), op.i32(0), set(address)],
      ]),
      advance(word, 1),
    ]),
    [dropIfSmall, get(slots)],
  ],
};
