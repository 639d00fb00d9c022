import { describe, expect, it } from 'vitest';
import { fromStored, toStored } from './stored-json.ts';

describe('stored JSON', () => {
  it.each([
    [1],
    [true],
    ['1'],
    ['true'],
    [null],
    [0.1],
    [1e21],
    [NaN],
    [-Infinity],
    ['<NaN>'],
    ['a "quoted" <Infinity> \\'],
    [[1, [NaN, '<NaN>'], { b: -Infinity, a: '' }]],
    [{}],
  ])('gives back the value and its type: %j', (value) => {
    expect(fromStored(toStored(value))).toStrictEqual(value);
  });

  it('keeps 1, true and "1" apart, and 1 and 1.0 together', () => {
    expect(new Set([toStored(1), toStored(true), toStored('1')]).size).toBe(3);
    expect(toStored(1)).toBe(toStored(1.0));
  });
});
