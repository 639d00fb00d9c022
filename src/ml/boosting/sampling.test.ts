import { expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { KernelMemory } from './kernel/memory.ts';
import { choose } from './sampling.ts';

it.each([
  [1000, 300],
  [1000, 1000],
  [7, 1],
  [60_000, 18_000],
])('of %i features the kernel draws the same %i', (all, count) => {
  const memory = new KernelMemory();
  const [features, isOne, out] = [memory.zeros(all + 1), memory.zeros(all), memory.zeros(1)];
  for (const seed of [0, 1, -5, 2 ** 31 - 1]) {
    const wanted = [...choose(all, count, seededRandom(seed))];
    for (const [from, to] of [[0, all] as const, [3, all >> 2] as const]) {
      const [half, lists] = [all >> 1, [features.address, isOne.address] as const];
      const end = memory.kernel.draw(seed, all, count, from, to, ...lists, half, out.address);
      const drawn = [...features.values.subarray(0, (end - features.address) >> 2)];
      expect(drawn).toEqual(wanted.filter((feature) => feature >= from && feature < to));
      expect([...isOne.values.keys()].filter((feature) => isOne.values[feature] === 1)).toEqual(drawn);
      expect(out.values[0]).toBe(drawn.filter((feature) => feature < half).length);
    }
  }
});
