import { describe, expect, it } from 'vitest';
import { flattenNumbers, flattenValues } from './flatten.ts';

describe('flattened values', () => {
  it('stand under dotted keys, list items under their index', () => {
    expect(flattenValues({ a: { b: [1, { c: 'x' }] }, d: null, e: true })).toEqual({
      'a.b[0]': 1,
      'a.b[1].c': 'x',
      d: null,
      e: true,
    });
  });

  it('keep empty maps and lists visible', () => {
    expect(flattenValues({ a: {}, b: [] })).toEqual({ a: '{}', b: '[]' });
  });

  it('treat __proto__ as an ordinary key', () => {
    const value = JSON.parse('{"__proto__": {"x": 1}}') as Readonly<Record<string, number>>;
    expect(Object.keys(flattenValues(value))).toEqual(['__proto__.x']);
  });

  it('hold only finite numbers where numbers are asked for', () => {
    expect(flattenNumbers({ a: 1, b: '2', c: Number.NaN, d: [0.5], e: true })).toEqual({ a: 1, 'd[0]': 0.5 });
  });
});
