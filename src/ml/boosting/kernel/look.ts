import { op, valueType, type Code, type WasmFunction } from '../../wasm/wasm-module.ts';
import { advance, at } from './pointers.ts';
import { searchField } from './records.ts';
import { enterSearch, localsFrom, offer, scanFloats, searchFloats, searchInts, weigh } from './search.ts';

const { i32 } = valueType;
const { get, set, tee } = op;

const ints = [
  ...(['kept', 'keptSums', 'slot', 'sum', 'least', 'most', 'splittable', 'gradient', 'hessian', 'rest'] as const),
  ...(['isKept', 'lower', 'higher', 'pairsEnd'] as const),
  ...searchInts,
] as const;
const floats = [...searchFloats, ...scanFloats] as const;
const vectors = [
  ...(['allGradients', 'allHessians', 'units', 'addeds', 'leasts', 'mosts', 'shifts', 'bars'] as const),
  ...(['both', 'rights', 'hessians', 'lefts', 'rests', 'overs', 'unders', 'areKept'] as const),
] as const;
type LookLocals = Record<(typeof ints)[number] | (typeof floats)[number] | (typeof vectors)[number], number>;

const setBar = (l: LookLocals): Code => [
  [get(l.best), get(l.perBest), op.mulF64, tee(l.bar), op.splatF64, set(l.bars)],
];

const enter = (l: LookLocals, search: number): Code => [
  enterSearch(search, l),
  [get(search), op.loadI32At(searchField.leastSingle), tee(l.least), op.toF64, op.splatF64, set(l.leasts)],
  [get(search), op.loadI32At(searchField.mostSingle), tee(l.most), op.toF64, op.splatF64, set(l.mosts)],
  [get(l.allGradient), op.splatF64, set(l.allGradients), get(l.allHessian), op.splatF64, set(l.allHessians)],
  [get(l.hessianUnit), op.splatF64, set(l.units), get(l.added), op.splatF64, set(l.addeds)],
  [get(l.shiftInUnits), op.splatF64, set(l.shifts), setBar(l)],
];

interface Look {
  readonly search: number;
  readonly slots: number;
  readonly end: number;
  readonly columnOf: number;
  /** Finds the sums of a slot, for `sum`. */
  readonly findSum: Code;
  /** Takes the sums of the two slots for `both`; and goes past them. */
  readonly takeBoth: Code;
  readonly passBoth: Code;
  /** Of a slot and sums whose `isKept` is 1 or 0. */
  readonly keepOrDrop: Code;
  /** The same of two slots; what it is given stores the sums of the lower or the higher one. */
  readonly keepOrDropOf: (slot: number, storeSums: Code) => Code;
}

/** Looks at the split above a feature's only slot, whose sums are at `sum`. What is kept is told without a branch, which would be guessed wrong too often. */
function lookAtSlot(l: LookLocals, { search, columnOf, keepOrDrop }: Look): Code {
  const column: Code = [get(l.slot), at(columnOf, 2), op.loadI32];
  const consider: Code = [offer(l, { search, feature: get(l.slot), column, bin: op.i32(0) }), setBar(l)];
  return [
    [get(l.sum), op.loadI32, set(l.gradient), get(l.sum), op.loadI32At(4), set(l.hessian)],
    [get(l.allHessianInt), get(l.hessian), op.sub, set(l.rest), weigh(l)],
    [get(l.hessian), get(l.least), op.leastS, get(l.hessian), get(l.most), op.mostS, op.and],
    [get(l.over), get(l.shiftInUnits), get(l.under), op.mulF64, op.gtF64, op.and, set(l.isKept)],
    keepOrDrop,
    [get(l.over), get(l.bar), get(l.under), op.mulF64, op.geF64, get(l.isKept), op.and, op.when(consider)],
  ];
}

/** `weigh` of two slots, and which are kept. */
const weighBoth = (l: LookLocals): Code => {
  const scaled = (hessians: number): Code => [
    [get(hessians), get(l.units), op.mulV64, get(l.addeds), op.addV64, set(hessians)],
  ];
  return [
    [get(l.both), get(l.both), op.shuffle(0, 2, 0, 2), op.lowToF64, set(l.rights)],
    [get(l.both), get(l.both), op.shuffle(1, 3, 1, 3), op.lowToF64, set(l.hessians)],
    [get(l.hessians), get(l.leasts), op.geV64, get(l.mosts), get(l.hessians), op.geV64, op.andV, set(l.areKept)],
    [get(l.allGradients), get(l.rights), op.subV64, set(l.lefts)],
    [get(l.allHessians), get(l.hessians), op.subV64, set(l.rests), scaled(l.rests), scaled(l.hessians)],
    [get(l.rights), get(l.rights), op.mulV64, get(l.rests), op.mulV64],
    [get(l.lefts), get(l.lefts), op.mulV64, get(l.hessians), op.mulV64, op.addV64, set(l.overs)],
    [get(l.rests), get(l.hessians), op.mulV64, set(l.unders)],
    [get(l.overs), get(l.shifts), get(l.unders), op.mulV64, op.gtV64, get(l.areKept), op.andV, set(l.areKept)],
  ];
};

/** Looks at a list of slots that are features, two at a time; those that may be the best one by one. */
const lookAtSlots = (l: LookLocals, look: Look): Code => {
  const { slots, end, findSum, takeBoth, passBoth, keepOrDropOf } = look;
  const one = (slot: Code): Code => [slot, set(l.slot), findSum, lookAtSlot(l, look)];
  const keepBoth: Code = [
    [get(l.areKept), op.bitsOfI64, tee(l.isKept), op.i32(1), op.shrU, get(l.isKept), op.i32(1), op.and, set(l.isKept)],
    [keepOrDropOf(l.lower, [get(l.both), op.store64]), set(l.isKept)],
    keepOrDropOf(l.higher, [get(l.both), op.storeUpper64]),
    passBoth,
  ];
  return [
    [get(end), op.i32(4), op.sub, set(l.pairsEnd)],
    op.whileBelow(slots, l.pairsEnd, [
      [get(slots), op.loadI32, set(l.lower), get(slots), op.loadI32At(4), set(l.higher), takeBoth, weighBoth(l)],
      [get(l.overs), get(l.bars), get(l.unders), op.mulV64, op.geV64, get(l.areKept), op.andV, op.isAny],
      op.when([one(get(l.lower)), one(get(l.higher))], keepBoth),
      advance(slots, 8),
    ]),
    op.whileBelow(slots, end, [one([get(slots), op.loadI32]), advance(slots, 4)]),
  ];
};

/**
 * lookAtAll(search, slots, slotsEnd, sums, isOne, columnOf): goes through slots that are features, by the sums of all slots. Those that can be split are kept at the
 * front of the list; the others lose their 1. Gives the end of those kept.
 */
export const lookAtAll: WasmFunction = (() => {
  const [search, slots, end, sums, isOne, columnOf] = [0, 1, 2, 3, 4, 5] as const;
  const { locals: l, types } = localsFrom(6, { ints, floats, vectors });
  const keepOrDropOf = (slot: number): Code => [
    [get(l.kept), get(slot), op.storeI32, get(l.isKept), at(l.kept, 2), set(l.kept)],
    [get(slot), at(isOne, 2), get(l.isKept), op.storeI32],
  ];
  const look: Look = {
    ...{ search, slots, end, columnOf, keepOrDropOf },
    findSum: [get(l.slot), at(sums, 3), set(l.sum)],
    takeBoth: [get(l.higher), at(sums, 3), get(l.lower), at(sums, 3), op.load64, op.loadUpper64, set(l.both)],
    passBoth: [],
    keepOrDrop: keepOrDropOf(l.slot),
  };
  return {
    name: 'lookAtAll',
    parameters: [i32, i32, i32, i32, i32, i32],
    results: [i32],
    locals: types,
    body: [enter(l, search), get(slots), set(l.kept), lookAtSlots(l, look), get(l.kept)],
  };
})();

/** lookAtList(search, slots, slotsEnd, sums, columnOf): the same of a list with sums of its own, which are kept with their slots. */
export const lookAtList: WasmFunction = (() => {
  const [search, slots, end, sums, columnOf] = [0, 1, 2, 3, 4] as const;
  const { locals: l, types } = localsFrom(5, { ints, floats, vectors });
  const keepOrDropOf = (slot: number, storeSums: Code): Code => [
    [get(l.kept), get(slot), op.storeI32, get(l.keptSums), storeSums],
    [get(l.isKept), at(l.kept, 2), set(l.kept), get(l.isKept), at(l.keptSums, 3), set(l.keptSums)],
  ];
  const look: Look = {
    ...{ search, slots, end, columnOf, keepOrDropOf },
    findSum: [get(sums), set(l.sum), advance(sums, 8)],
    takeBoth: [get(sums), op.load(0), set(l.both)],
    passBoth: advance(sums, 16),
    keepOrDrop: keepOrDropOf(l.slot, [get(l.sum), op.load64, op.store64]),
  };
  return {
    name: 'lookAtList',
    parameters: [i32, i32, i32, i32, i32],
    results: [i32],
    locals: types,
    body: [
      [enter(l, search), get(slots), set(l.kept), get(sums), set(l.keptSums)],
      [lookAtSlots(l, look), get(l.kept)],
    ],
  };
})();
