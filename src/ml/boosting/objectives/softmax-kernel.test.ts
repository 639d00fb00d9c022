import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../core/random.ts';
import { kernelRows } from './softmax-kernel.ts';
import { plainRows, type LabelledRows, type SoftmaxRows } from './softmax-rows.ts';

/** What is to be told of one row and class: nothing here is shared with the code that is tested. */
function expectedPair(p: number, { isOwn, weight, classes }: { isOwn: boolean; weight: number; classes: number }) {
  const above = isOwn ? p - 1 : p;
  const size = Math.trunc(Math.abs(above) * weight + 0.5);
  const hessian = Math.trunc((classes / (classes - 1)) * p * (1 - p) * weight + 0.5);
  return [above < 0 && size > 0 ? -size : size, Math.max(1, hessian)] as const;
}

function expectedGradients({ y, scaled, classes }: LabelledRows, ofClass: number, probabilities: Float64Array) {
  const pairs = Array.from(probabilities, (p, row) =>
    expectedPair(p, { isOwn: y[row] === ofClass, weight: scaled[row]!, classes }),
  );
  const sum = (of: 0 | 1): number => Number(pairs.reduce((total, pair) => total + BigInt(pair[of]), 0n));
  return { out: pairs.flat(), sums: { gradient: sum(0), hessian: sum(1) } };
}

function expectedSettled(probabilities: readonly Float64Array[]): number[][] {
  const sums = Array.from(probabilities[0]!, (_, row) => probabilities.reduce((sum, own) => sum + own[row]!, 0));
  return probabilities.map((own) => Array.from(own, (p, row) => Math.max(p / sums[row]!, 1e-300)));
}

const weights = [0, 0.5, 1, 1.5, 12_345, 2 ** 30 - 1, 2 ** 30];
const extremes = [1e-300, 1e-17, 0.5, 1 - 2 ** -53, 1];

function rowsOf(random: () => number, { rows, classes }: { rows: number; classes: number }): LabelledRows {
  const weight = (): number => weights[Math.floor(random() * 2 * weights.length)] ?? random() * 2 ** 30;
  return {
    y: Int32Array.from({ length: rows }, () => Math.floor(random() * classes)),
    scaled: Float64Array.from({ length: rows }, weight),
    classes,
  };
}

function fillAtRandom(probabilities: readonly Float64Array[], random: () => number): void {
  for (const own of probabilities)
    own.forEach((_, row) => (own[row] = extremes[Math.floor(random() * 2 * extremes.length)] ?? random()));
}

const makers: readonly (readonly [string, (rows: LabelledRows) => SoftmaxRows])[] = [
  ['in WebAssembly', (rows) => kernelRows(rows)!],
  ['in plain loops', plainRows],
];
const sizes = [1, 2, 3, 7, 8, 9, 16, 63, 64, 1001];
const cases = sizes.flatMap((rows) => [2, 3, 7].map((classes) => ({ rows, classes })));

describe.each(makers)('rows of softmax %s', (_, make) => {
  it.each(cases)('are as worked out one by one, to the bit: $rows of $classes classes', (size) => {
    const { rows, classes } = size;
    const random = seededRandom(rows * 10 + classes);
    const labelled = rowsOf(random, size);
    const made = make(labelled);
    fillAtRandom(made.probabilities, random);
    for (let iteration = 0; iteration < 4; iteration++) {
      // One of them has memory that threads share.
      const out = new Int32Array(iteration % 2 === 0 ? new ArrayBuffer(rows * 8) : new SharedArrayBuffer(rows * 8));
      for (let c = 0; c < classes; c++) {
        const expected = expectedGradients(labelled, c, made.probabilities[c]!);
        expect(made.gradients(c, out)).toEqual(expected.sums);
        expect([...out]).toEqual(expected.out);
      }
      for (let c = 0; c < classes; c++) {
        const factors = Float64Array.from({ length: Math.min(rows, 31) }, () => Math.exp((random() - 0.5) * 40));
        const leafOf = Int32Array.from({ length: rows }, () => Math.floor(random() * factors.length));
        const multiplied = made.probabilities[c]!.map((p, row) => p * factors[leafOf[row]!]!);
        made.multiply(c, leafOf, factors);
        expect(made.probabilities[c]).toEqual(multiplied);
      }
      const settled = expectedSettled(made.probabilities);
      made.settle();
      expect(made.probabilities.map((own) => [...own])).toEqual(settled);
    }
  });

  it('add up to more than 32 bits', () => {
    const rows = 4001;
    const labelled = { y: new Int32Array(rows), scaled: new Float64Array(rows).fill(2 ** 30), classes: 2 };
    const made = make(labelled);
    made.probabilities.forEach((own) => own.fill(0.5));
    expect(made.gradients(0, new Int32Array(rows * 2))).toEqual({ gradient: -rows * 2 ** 29, hessian: rows * 2 ** 29 });
  });

  it('have as many leaves as rows, where each has its own', () => {
    const rows = 9;
    const made = make({ y: new Int32Array(rows), scaled: new Float64Array(rows), classes: 2 });
    made.probabilities.forEach((own) => own.fill(0.5));
    const leafOf = Int32Array.from({ length: rows }, (__, row) => row);
    made.multiply(1, leafOf, Float64Array.from(leafOf));
    expect([...made.probabilities[1]!]).toEqual(Array.from(leafOf, (leaf) => leaf / 2));
    expect(new Set(made.probabilities[0])).toEqual(new Set([0.5]));
  });
});

describe('rows of softmax in WebAssembly', () => {
  it('are not more than can be addressed', () => {
    const few = { y: new Int32Array(1), scaled: new Float64Array(1) };
    expect(kernelRows({ ...few, classes: 2 ** 26 })).toBeUndefined();
    expect(kernelRows({ ...few, classes: 1000 })).toBeDefined();
  });
});
