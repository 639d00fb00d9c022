import { describe, expect, it } from 'vitest';
import {
  countOf,
  formatAgo,
  formatBytes,
  formatDelta,
  formatDuration,
  formatNumber,
  formatRate,
  formatValue,
  shortHash,
} from './format.ts';

describe('formatDuration', () => {
  it.each([
    [0, '0.00s'],
    [0.4149, '0.41s'],
    [0.994, '0.99s'],
    [0.996, '1.0s'],
    [2.34, '2.3s'],
    [59.94, '59.9s'],
    [59.96, '1m00s'],
    [65, '1m05s'],
    [119.6, '2m00s'],
    [3599.4, '59m59s'],
    [3599.6, '1h00m'],
    [7380, '2h03m'],
    [7199, '2h00m'],
    [-1, '0.00s'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [6_888_934, '6.9 MB'],
    [999_949, '999.9 kB'],
    [999_960, '1.0 MB'],
    [10e9, '10.0 GB'],
    [2.5e18, '2500.0 PB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it('writes a rate by the second', () => {
    expect(formatRate(12_340_000)).toBe('12.3 MB/s');
  });
});

describe('formatAgo', () => {
  const now = Date.UTC(2026, 5, 15, 12);
  it.each([
    [0, 'just now'],
    [-5000, 'just now'],
    [42_000, '42 s ago'],
    [200_000, '3 min ago'],
    [3 * 3600_000, '3 h ago'],
    [30 * 3600_000, '1 day ago'],
    [59 * 86_400_000, '59 days ago'],
    [100 * 86_400_000, '2026-03-07'],
  ])('says of %d milliseconds ago: %s', (age, text) => {
    expect(formatAgo(now - age, now)).toBe(text);
  });
});

describe('numbers', () => {
  it.each([
    [0.85012, '0.8501'],
    [2595, '2595'],
    [1, '1'],
    [-0, '0'],
    [0.00001234, '1.2e-5'],
    [-0.5, '-0.5000'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it.each([
    [0.0073, '+0.0073'],
    [-0.0181, '-0.0181'],
    [0, '0'],
    [3, '+3'],
    [0.000_002, '+2.0e-6'],
    [-0.000_002, '-2.0e-6'],
  ])('writes the difference %d as %s', (value, text) => {
    expect(formatDelta(value)).toBe(text);
  });

  it('counts with the right noun', () => {
    expect([countOf(1, 'stage'), countOf(0, 'stage')]).toEqual(['1 stage', '0 stages']);
  });
});

describe('formatValue', () => {
  it.each([
    ['tfidf', 'tfidf'],
    ['data/comments.csv', 'data/comments.csv'],
    ['1', '"1"'],
    ['true', '"true"'],
    ['', '""'],
    [' a', '" a"'],
    ['a\nb', '"a\\nb"'],
    ['\u001b[31mred', '"\\u001b[31mred"'],
    [0.3, '0.3'],
    [null, 'null'],
    [[1, 2], '[1,2]'],
    [{ b: 1, a: 'x' }, '{"a":"x","b":1}'],
  ])('writes %j as %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });

  it('never writes a text and a value of another type alike', () => {
    for (const value of [1, 0.5, true, false, null, [1]] as const) {
      expect(formatValue(value)).not.toBe(formatValue(JSON.stringify(value)));
    }
  });
});

it('shortens a hash to eight digits', () => {
  expect(shortHash('9c1f07d2'.repeat(8))).toBe('9c1f07d2..');
});
