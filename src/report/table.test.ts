import { describe, expect, it } from 'vitest';
import { displayWidth, fitWidth } from './display-width.ts';
import { styleFor } from './style.ts';
import { markdownTable, textTable } from './table.ts';

const lines = (...text: string[]): string => text.map((line) => `${line}\n`).join('');

describe('displayWidth', () => {
  it.each([
    ['plain', 5],
    ['né', 2],
    ['ne\u0301', 2],
    ['日本', 4],
    ['ｆｕｌｌ', 8],
    ['한글', 4],
    ['😀', 2],
    ['👩‍👩‍👧', 2],
    ['❤️', 2],
    ['🇩🇪', 2],
    ['…', 1],
    ['', 0],
  ])('gives %j the columns a terminal gives it: %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  it('cuts at a whole character and says that it cut', () => {
    expect(fitWidth('brisk-heron-12', 8)).toBe('brisk-h…');
    expect(fitWidth('日本語', 4)).toBe('日…');
    expect(fitWidth('fits', 4)).toBe('fits');
  });
});

describe('textTable', () => {
  const table = {
    columns: [{ title: 'run' }, { title: 'c', align: 'right' as const }, { title: 'note' }],
    rows: [
      ['brisk-heron-1', '0.5', 'first'],
      ['日本', '12', ''],
    ],
  };

  it('aligns every column by what terminals show, without blanks at line ends', () => {
    expect(textTable(table)).toBe(
      lines('run               c   note', 'brisk-heron-1   0.5   first', '日本             12'),
    );
  });

  it('lays out the same with colour as without', () => {
    const { yellow } = styleFor(true);
    const coloured = { ...table, rows: table.rows.map((row) => row.map((text) => ({ text, paint: yellow }))) };
    const text = textTable(coloured);
    expect(text).toContain('\u001b[33m0.5\u001b[39m');
    expect(text.replaceAll(/\u001b\[\d+m/g, '')).toBe(textTable(table));
  });

  it('cuts the widest column that may be cut, down to its floor', () => {
    const wide = {
      columns: [
        { title: 'run', shrinkTo: 6 },
        { title: 'why', shrinkTo: 4 },
      ],
      rows: [['brisk-heron-1', 'param train.c']],
    };
    expect(textTable(wide, { width: 20 })).toBe(lines('run        why', 'brisk-h…   param tr…'));
    expect(textTable(wide, { width: 15 })).toBe(lines('run      why', 'brisk…   param…'));
    expect(textTable(wide, { width: 13, gap: 1 })).toBe(lines('run    why', 'brisk… param…'));
  });

  it('continues below itself with the pinned column repeated when it cannot be narrower', () => {
    const wide = {
      columns: ['run', 'alpha', 'beta', 'gamma'].map((title) => ({ title })),
      rows: [['r-1', '11111', '22222', '33333']],
    };
    expect(textTable(wide, { width: 20 })).toBe(
      lines('run   alpha   beta', 'r-1   11111   22222', '', 'run   gamma', 'r-1   33333'),
    );
  });

  it('shows every column even when one alone is too wide', () => {
    const wide = { columns: [{ title: 'run' }, { title: 'x'.repeat(30) }], rows: [['a', 'b']] };
    expect(textTable(wide, { width: 20 })).toBe(lines(`run   ${'x'.repeat(30)}`, 'a     b'));
  });
});

describe('markdownTable', () => {
  it('keeps bars, line breaks and angle brackets from breaking the table', () => {
    const table = { columns: [{ title: 'a|b' }, { title: 'n', align: 'right' as const }], rows: [['x\ny', '<b>']] };
    expect(markdownTable(table)).toBe(lines('| a\\|b | n |', '| --- | ---: |', '| x<br>y | &lt;b> |'));
  });
});
