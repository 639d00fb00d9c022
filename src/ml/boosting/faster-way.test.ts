import { describe, expect, it } from 'vitest';
import { FasterWay } from './faster-way.ts';

/** Goes `times` ways, which take so long each; gives which were gone. */
async function gone(way: FasterWay, clock: { now: number }, take: readonly [number, number], times: number) {
  const ways: number[] = [];
  const of = (number: 0 | 1) => () => {
    ways.push(number);
    clock.now += take[number];
    return Promise.resolve(number);
  };
  for (let i = 0; i < times; i++) expect(await way.go([of(0), of(1)])).toBe(ways.at(-1));
  return ways;
}

const shareOf = (ways: readonly number[], wanted: number): number =>
  ways.filter((way) => way === wanted).length / ways.length;

describe('the faster of two ways', () => {
  it.each([
    { take: [3, 5], faster: 0 },
    { take: [5, 3], faster: 1 },
  ] as const)('is gone nearly always: $take', async ({ take, faster }) => {
    const clock = { now: 0 };
    const way = new FasterWay(() => clock.now);
    expect(shareOf(await gone(way, clock, take, 8), faster)).toBe(0.5);
    expect(shareOf(await gone(way, clock, take, 320), faster)).toBeGreaterThan(0.95);
  });

  it('is found anew when the other becomes faster', async () => {
    const clock = { now: 0 };
    const way = new FasterWay(() => clock.now);
    await gone(way, clock, [3, 5], 100);
    await gone(way, clock, [9, 5], 320);
    expect(shareOf(await gone(way, clock, [9, 5], 320), 1)).toBeGreaterThan(0.95);
  });
});
