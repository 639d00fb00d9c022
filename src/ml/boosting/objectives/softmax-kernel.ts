import { wasm } from '../../wasm/host.ts';
import { op, valueType, wasmModule, type Code, type WasmFunction } from '../../wasm/wasm-module.ts';
import { advance, at } from '../kernel/pointers.ts';
import { smallest, type LabelledRows, type SoftmaxRows } from './softmax-rows.ts';

const { i32, f64, v128 } = valueType;
const { get, set, tee } = op;

/**
 * Rows that are settled at once: a line of the cache. Each class has room for a multiple of it; what lies behind the last row is no number once it
 * was settled, and comes to nothing as it weighs 0.
 */
const blockRows = 8;
const blockBytes = blockRows * 8;

/**
 * gradients(y, yEnd, scaled, probabilities, out, ofClass, totals, factor): of pairs of rows what `plainRows` gives, in the same order of operations;
 * to totals their sums, 64 bits each.
 */
const gradients: WasmFunction = {
  name: 'gradients',
  parameters: [i32, i32, i32, i32, i32, i32, i32, f64],
  results: [],
  locals: Array.from({ length: 10 }, () => v128),
  body: ((): Code => {
    const [y, yEnd, scaled, probabilities, out, ofClass, totals, factor] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
    const [own, factors, one, half, sign] = [8, 9, 10, 11, 12] as const;
    const [probability, weight, above, pair, sum] = [13, 14, 15, 16, 17] as const;
    // A half of the sign of what it is added to rounds both signs alike. Where the row is of the class, "equal" is -1.
    const gradient: Code = [
      [get(probability), get(y), op.load64, get(own), op.equalI32x4, op.lowToF64, op.addV64, tee(above)],
      [get(weight), op.mulV64, get(above), get(sign), op.andV, get(half), op.orV, op.addV64, op.truncateV64],
    ];
    const hessian: Code = [
      [get(factors), get(probability), op.mulV64, get(one), get(probability), op.subV64, op.mulV64],
      [get(weight), op.mulV64, get(half), op.addV64, op.truncateV64, op.constant(1, 1, 1, 1), op.maxI32x4],
    ];
    return [
      [get(ofClass), op.splatI32, set(own), get(factor), op.splatF64, set(factors), op.f64(1), op.splatF64, set(one)],
      [op.f64(0.5), op.splatF64, set(half), op.f64(-0), op.splatF64, set(sign)],
      op.whileBelow(y, yEnd, [
        [get(probabilities), op.load(0), set(probability), get(scaled), op.load(0), set(weight)],
        [get(out), gradient, hessian, op.shuffle(0, 4, 1, 5), tee(pair), op.store(0)],
        [get(sum), get(pair), op.signedLowI64, op.addI64x2, get(pair), op.signedHighI64, op.addI64x2, set(sum)],
        [advance(y, 8), advance(scaled, 16), advance(probabilities, 16), advance(out, 16)],
      ]),
      [get(totals), get(sum), op.store(0)],
    ];
  })(),
};

/** multiply(probabilities, end, leafOf, factors): those of pairs of rows, by the factors of their leaves. */
const multiply: WasmFunction = {
  name: 'multiply',
  parameters: [i32, i32, i32, i32],
  results: [],
  locals: [],
  body: ((): Code => {
    const [probabilities, end, leafOf, factors] = [0, 1, 2, 3] as const;
    const factorAt = (row: 0 | 1): Code => [get(leafOf), op.loadI32At(row * 4), at(factors, 3)];
    return op.whileBelow(probabilities, end, [
      [get(probabilities), get(probabilities), op.load(0)],
      [factorAt(1), factorAt(0), op.load64, op.loadUpper64, op.mulV64, op.store(0)],
      [advance(probabilities, 16), advance(leafOf, 8)],
    ]);
  })(),
};

/** settle(row, rowsEnd, classBytes, allBytes): makes the probabilities sum to 1, block by block from the first class's first row on. */
const settle: WasmFunction = {
  name: 'settle',
  parameters: [i32, i32, i32, i32],
  results: [],
  locals: [i32, i32, v128, v128, v128, v128, v128],
  body: ((): Code => {
    const [row, rowsEnd, classBytes, allBytes, place, end, least] = [0, 1, 2, 3, 4, 5, 6] as const;
    const sums = [7, 8, 9, 10] as const;
    const overClasses = (body: Code): Code => [
      [get(row), tee(place), get(allBytes), op.add, set(end)],
      op.whileBelow(place, end, [body, get(place), get(classBytes), op.add, set(place)]),
    ];
    return [
      [op.f64(smallest), op.splatF64, set(least)],
      op.whileBelow(row, rowsEnd, [
        sums.map((sum): Code => [op.zeros, set(sum)]),
        overClasses(sums.map((sum, lane) => [get(sum), get(place), op.load(lane * 16), op.addV64, set(sum)])),
        overClasses(
          sums.map((sum, lane) => [
            [get(place), get(place), op.load(lane * 16), get(sum), op.divV64, get(least), op.orMoreV64],
            op.store(lane * 16),
          ]),
        ),
        advance(row, blockBytes),
      ]),
    ];
  })(),
};

const functions = [gradients, multiply, settle];

interface Kernel {
  readonly gradients: (...given: [number, number, number, number, number, number, number, number]) => void;
  readonly multiply: (...given: [number, number, number, number]) => void;
  readonly settle: (...given: [number, number, number, number]) => void;
}

const pageBytes = 65_536;
const mostPages = 65_535;

/** Where everything lies in the kernel's memory. Probabilities come first: `settle` counts on to one class beyond them. */
function layoutOf({ y, classes }: LabelledRows) {
  const classBytes = Math.ceil(y.length / blockRows) * blockBytes;
  const scaled = classBytes * classes;
  // Gradients of a class on their way out, or factors of leaves.
  const passing = scaled + classBytes;
  const labels = passing + classBytes;
  const leafOf = labels + classBytes / 2;
  const totals = leafOf + classBytes / 2;
  const pages = Math.ceil((totals + 16) / pageBytes);
  return { classBytes, scaled, passing, labels, leafOf, totals, pages };
}

/** In WebAssembly, with the same results to the last bit; undefined when the rows are more than can be addressed. */
export function kernelRows(rows: LabelledRows): SoftmaxRows | undefined {
  const { y, scaled, classes } = rows;
  const { length } = y;
  const place = layoutOf(rows);
  const { classBytes, pages } = place;
  if (pages > mostPages) return undefined;
  const memory = new wasm.Memory({ initial: pages, maximum: pages, shared: true });
  const { buffer } = memory;
  const kernel = new wasm.Instance(new wasm.Module(wasmModule(functions)), { env: { memory } }).exports as Kernel;

  new Float64Array(buffer, place.scaled, length).set(scaled);
  new Int32Array(buffer, place.labels, length).set(y);
  const sums = new Int32Array(buffer, place.passing, length * 2);
  const factorsOfLeaves = new Float64Array(buffer, place.passing, classBytes / 8);
  const leaves = new Int32Array(buffer, place.leafOf, length);
  const totals = new BigInt64Array(buffer, place.totals, 2);
  // The row that makes an odd number even has gradient 0 and hessian 1.
  const odd = length & 1;
  const pairs = length + odd;
  const factor = classes / (classes - 1);
  return {
    probabilities: Array.from({ length: classes }, (_, c) => new Float64Array(buffer, c * classBytes, length)),
    gradients: (ofClass, out) => {
      const { labels, scaled: weights, passing, totals: to } = place;
      kernel.gradients(labels, labels + pairs * 4, weights, ofClass * classBytes, passing, ofClass, to, factor);
      out.set(sums);
      const [gradient = 0, hessian = 0] = Array.from(totals, Number);
      return { gradient, hessian: hessian - odd };
    },
    multiply: (ofClass, leafOf, factors) => {
      factorsOfLeaves.set(factors);
      leaves.set(leafOf);
      const start = ofClass * classBytes;
      kernel.multiply(start, start + pairs * 8, place.leafOf, place.passing);
    },
    settle: () => {
      kernel.settle(0, classBytes, classBytes, classBytes * classes);
    },
  };
}
