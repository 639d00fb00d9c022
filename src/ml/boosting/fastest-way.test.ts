import { describe, expect, it } from 'vitest';
import { FastestWay } from './fastest-way.ts';

/** Goes `times` ways, which take so long each; gives which were gone. */
async function gone(way: FastestWay, clock: { now: number }, take: readonly number[], times: number) {
  const ways: number[] = [];
  const of = (took: number, number: number) => () => {
    ways.push(number);
    clock.now += took;
    return Promise.resolve(number);
  };
  for (let i = 0; i < times; i++) expect(await way.go(take.map(of))).toBe(ways.at(-1));
  return ways;
}

const shareOf = (ways: readonly number[], wanted: number): number =>
  ways.filter((way) => way === wanted).length / ways.length;

/** Until each way was tried. */
const atFirst = (ways: number): number => 40 + 8 * ways;

describe('the fastest of several ways', () => {
  it.each([
    { take: [3, 5], fastest: 0 },
    { take: [5, 3], fastest: 1 },
    { take: [5, 9, 4, 4.5], fastest: 2 },
  ])('is gone nearly always: $take', async ({ take, fastest }) => {
    const clock = { now: 0 };
    const way = new FastestWay(() => clock.now);
    expect(new Set(await gone(way, clock, take, atFirst(take.length))).size).toBe(take.length);
    const start = clock.now;
    expect(shareOf(await gone(way, clock, take, 1000), fastest)).toBeGreaterThan(0.8);
    expect(clock.now - start).toBeLessThan(1.03 * 1000 * (take[fastest] ?? 0));
  });

  it('is found anew when another becomes faster', async () => {
    const clock = { now: 0 };
    const way = new FastestWay(() => clock.now);
    await gone(way, clock, [3, 5, 7], 200);
    await gone(way, clock, [9, 8, 5], 2000);
    expect(shareOf(await gone(way, clock, [9, 8, 5], 1000), 2)).toBeGreaterThan(0.9);
  });

  it('loses little time with ways that are far slower', async () => {
    const clock = { now: 0 };
    const way = new FastestWay(() => clock.now);
    await gone(way, clock, [1, 40], atFirst(2));
    const start = clock.now;
    await gone(way, clock, [1, 40], 10_000);
    expect(clock.now - start).toBeLessThan(10_500);
  });
});
