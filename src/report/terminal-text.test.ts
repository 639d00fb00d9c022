import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { displayWidth } from './display-width.ts';
import { fitWidthKeepingEnd, joinFitting, padTo, plainLine, plainText } from './terminal-text.ts';

describe('plainText', () => {
  it.each([
    ['\u001b[31mred\u001b[0m', 'red'],
    ['\u001b]0;title\u0007text', 'text'],
    ['\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\', 'link'],
    ['\u001b[2K\u001b[1Gline', 'line'],
    ['unfinished \u001b[3', 'unfinished '],
    ['10%\r50%\r100%\n', '100%\n'],
    ['10%\r50%\r', '50%'],
    ['a\r\nb\r\n', 'a\nb\n'],
    ['a\tb\u0007', 'a    b'],
    ['\u001b(Bplain', 'plain'],
  ])('turns %j into %j', (text, plain) => {
    expect(plainText(text)).toBe(plain);
  });

  it('takes every colour sequence that Node itself takes', () => {
    const styled = '\u001b[1;38;5;196mbold\u001b[22m \u001b[48;2;1;2;3mrgb\u001b[0m';
    expect(plainText(styled)).toBe(stripVTControlCharacters(styled));
  });

  it('takes time in proportion to the text, however it is made', () => {
    for (const text of ['\u001b['.repeat(100_000), '\r'.repeat(200_000), `${'\r'.repeat(200_000)}x`]) {
      const start = performance.now();
      plainText(text);
      expect(performance.now() - start).toBeLessThan(1000);
    }
  });
});

it('makes control characters of a source line visible, each one column wide', () => {
  expect(plainLine('a\u0001b\tc')).toBe('a\ufffdb    c');
});

it('pads by columns, not by characters', () => {
  expect(displayWidth(padTo('日本', 8))).toBe(8);
  expect(padTo('longer', 3)).toBe('longer');
});

it('keeps the end of a path that is too wide', () => {
  expect(fitWidthKeepingEnd('artifacts/models/large', 10)).toBe('…els/large');
  expect(fitWidthKeepingEnd('short', 10)).toBe('short');
  for (let width = 0; width < 12; width++) {
    expect(displayWidth(fitWidthKeepingEnd('日本語のパス', width))).toBeLessThanOrEqual(width);
  }
});

it('leaves out the last fields of a line rather than wrap it', () => {
  expect(joinFitting(['one', 'two', 'three'], ' · ', 9)).toBe('one · two');
  expect(joinFitting(['sesquipedalian', 'x'], ' · ', 5)).toBe('sesq…');
});
