import { op, valueType, type Code, type WasmFunction } from '../../wasm/wasm-module.ts';
import { advance, at } from './pointers.ts';
import { featureField, featureShift } from './records.ts';
import { isSimple } from './scan.ts';

const { i32, f64, v128 } = valueType;
const { get, set, tee } = op;

const [from, end, fromSums, all, isOne, records, firstSlot, least, minCount, slots, sums, firstFeature, perHessian] = [
  ...[0, 1, 2, 3, 4, 5, 6],
  ...[7, 8, 9, 10, 11, 12],
] as const;
const [slot, last, ownSlots, ownSums, endSlot, address, feature, own, moved, counts] = [
  ...[13, 14, 15, 16, 17],
  ...[18, 19, 20, 21, 22],
] as const;

/** The feature whose slots were listed last is told what moved, and where that is too little, is listed no more. */
const endFeature: Code = [
  get(last),
  op.when([
    [get(last), get(last), op.load64At(featureField.movedGradient), get(moved), op.addI32x4],
    op.store64At(featureField.movedGradient),
    [get(counts), op.laneI32(1), get(minCount), op.ltS, get(moved), op.laneI32(1), get(least), op.ltS, op.or],
    [isSimple(last), op.and],
    op.when([get(ownSlots), set(slots), get(ownSums), set(sums)]),
  ]),
];
/** Features are found one after the other: what is touched is of nearly all of them. Of those without a 1, nothing is taken. */
const beginFeature: Code = [
  op.loop([[advance(feature, 1), get(feature), at(firstSlot, 2), op.loadI32At(4), tee(endSlot), get(slot), op.mostS]]),
  [op.i32(0), get(feature), op.i32(featureShift), op.shl, get(records), op.add],
  [get(feature), at(isOne, 2), op.loadI32, op.isZero, op.pick, set(last)],
  [get(slots), set(ownSlots), get(sums), set(ownSums), op.zeros, set(counts), op.zeros, set(moved)],
];
/** Takes one slot, which comes after the earlier ones. Most are of the feature before: what is known of it stays at hand. */
const takeSlot: Code = [
  [get(from), op.loadI32, set(slot), get(fromSums), op.load64, set(own)],
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
 * takeSeveral(from, fromEnd, fromSums, all, isOne, records, firstSlot, least, minCount, slots, sums, firstFeature, countsPerHessian): as takeSingles of the other slots of a
 * list, which ascend; what is kept goes to `slots`, which may be the list or before it. Features are kept with all of their slots or none: those whose hessian and rows outside of the zero bin may be
 * enough for a side. No slot is of a feature before the first, and there are as many slots before it as features. Gives the end of what is kept.
 */
export const takeSeveral: WasmFunction = {
  name: 'takeSeveral',
  parameters: [i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, f64],
  results: [i32],
  locals: [i32, i32, i32, i32, i32, i32, i32, v128, v128, v128],
  body: [
    [get(firstFeature), op.i32(1), op.sub, set(feature)],
    op.whileBelow(from, end, [takeSlot, advance(from, 4), advance(fromSums, 8)]),
    [endFeature, get(slots)],
  ],
};
