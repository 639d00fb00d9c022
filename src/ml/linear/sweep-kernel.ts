import type { CsrMatrix } from '../sparse/csr.ts';
import { wasm } from '../wasm/host.ts';
import { op, valueType, wasmModule, type Code, type WasmFunction } from '../wasm/wasm-module.ts';
import { leastGradient, type Sweeper } from './sweep.ts';

const { i32, f64 } = valueType;
const { get, set, tee } = op;

/** What is known of a row, in one line of the cache: the addresses of its first entry's column and of the end of them, then doubles. */
const recordBytes = 64;
const recordShift = 6;
const place = { first: 0, last: 4, sign: 8, limit: 16, extra: 24, diagonal: 32, multiplier: 40 } as const;

const [active, activeEnd, records, toValue, biasWeight, extremes] = [0, 1, 2, 3, 4, 5] as const;
const [bias, upper, lower] = [6, 7, 8] as const;
const [kept, record, entry, last] = [9, 10, 11, 12] as const;
const [score, was, limit, gradient, projected] = [13, 14, 15, 16, 17] as const;
const [largest, smallest, now, step] = [18, 19, 20, 21] as const;

const advance = (pointer: number, bytes: number): Code => [get(pointer), op.i32(bytes), op.add, set(pointer)];
const field = (name: keyof typeof place): Code => [get(record), op.loadF64At(place[name])];

/** The number in the present entry. Its place takes twice the bytes of its column's, so the one's address follows from the other's. */
const value: Code = [get(entry), op.i32(1), op.shl, get(toValue), op.add, op.loadF64At(0)];
/** Where the weight of the present entry's column is. */
const weight: Code = [get(entry), op.loadI32];

const overEntries = (body: Code): Code => [
  [get(record), op.loadI32, tee(entry), get(record), op.i32(place.last), op.add, op.loadI32, tee(last), op.ltU],
  op.when(op.loop([body, get(entry), op.i32(4), op.add, tee(entry), get(last), op.ltU])),
];

/** Leaves the part of the gradient that leads into the multiplier's range; ends the row where it is at a bound and its gradient beyond. */
const project: Code = [
  [get(gradient), set(projected), get(was), op.f64(0), op.equalF64],
  op.when(
    [get(gradient), get(upper), op.gtF64, op.branchIf(1), get(gradient), op.f64(0), op.minF64, set(projected)],
    [
      [get(was), get(limit), op.equalF64],
      op.when([
        get(gradient),
        get(lower),
        op.ltF64,
        op.branchIf(2),
        get(gradient),
        op.f64(0),
        op.maxF64,
        set(projected),
      ]),
    ],
  ),
];

/** Moves the multiplier of the row to where its gradient is 0, and the weights with it. */
const move: Code = [
  [get(was), get(gradient), field('diagonal'), op.divF64, op.subF64, op.f64(0), op.maxF64, get(limit), op.minF64],
  [set(now), get(record), get(now), op.storeF64At(place.multiplier)],
  [get(now), get(was), op.subF64, field('sign'), op.mulF64, set(step)],
  overEntries([weight, weight, op.loadF64At(0), get(step), value, op.mulF64, op.addF64, op.storeF64At(0)]),
  [get(biasWeight), get(biasWeight), op.loadF64At(0), get(step), get(bias), op.mulF64, op.addF64, op.storeF64At(0)],
];

/**
 * sweep(active, activeEnd, records, toValue, biasWeight, extremes, bias, upper, lower): the pass that `plainSweeper` makes, in the same order of
 * additions; gives the end of the rows that stay active.
 */
const sweep: WasmFunction = {
  name: 'sweep',
  parameters: [i32, i32, i32, i32, i32, i32, f64, f64, f64],
  results: [i32],
  locals: [i32, i32, i32, i32, f64, f64, f64, f64, f64, f64, f64, f64, f64],
  body: [
    [get(active), set(kept), op.f64(-Infinity), set(largest), op.f64(Infinity), set(smallest)],
    op.whileBelow(active, activeEnd, [
      [get(active), op.loadI32, op.i32(recordShift), op.shl, get(records), op.add, set(record)],
      [get(bias), get(biasWeight), op.loadF64At(0), op.mulF64, set(score)],
      overEntries([get(score), weight, op.loadF64At(0), value, op.mulF64, op.addF64, set(score)]),
      [field('sign'), get(score), op.mulF64, op.f64(1), op.subF64],
      [field('multiplier'), tee(was), field('extra'), op.mulF64, op.addF64, set(gradient), field('limit'), set(limit)],
      op.block([
        project,
        [get(kept), get(active), op.loadI32, op.storeI32, advance(kept, 4)],
        [
          get(largest),
          get(projected),
          op.maxF64,
          set(largest),
          get(smallest),
          get(projected),
          op.minF64,
          set(smallest),
        ],
        [get(projected), op.absF64, op.f64(leastGradient), op.leF64, op.branchIf(0)],
        move,
      ]),
      advance(active, 4),
    ]),
    [get(extremes), get(largest), op.storeF64At(0), get(extremes), get(smallest), op.storeF64At(8)],
    get(kept),
  ],
};

type Sweep = (...given: [number, number, number, number, number, number, number, number, number]) => number;

const pageBytes = 65_536;
const mostPages = 65_535;

/** Where everything lies in the kernel's memory, each at a multiple of 64. */
function layoutOf({ rows, columns, indices: { length } }: CsrMatrix) {
  let end = 0;
  const take = (bytes: number): number => {
    const start = end;
    end += Math.ceil(bytes / recordBytes) * recordBytes;
    return start;
  };
  const places = {
    records: take(rows * recordBytes),
    values: take(length * 8),
    weights: take((columns + 1) * 8),
    extremes: take(16),
    columns: take(length * 4),
    order: take(rows * 4),
  };
  return { ...places, pages: Math.ceil(end / pageBytes) };
}

/** The passes in WebAssembly, over a copy of the rows; undefined when they are more than can be addressed. */
export function kernelSweeper(x: CsrMatrix, bias: number): Sweeper | undefined {
  const at = layoutOf(x);
  if (at.pages > mostPages) return undefined;
  const memory = new wasm.Memory({ initial: at.pages, maximum: at.pages, shared: true });
  const instance = new wasm.Instance(new wasm.Module(wasmModule([sweep])), { env: { memory } });
  const run = (instance.exports as { readonly sweep: Sweep }).sweep;

  const recordInts = new Int32Array(memory.buffer, at.records, x.rows * (recordBytes / 4));
  const recordDoubles = new Float64Array(memory.buffer, at.records, x.rows * (recordBytes / 8));
  const extremes = new Float64Array(memory.buffer, at.extremes, 2);
  const weights = new Float64Array(memory.buffer, at.weights, x.columns + 1);
  new Float64Array(memory.buffer, at.values, x.values.length).set(x.values);
  const columns = new Int32Array(memory.buffer, at.columns, x.indices.length);
  for (let entry = 0; entry < columns.length; entry++) columns[entry] = at.weights + 8 * (x.indices[entry] ?? 0);
  for (let row = 0; row < x.rows; row++) {
    const record = row * (recordBytes / 4);
    recordInts[record + place.first / 4] = at.columns + 4 * (x.indptr[row] ?? 0);
    recordInts[record + place.last / 4] = at.columns + 4 * (x.indptr[row + 1] ?? 0);
  }
  return {
    weights,
    order: new Int32Array(memory.buffer, at.order, x.rows),
    begin: ({ signs, limits, extra, diagonal }) => {
      weights.fill(0);
      for (let row = 0; row < x.rows; row++) {
        const record = row * (recordBytes / 8);
        recordDoubles[record + place.sign / 8] = signs[row] ?? 0;
        recordDoubles[record + place.limit / 8] = limits[row] ?? Infinity;
        recordDoubles[record + place.extra / 8] = extra[row] ?? 0;
        recordDoubles[record + place.diagonal / 8] = diagonal[row] ?? 1;
        recordDoubles[record + place.multiplier / 8] = 0;
      }
    },
    sweep: (count, { upper, lower }) => {
      const { order, records, values, columns: first, weights: base, extremes: out } = at;
      const biasWeight = base + 8 * x.columns;
      const end = run(order, order + 4 * count, records, values - 2 * first, biasWeight, out, bias, upper, lower);
      const [largest = 0, smallest = 0] = extremes;
      return { kept: (end - order) / 4, largest, smallest };
    },
  };
}
