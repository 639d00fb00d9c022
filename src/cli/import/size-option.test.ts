import { expect, it } from 'vitest';
import { sizeOption } from './size-option.ts';

it.each([
  ['1', 1],
  ['1000', 1000],
  ['500MB', 500_000_000],
  ['1.5 gb', 1_500_000_000],
  ['10GB', 10_000_000_000],
  ['2kB', 2000],
])('reads %s as %d bytes', (text, bytes) => {
  expect(sizeOption(text)).toBe(bytes);
});

it.each(['', '0', '-1', 'MB', '10 XB', '1e9', '0.2', '999999999999999TB', 'NaN'])('refuses "%s"', (text) => {
  expect(() => sizeOption(text)).toThrow('500MB');
});
