import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { plainRows } from './plain-csv.ts';

/** Texts of what matters to a reader of CSV, some of them in order and most of them not. */
function texts(count: number, pieces: readonly string[]): string[] {
  const random = seededRandom(4);
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + Math.floor(random() * 9) }, () => pieces[Math.floor(random() * pieces.length)]).join(''),
  );
}

/** Without the row of nothing behind the last line end, which only papaparse lists. */
function papaRows(text: string): readonly (readonly string[])[] | undefined {
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ',' });
  if (errors.length > 0) return undefined;
  return /[\r\n]$/.test(text) && data.at(-1)?.join() === '' ? data.slice(0, -1) : data;
}

describe('rows of a table in order', () => {
  it.each([
    ['any signs', ['a', ' ', ',', '"', '""', '\n', '\r', '\r\n']],
    ['quoted fields', ['a', '"a,b"', '"a\nb"', '"a\r\nb"', '"x ""y"""', '""', ',', ',', '\n', '\r\n']],
    ['fields and Windows line ends', ['a', 'b c', '"a\n,b"', '"a""b"', ',', ',', '\r\n', '\r\n']],
  ])('are those of papaparse wherever there are any: %s', (_, pieces) => {
    let read = 0;
    for (const text of texts(20_000, pieces)) {
      const plain = plainRows(text);
      if (plain === undefined) continue;
      read++;
      expect({ text, rows: plain.rows }).toEqual({ text, rows: papaRows(text) });
    }
    expect(read).toBeGreaterThan(4000);
  });

  it('begin where they are said to', () => {
    const text = 'a,b\n"x\ny",1\n\n2,3';
    expect(plainRows(text)?.starts.map((start) => text.slice(start, start + 2))).toEqual(['a,', '"x', '\n2', '2,']);
  });

  it('are left to papaparse where a quote or a line end is not as it should be', () => {
    for (const text of ['"a', '"a"b,c', 'a\rb\n', 'a\nb\r\n', '"a" ,b', 'a "b"']) expect(plainRows(text)).toBeUndefined();
  });
});
