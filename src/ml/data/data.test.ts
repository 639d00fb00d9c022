import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import { formatCsv, parseCsv } from './csv.ts';
import { dropRepeated, encodeLabels, readLabelledTexts } from './labelled-texts.ts';
import { splitTexts } from './split-files.ts';
import { stratifiedFolds, stratifiedSplit } from './split.ts';

const folder = mkdtempSync(join(tmpdir(), 'ml-data-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const parse = async (text: string | Uint8Array): Promise<string | readonly (readonly string[])[]> => {
  const table = await parseCsv('f.csv', Buffer.from(text));
  return table.ok ? table.value.rows.map(({ fields }) => fields) : failureMessage(table.error);
};

describe('a CSV table', () => {
  it('has quoted commas, quotes and line breaks, a byte order mark and Windows line ends', async () => {
    expect(await parse('\ufeffa,b\r\n"x, ""y""\r\nz",1\r\n')).toEqual([['x, "y"\r\nz', '1']]);
  });

  it('passes blank lines over but counts them in row numbers', async () => {
    expect(await parse('a,b\n\n1,2\n\n3\n')).toBe('f.csv row 5: 1 field where the header has 2');
  });

  it('a row too short or too long is named with its row and its line', async () => {
    expect(await parse('a,b\n"x\ny\nz",1\nq,2,3\n')).toBe('f.csv row 3 (line 5): 3 fields where the header has 2');
  });

  it('a quote that is never closed is named with the row it opens in', async () => {
    expect(await parse('a,b\n1,2\n"x\ny,3\n')).toBe('f.csv row 3: a quoted field is never closed');
  });

  it('text behind a closing quote is refused', async () => {
    expect(await parse('a,b\n"x"y,1\n')).toBe('f.csv row 2: text follows the closing quote of a field');
  });

  it('nothing, and a header alone, are empty tables', async () => {
    expect(await parse('')).toBe('f.csv holds no rows');
    expect(await parse('a,b\n')).toBe('f.csv holds no rows');
  });

  it('bytes that are not UTF-8 are named by line, and a column named twice by its name', async () => {
    expect(await parse(Uint8Array.of(97, 10, 98, 0xff, 10))).toContain('row 2: the text is not UTF-8');
    expect(await parse('a,a\n1,2\n')).toBe('f.csv row 1: the header names the column "a" twice');
  });

  it('reads back whatever it wrote', async () => {
    const rows = [
      ['a,b', 'say "hi"'],
      ['line\nbreak', ''],
      ['é😂', ' '],
      ['\r', '"'],
    ];
    expect(await parse(formatCsv(['x', 'y'], rows))).toEqual(rows);
  });
});

describe('labelled texts', () => {
  const read = async (
    csv: string,
    labels: readonly string[] | Record<string, string> | null,
    columns = { textColumn: 'text', labelColumn: 'label' },
  ): Promise<string | { texts: readonly string[]; labels: readonly string[]; blank: number }> => {
    const path = join(folder, 'table.csv');
    writeFileSync(path, csv);
    const data = await readLabelledTexts({ path, labels, ...columns });
    return data.ok ? data.value : failureMessage(data.error).replace(folder, '');
  };

  it('a map renames labels, and rows without text or label are left out and counted', async () => {
    expect(await read('text,label\ngood,1\n  ,1\nbad,-1\nwhat,\n', { '1': 'positive', '-1': 'negative' })).toEqual({
      texts: ['good', 'bad'],
      labels: ['positive', 'negative'],
      blank: 2,
    });
  });

  it('an unknown label is named with its row and the labels there are', async () => {
    expect(await read('text,label\ngood,1\nbad,7\n', ['1', '-1'])).toBe(
      '/table.csv row 3: label "7" is not among data.labels ("1", "-1")',
    );
  });

  it('a missing column is named with the columns there are', async () => {
    expect(await read('texts,label\ngood,1\n', null)).toBe(
      '/table.csv has no column "text"; its columns are "texts", "label"',
    );
  });

  it('a file that is not there is named with what is wrong', async () => {
    const data = await readLabelledTexts({ path: join(folder, 'no.csv'), textColumn: 'a', labelColumn: 'b', labels: null });
    expect(data.ok ? '' : failureMessage(data.error)).toContain('no.csv cannot be read: there is no such file');
  });

  it('a row counts as repeated only when text and label are the same', () => {
    const data = { texts: ['a', 'a', 'a', 'b'], labels: ['x', 'x', 'y', 'x'], blank: 0 };
    expect(dropRepeated(data)).toEqual({ texts: ['a', 'a', 'b'], labels: ['x', 'y', 'x'], blank: 0, repeated: 1 });
  });

  it('one label alone cannot be split', () => {
    const split = splitTexts({ texts: ['a', 'b'], labels: ['x', 'x'], blank: 0 }, 'f.csv', { testSize: 0.5, seed: 1 });
    expect(split.ok ? '' : failureMessage(split.error)).toBe('f.csv: a classifier needs at least two labels, here is "x"');
  });
});

describe('a stratified split', () => {
  const y = Int32Array.from({ length: 1003 }, (_, i) => (i % 10 === 0 ? 2 : i % 3 === 0 ? 1 : 0));
  const classes = ['a', 'b', 'c'];
  const split = (seed: number, testSize = 0.2): { train: Int32Array; test: Int32Array } => {
    const parts = stratifiedSplit(y, classes, { testSize, seed });
    if (!parts.ok) throw new Error(parts.error.reason);
    return parts.value;
  };

  it('takes every row once, ceil(size) of them for the test', () => {
    const { train, test } = split(1);
    expect(test.length).toBe(201);
    expect([...train, ...test].sort((a, b) => a - b)).toEqual(Array.from(y.keys()));
  });

  it('keeps the share of every class within one row', () => {
    const { test } = split(2);
    for (const c of [0, 1, 2]) {
      const share = y.filter((label) => label === c).length * (201 / y.length);
      expect(Math.abs(test.filter((row) => y[row] === c).length - share)).toBeLessThanOrEqual(1);
    }
  });

  it('depends on the seed alone', () => {
    expect(split(3)).toEqual(split(3));
    expect(split(3)).not.toEqual(split(4));
  });

  it('leaves every class on both sides, and refuses a class of one row', () => {
    const few = Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1);
    const parts = stratifiedSplit(few, ['a', 'b'], { testSize: 0.1, seed: 1 });
    expect(parts.ok && [...parts.value.test].map((row) => few[row])).toContain(1);
    const alone = stratifiedSplit(Int32Array.of(0, 0, 1), ['a', 'b'], { testSize: 0.5, seed: 1 });
    expect(alone.ok ? '' : failureMessage(alone.error)).toBe('a stratified split: label "b" has 1 row, 2 are needed');
  });

  it('folds are of equal size, with every class dealt evenly', () => {
    const folds = stratifiedFolds(y, 3, 5, 7);
    for (const c of [0, 1, 2]) {
      const sizes = [0, 1, 2, 3, 4].map((fold) => folds.filter((f, row) => f === fold && y[row] === c).length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });
});

it('labels are numbered in order of their names', () => {
  expect(encodeLabels(['b', 'a', 'b', 'c'])).toEqual({ classes: ['a', 'b', 'c'], y: Int32Array.of(1, 0, 1, 2) });
});
