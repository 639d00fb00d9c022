import { op, valueType, type Code, type WasmFunction } from '../../wasm/wasm-module.ts';
import { advance, at } from './pointers.ts';
import { bitOf, markOf, rankOf } from './ranks.ts';

const { i32, v128 } = valueType;
const { get, set, tee } = op;

interface Width {
  readonly load: Code;
  readonly shift: 1 | 2;
  readonly bytes: number;
}

/** How slots are listed: as numbers of 32 bits, or of 16, which are half as far to fetch. */
const wide: Width = { load: op.loadI32, shift: 2, bytes: 4 };
const narrow: Width = { load: op.loadU16, shift: 1, bytes: 2 };

/** Rows whose entries are asked for at once: they lie anywhere in a list that no near cache holds, and waiting for several takes no longer than for one. */
const askedAtOnce = 8;

/** The parameters that say which entries, in this order; then come those of each function. */
const [rows, rowsEnd, rowStart, rowSlots, firstSlot] = [0, 1, 2, 3, 4] as const;
const entriesParameters = [i32, i32, i32, i32, i32];

/** Locals of going through entries, from `first` on. */
const localsFrom = (first: number) =>
  ({ row: first, entry: first + 1, end: first + 2, slot: first + 3, place: first + 4, askedEnd: first + 5 }) as const;
const entriesLocals = [i32, i32, i32, i32, i32, i32];

/** Goes through the entries of rows, each of which becomes `slot`; `first` comes before those of each row. */
function eachEntry(
  l: ReturnType<typeof localsFrom>,
  { load, shift, bytes }: Width,
  { first = [], each }: { readonly first?: Code; readonly each: Code },
): Code {
  const ask: Code = [at(rowSlots, shift), load, op.drop];
  return op.whileBelow(rows, rowsEnd, [
    [get(rows), op.i32(4 * askedAtOnce), op.add, tee(l.askedEnd), get(rowsEnd)],
    [get(l.askedEnd), get(rowsEnd), op.ltU, op.pick, set(l.askedEnd), get(rows), set(l.place)],
    op.whileBelow(l.place, l.askedEnd, [
      [get(l.place), op.loadI32, at(rowStart, 2), tee(l.row), op.loadI32, ask, get(l.row), op.loadI32At(4), ask],
      advance(l.place, 4),
    ]),
    op.whileBelow(rows, l.askedEnd, [
      [get(rows), op.loadI32, set(l.row), first, get(l.row), at(rowStart, 2), tee(l.end)],
      [op.loadI32, at(rowSlots, shift), set(l.entry), get(l.end), op.loadI32At(4), at(rowSlots, shift), set(l.end)],
      op.whileBelow(l.entry, l.end, [
        [get(l.entry), load, get(firstSlot), op.add, set(l.slot), each, advance(l.entry, bytes)],
      ]),
      advance(rows, 4),
    ]),
  ]);
}

const addOf = (name: string, width: Width): WasmFunction => ({
  name,
  parameters: [...entriesParameters, i32, i32, i32],
  results: [i32],
  locals: [...entriesLocals, v128, v128],
  body: ((): Code => {
    const [rowSums, sums, list] = [5, 6, 7] as const;
    const l = localsFrom(8);
    const [own, before] = [14, 15] as const;
    const first: Code = [get(l.row), at(rowSums, 3), op.load64, set(own)];
    const each: Code = [
      [get(list), get(l.slot), op.storeI32, get(l.slot), at(sums, 3), tee(l.place), op.load64, set(before)],
      [get(before), op.laneI32(1), op.isZero, at(list, 2), set(list)],
      [get(l.place), get(before), get(own), op.addI32x4, op.store64],
    ];
    return [eachEntry(l, width, { first, each }), get(list)];
  })(),
});

/**
 * add(rows, rowsEnd, rowStart, rowSlots, firstSlot, rowSums, sums, list): adds the sums of rows to those of their slots, and lists each slot whose hessian was 0
 * before; gives the end of the list, which has room for one more. Slots of entries count from the first one. Slots are written always and counted seldom: a branch would be guessed wrong too often.
 */
export const addRows = addOf('add', wide);
/** addNarrow: the same of slots of 16 bits. */
export const addNarrowRows = addOf('addNarrow', narrow);

const markRowsOf = (name: string, width: Width): WasmFunction => ({
  name,
  parameters: [...entriesParameters, i32],
  results: [],
  locals: entriesLocals,
  body: ((): Code => {
    const marks = 5;
    const l = localsFrom(6);
    const mark: Code = [markOf(l.slot, marks), tee(l.place), get(l.place), op.loadI64, bitOf(l.slot), op.orI64];
    return eachEntry(l, width, { each: [mark, op.storeI64] });
  })(),
});

/** markRows(rows, rowsEnd, rowStart, rowSlots, firstSlot, marks): marks the slots of rows, a bit each. */
export const markRows = markRowsOf('markRows', wide);
/** markNarrowRows: the same of slots of 16 bits. */
export const markNarrowRows = markRowsOf('markNarrowRows', narrow);

const addRankedOf = (name: string, width: Width): WasmFunction => ({
  name,
  parameters: [...entriesParameters, i32, i32, i32, i32, i32, i32],
  results: [],
  locals: [...entriesLocals, v128],
  body: ((): Code => {
    const [rowSums, marks, ranks, slots, sums, count] = [5, 6, 7, 8, 9, 10] as const;
    const l = localsFrom(11);
    const own = 17;
    const first: Code = [get(l.row), at(rowSums, 3), op.load64, set(own)];
    const each: Code = [
      [rankOf(l.slot, { marks, ranks }), tee(l.place), at(slots, 2), get(l.slot), op.storeI32],
      [get(l.place), at(sums, 3), tee(l.place), get(l.place), op.load64, get(own), op.addI32x4, op.store64],
    ];
    return [[get(sums), op.i32(0), get(count), op.i32(3), op.shl, op.fill], eachEntry(l, width, { first, each })];
  })(),
});

/** addRanked(rows, rowsEnd, rowStart, rowSlots, firstSlot, rowSums, marks, ranks, slots, sums, count): lists the slots of rows, which are marked, with the sums of those rows, each at its rank. */
export const addRankedRows = addRankedOf('addRanked', wide);
/** addNarrowRanked: the same of slots of 16 bits. */
export const addNarrowRankedRows = addRankedOf('addNarrowRanked', narrow);
