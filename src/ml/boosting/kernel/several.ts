import { op, valueType, type Code, type WasmFunction } from '../../wasm/wasm-module.ts';
import { boundFloats, boundInts, enterBounds, isBelow, looked, skip } from './bounds.ts';
import { advance, at } from './pointers.ts';
import { featureField, featureShift } from './records.ts';
import { enterQuads, quadFloats, quadInts, quadVectors } from './quads.ts';
import { isSimple, scan } from './scan.ts';
import { enterSearch, localsFrom, scanFloats, scanInts, searchFloats, searchInts } from './search.ts';

const { i32, f64 } = valueType;
const { get, set, tee } = op;

/**
 * lookAtSeveral(search, features, featuresEnd, kept, records, isOne, sums, out): goes through features whose slots all have a sum, and looks at those that
 * could become the best. Features that can be split, or were not looked at, go to `kept`, which may be the list; the others lose their 1.
 * Gives the first feature that must be looked at and is not simple, or the end; to out the end of what was kept.
 */
export const lookAtSeveral: WasmFunction = (() => {
  const [search, features, end, kept, records, isOne, sums, out] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const { locals: l, types } = localsFrom(8, {
    ints: ['feature', 'from', 'place', ...scanInts, ...quadInts, ...searchInts, ...boundInts],
    floats: [...searchFloats, ...scanFloats, ...quadFloats, ...boundFloats],
    vectors: quadVectors,
  });
  const keep: Code = [get(kept), get(l.feature), op.storeI32, advance(kept, 4)];
  const look: Code = [
    [get(l.record), op.loadI32At(featureField.firstSlot), at(sums, 3), set(l.from)],
    [get(l.record), op.loadI32At(featureField.endSlot), at(sums, 3), set(l.place)],
    scan(l, {
      ...{ search, from: l.from, place: l.place, keepsTop: true },
      bin: [get(l.place), get(l.from), op.sub, op.i32(3), op.shrU],
    }),
    looked(l),
    [get(l.splittable), op.when(keep, [get(l.feature), at(isOne, 2), op.i32(0), op.storeI32])],
  ];
  const note: Code = [get(out), get(kept), op.storeI32];
  return {
    name: 'lookAtSeveral',
    parameters: [i32, i32, i32, i32, i32, i32, i32, i32],
    results: [i32],
    locals: types,
    body: [
      [enterSearch(search, l), enterQuads(l), enterBounds(search, l)],
      op.whileBelow(features, end, [
        [get(features), op.loadI32, tee(l.feature), op.i32(featureShift), op.shl, get(records), op.add, set(l.record)],
        isBelow(l),
        op.when([skip(l), keep], [isSimple(l.record), op.when(look, [note, get(features), op.leave])]),
        advance(features, 4),
      ]),
      [note, get(features)],
    ],
  };
})();

/**
 * lookAtGroups(search, slots, slotsEnd, sums, keptSlots, keptSums, records, featureOf, out): goes through the features of a list of slots. Slots of features that can be
 * split are kept, which may be in the same list. Gives the first slot of a feature that is not simple, or the end; to out the ends of what was kept.
 */
export const lookAtGroups: WasmFunction = (() => {
  const [search, slots, end, sums, keptSlots, keptSums, records, featureOf, out] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const;
  const { locals: l, types } = localsFrom(9, {
    ints: ['from', 'place', 'to', 'endSlot', 'slotsTo', ...scanInts, ...quadInts, ...searchInts],
    floats: [...searchFloats, ...scanFloats, ...quadFloats],
    vectors: quadVectors,
  });
  const slotAtPlace: Code = [
    [get(l.place), get(sums), op.sub, op.i32(1), op.shrU, get(slots), op.add, op.loadI32],
    [get(l.record), op.loadI32At(featureField.firstSlot), op.sub],
  ];
  const keepAll: Code = op.whileBelow(slots, l.slotsTo, [
    [get(keptSlots), get(slots), op.loadI32, op.storeI32, get(keptSums), get(sums), op.load64, op.store64],
    [advance(keptSlots, 4), advance(keptSums, 8), advance(slots, 4), advance(sums, 8)],
  ]);
  const note: Code = [[get(out), get(keptSlots), op.storeI32, get(out), get(keptSums), op.storeI32At(4)]];
  return {
    name: 'lookAtGroups',
    parameters: [i32, i32, i32, i32, i32, i32, i32, i32, i32],
    results: [i32],
    locals: types,
    body: [
      [enterSearch(search, l), enterQuads(l)],
      op.whileBelow(slots, end, [
        [get(slots), op.loadI32, at(featureOf, 2), op.loadI32, op.i32(featureShift), op.shl, get(records), op.add],
        [set(l.record), isSimple(l.record)],
        op.when([], [note, get(slots), op.leave]),
        [get(l.record), op.loadI32At(featureField.endSlot), set(l.endSlot), get(end), set(l.slotsTo)],
        // The first slot of the next feature.
        [get(slots), op.i32(4), op.add, set(l.to)],
        op.whileBelow(l.to, l.slotsTo, [
          [get(l.to), op.loadI32, get(l.endSlot), op.ltS],
          op.when(advance(l.to, 4), [get(l.to), set(l.slotsTo)]),
        ]),
        [get(sums), set(l.from)],
        [get(l.slotsTo), get(slots), op.sub, op.i32(1), op.shl, get(sums), op.add, tee(l.to), set(l.place)],
        scan(l, { search, from: l.from, place: l.place, keepsTop: false, bin: slotAtPlace }),
        [get(l.splittable), op.when(keepAll, [get(l.slotsTo), set(slots), get(l.to), set(sums)])],
      ]),
      [note, get(slots)],
    ],
  };
})();

/** isSplittable(search, record, sums, sumsEnd): whether any split of a simple feature at its highest slots is better than none, by their sums. */
export const isSplittable: WasmFunction = (() => {
  const [search, record, sums, end] = [0, 1, 2, 3] as const;
  const { locals: l, types } = localsFrom(4, {
    ints: [...scanInts, ...quadInts, ...searchInts],
    floats: [...searchFloats, ...scanFloats, ...quadFloats],
    vectors: quadVectors,
  });
  return {
    name: 'isSplittable',
    parameters: [i32, i32, i32, i32],
    results: [i32],
    locals: types,
    body: [
      [enterSearch(search, l), enterQuads(l), get(record), set(l.record)],
      scan(l, { search, from: sums, place: end, keepsTop: false, bin: op.i32(0) }),
      get(l.splittable),
    ],
  };
})();

/** mostPromising(features, featuresEnd, records, out): the feature of the largest reach, -1 where none has any; to out the next one. */
export const mostPromising: WasmFunction = (() => {
  const [features, end, records, out] = [0, 1, 2, 3] as const;
  const [first, second, feature, most, nextMost, reach] = [4, 5, 6, 7, 8, 9] as const;
  return {
    name: 'mostPromising',
    parameters: [i32, i32, i32, i32],
    results: [i32],
    locals: [i32, i32, i32, f64, f64, f64],
    body: [
      [op.i32(-1), set(first), op.i32(-1), set(second)],
      op.whileBelow(features, end, [
        [get(features), op.loadI32, tee(feature), op.i32(featureShift), op.shl, get(records), op.add],
        [op.loadF64At(featureField.reach), tee(reach), get(nextMost), op.gtF64],
        op.when([
          [get(reach), get(most), op.gtF64],
          op.when(
            [
              [get(first), set(second), get(most), set(nextMost)],
              [get(feature), set(first), get(reach), set(most)],
            ],
            [get(feature), set(second), get(reach), set(nextMost)],
          ),
        ]),
        advance(features, 4),
      ]),
      [get(out), get(second), op.storeI32, get(first)],
    ],
  };
})();
