import { expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { fillTable, kernelModule, sigmoidTable, strideOf } from './kernel.ts';
import { wasm } from '../wasm/host.ts';

const memory = new wasm.Memory({ initial: 4, maximum: 4, shared: true });
const kernel = new wasm.Instance(new wasm.Module(kernelModule()), { env: { memory } }).exports as Record<
  'add' | 'mean' | 'addToAll' | 'clear' | 'step',
  (...args: number[]) => number
>;
const tableAt = 128 * 1024;
fillTable(new Float32Array(memory.buffer, tableAt, 3 * sigmoidTable.entries));

/** A vector at a place, with random numbers up to its size and zeros behind. */
const place = (at: number, size: number, random: () => number): Float32Array => {
  const vector = new Float32Array(memory.buffer, at, strideOf(size)).fill(0);
  for (let i = 0; i < size; i++) vector[i] = random() * 4 - 2;
  return vector;
};

it.each([1, 7, 8, 9, 100])(
  'vectors of %i floats are added, averaged, cleared, and stepped as by the formulas',
  (size) => {
    const random = seededRandom(size);
    const bytes = strideOf(size) * 4;
    const hidden = place(0, size, random);
    const error = place(4096, size, random);
    const outputs = [8192, 16384, 32768].map((at) => place(at, size, random));
    new Int32Array(memory.buffer, 65_536, 3).set([8192, 16384, 32768]);
    const before = { hidden: hidden.slice(), error: error.slice(), outputs: outputs.map((output) => output.slice()) };

    const alpha = 0.05;
    const loss = kernel.step(0, 4096, 65_536, 3, alpha, bytes, tableAt);

    let expectedLoss = 0;
    const expectedError = Float64Array.from(before.error);
    for (const [number, output] of before.outputs.entries()) {
      const label = number === 0 ? 1 : 0;
      const x = output.reduce((sum, value, i) => sum + value * before.hidden[i]!, 0);
      const limited = Math.max(-sigmoidTable.range, Math.min(sigmoidTable.range, x));
      const probability = 1 / (1 + Math.exp(-limited));
      expectedLoss -= Math.log(label === 1 ? probability : 1 - probability);
      for (let i = 0; i < size; i++) {
        const gradient = alpha * (label - probability);
        expectedError[i] = expectedError[i]! + gradient * output[i]!;
        expect(outputs[number]![i]).toBeCloseTo(output[i]! + gradient * before.hidden[i]!, 3);
      }
    }
    expect(loss).toBeCloseTo(expectedLoss, 1);
    for (let i = 0; i < size; i++) expect(error[i]).toBeCloseTo(expectedError[i]!, 3);
    expect(hidden).toEqual(before.hidden);

    const sum = Float32Array.from(hidden, (value, i) => value + error[i]!);
    kernel.add(4096, 0, bytes);
    expect(hidden).toEqual(sum);
    const summed = outputs[0]!.map((value, i) => value + outputs[1]![i]!).map((value, i) => value + outputs[2]![i]!);
    kernel.mean(65_536, 65_536 + 12, 0, bytes, 0.5);
    expect(hidden).toEqual(summed.map((value) => value * 0.5));
    const more = outputs.map((output) => output.map((value, i) => value + error[i]!));
    kernel.addToAll(4096, 65_536, 65_536 + 12, bytes);
    expect(outputs).toEqual(more);
    kernel.clear(0, bytes);
    expect(hidden).toEqual(new Float32Array(strideOf(size)));
  },
);

it('a product that is no number does not stop the program', () => {
  place(0, 8, () => NaN);
  place(4096, 8, () => 0);
  place(8192, 8, () => 0);
  new Int32Array(memory.buffer, 65_536, 1).set([8192]);
  expect(kernel.step(0, 4096, 65_536, 1, 0.1, 32, tableAt)).toBeDefined();
});
