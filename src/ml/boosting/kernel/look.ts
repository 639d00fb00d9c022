import { op, valueType, type Code, type WasmFunction } from '../../wasm/wasm-module.ts';
import { advance, at } from './pointers.ts';
import { searchField } from './records.ts';
import { enterSearch, localsFrom, offer, scanFloats, searchFloats, searchInts, weigh } from './search.ts';

const { i32 } = valueType;
const { get, set, tee } = op;

const ints = [
  ...(['kept', 'keptSums', 'slot', 'sum', 'least', 'most', 'splittable', 'gradient', 'hessian', 'rest'] as const),
  ...searchInts,
] as const;
const floats = [...searchFloats, ...scanFloats] as const;

interface Look {
  readonly search: number;
  readonly columnOf: number;
  readonly keep: Code;
  readonly drop: Code;
}

/** Looks at the split above a feature's only slot, whose sums are at `sum`: does one of two things as it is better than none. */
function lookAtSlot(l: Record<(typeof ints)[number] | (typeof floats)[number], number>, look: Look): Code {
  const { search, columnOf, keep, drop } = look;
  const column: Code = [get(l.slot), at(columnOf, 2), op.loadI32];
  const consider: Code = [
    offer(l, { search, feature: get(l.slot), column, bin: op.i32(0) }),
    [get(l.best), get(l.perBest), op.mulF64, set(l.bar)],
  ];
  return [
    [get(l.sum), op.loadI32At(4), tee(l.hessian), get(l.least), op.leastS],
    [get(l.hessian), get(l.most), op.mostS, op.and],
    op.when(
      [
        [get(l.sum), op.loadI32, set(l.gradient), get(l.allHessianInt), get(l.hessian), op.sub, set(l.rest)],
        weigh(l),
        [get(l.over), get(l.shiftInUnits), get(l.under), op.mulF64, op.gtF64],
        op.when([keep, get(l.over), get(l.bar), get(l.under), op.mulF64, op.geF64, op.when(consider)], drop),
      ],
      drop,
    ),
  ];
}

const enter = (l: Record<(typeof ints)[number] | (typeof floats)[number], number>, search: number): Code => [
  enterSearch(search, l),
  [get(search), op.loadI32At(searchField.leastSingle), set(l.least)],
  [get(search), op.loadI32At(searchField.mostSingle), set(l.most)],
  [get(l.best), get(l.perBest), op.mulF64, set(l.bar)],
];

/**
 * lookAtAll(search, slots, slotsEnd, sums, isOne, columnOf): goes through slots that are features, by the sums of all slots. Those that can be split are kept at the
 * front of the list; the others lose their 1. Gives the end of those kept.
 */
export const lookAtAll: WasmFunction = (() => {
  const [search, slots, end, sums, isOne, columnOf] = [0, 1, 2, 3, 4, 5] as const;
  const { locals: l, types } = localsFrom(6, { ints, floats });
  const keep: Code = [get(l.kept), get(l.slot), op.storeI32, advance(l.kept, 4)];
  const drop: Code = [get(l.slot), at(isOne, 2), op.i32(0), op.storeI32];
  return {
    name: 'lookAtAll',
    parameters: [i32, i32, i32, i32, i32, i32],
    results: [i32],
    locals: types,
    body: [
      enter(l, search),
      [get(slots), set(l.kept)],
      op.whileBelow(slots, end, [
        [get(slots), op.loadI32, tee(l.slot), at(sums, 3), set(l.sum)],
        lookAtSlot(l, { search, columnOf, keep, drop }),
        advance(slots, 4),
      ]),
      get(l.kept),
    ],
  };
})();

/** lookAtList(search, slots, slotsEnd, sums, columnOf): the same of a list with sums of its own, which are kept with their slots. */
export const lookAtList: WasmFunction = (() => {
  const [search, slots, end, sums, columnOf] = [0, 1, 2, 3, 4] as const;
  const { locals: l, types } = localsFrom(5, { ints, floats });
  const keep: Code = [
    [get(l.kept), get(l.slot), op.storeI32, get(l.keptSums), get(l.sum), op.load64, op.store64],
    [advance(l.kept, 4), advance(l.keptSums, 8)],
  ];
  return {
    name: 'lookAtList',
    parameters: [i32, i32, i32, i32, i32],
    results: [i32],
    locals: types,
    body: [
      enter(l, search),
      [get(slots), set(l.kept), get(sums), tee(l.keptSums), set(l.sum)],
      op.whileBelow(slots, end, [
        [get(slots), op.loadI32, set(l.slot)],
        lookAtSlot(l, { search, columnOf, keep, drop: [] }),
        [advance(slots, 4), advance(l.sum, 8)],
      ]),
      get(l.kept),
    ],
  };
})();
