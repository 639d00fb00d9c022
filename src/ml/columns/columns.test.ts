import { describe, expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import { blockFromParts } from '../features/block-kinds.ts';
import type { FittedBlock, FittedOnTexts } from '../features/block.ts';
import type { NumberArray } from '../io/parts.ts';
import type { Result } from '../../core/result.ts';
import type { CsrMatrix } from '../sparse/csr.ts';
import { csrProblem } from '../sparse/csr.ts';
import { fitCategories } from './category-block.ts';
import type { CategoryOptions } from './category-block.ts';
import { categoryOf, cellProblem, readNumber } from './column.ts';
import type { CellValue, TableColumns } from './column.ts';
import { exampleFromJson, exampleRow, exampleToJson } from './example.ts';
import { fitNumeric } from './numeric-block.ts';
import type { NumericOptions } from './numeric-block.ts';

const numeric: NumericOptions = {
  kind: 'numeric',
  columns: ['likes'],
  scaling: 'standard',
  impute: 'mean',
  addIndicator: false,
};
const categorical: CategoryOptions = { kind: 'categorical', column: 'channel', encoding: 'one_hot', minFrequency: 1 };

const of = (name: string, cells: readonly CellValue[]): TableColumns => new Map([[name, cells]]);
const empty = (rows: number): string[] => new Array<string>(rows).fill('');

function fitted(result: Result<FittedOnTexts>): FittedOnTexts {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}

function dense({ rows, columns, indptr, indices, values }: CsrMatrix): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const out = new Array<number>(columns).fill(0);
    for (let at = indptr[row]!; at < indptr[row + 1]!; at++) out[indices[at]!] = values[at]!;
    return out;
  });
}

const names = (block: FittedBlock): string[] =>
  Array.from({ length: block.columns }, (_, column) => block.columnName(column));

describe('a cell', () => {
  it('holds a number, or a text that is one; what is blank is missing', () => {
    expect(['12', ' -3.5 ', '+.5e-3', '7.', 4].map((cell) => readNumber(cell))).toEqual([12, -3.5, 0.0005, 7, 4]);
    expect(['', '  ', null, undefined].map((cell) => readNumber(cell))).toEqual([NaN, NaN, NaN, NaN]);
  });

  it('is refused where a number belongs and there is none, or one too large to reckon with', () => {
    const strange = ['NaN', 'Infinity', '-inf', '1e999', '1e101', '0x10', '1,5', '12 000', '१२', '1_000', 'n/a', '--1'];
    expect(strange.map((cell) => readNumber(cell))).toEqual(strange.map(() => undefined));
    expect([NaN, Infinity, 1e101, true].map((cell) => cellProblem('number', cell))).not.toContain(undefined);
    expect([[], {}].map((cell) => cellProblem('string', cell))).not.toContain(undefined);
    expect(cellProblem('number', 'secret')).not.toContain('secret');
  });

  it('has the same category as a number and as the text that a file holds', () => {
    expect([7, '7', ' 7 ', true, null].map((cell) => categoryOf(cell))).toEqual(['7', '7', '7', 'true', '']);
  });
});

describe('a block of numbers', () => {
  it.each([
    ['none', [1, 2, 3, 10]],
    ['standard', [-3, -2, -1, 6].map((deviation) => deviation / Math.sqrt(12.5))],
    ['minmax', [0, 1 / 9, 2 / 9, 1]],
    ['maxabs', [0.1, 0.2, 0.3, 1]],
    ['robust', [-0.5, -1 / 6, 1 / 6, 2.5]],
  ] as const)('scales by %s', (scaling, expected) => {
    const { matrix } = fitted(fitNumeric({ ...numeric, scaling }, of('likes', ['1', 2, '3', 10]), 4));
    dense(matrix).forEach(([value], row) => {
      expect(value).toBeCloseTo(expected[row] ?? NaN, 12);
    });
  });

  it.each([
    ['mean', 4],
    ['median', 2],
    ['zero', 0],
  ] as const)(
    'fills missing numbers with the %s, and says with an indicator that they were missing',
    (impute, filled) => {
      const options: NumericOptions = { ...numeric, scaling: 'none', impute, addIndicator: true };
      const { block, matrix } = fitted(fitNumeric(options, of('likes', [1, '', 2, 9]), 4));
      expect(dense(matrix)).toEqual(
        [
          [1, 0],
          [filled, 1],
          [2, 0],
          [9, 0],
        ].map((row) => row),
      );
      expect(names(block)).toEqual(['likes', 'likes (missing)']);
    },
  );

  it('has no indicator of a column that lacked nothing, and takes a missing number, a missing column and what is no number alike', () => {
    const { block } = fitted(fitNumeric({ ...numeric, addIndicator: true }, of('likes', [1, 3]), 2));
    expect(block.columns).toBe(1);
    const asked = block.transform(empty(4), of('likes', [null, 'many', NaN, Infinity]));
    expect(dense(asked)).toEqual([[0], [0], [0], [0]]);
    expect(dense(block.transform(empty(1), new Map()))).toEqual([[0]]);
  });

  it('leaves a constant undivided, and stays finite with the smallest and the largest numbers', () => {
    const extremes = [1e100, -1e100, 1e-300, 0];
    for (const scaling of ['none', 'standard', 'minmax', 'maxabs', 'robust'] as const) {
      const same = fitted(fitNumeric({ ...numeric, scaling }, of('likes', [0.1, 0.1, 0.1]), 3));
      expect(same.matrix.values.every((value) => Math.abs(value) <= 1)).toBe(true);
      const wide = fitted(fitNumeric({ ...numeric, scaling }, of('likes', extremes), 4));
      const narrow = fitted(fitNumeric({ ...numeric, scaling }, of('likes', [1e-300, 2e-300]), 2));
      for (const { block } of [same, wide, narrow]) {
        expect(csrProblem(block.transform(empty(4), of('likes', extremes)))).toBeUndefined();
      }
    }
  });

  it('refuses a column without any number', () => {
    const failed = fitNumeric(numeric, of('likes', ['', null]), 2);
    expect(failed.ok ? '' : failureMessage(failed.error)).toContain('the column "likes" holds no number');
  });
});

describe('a block of categories', () => {
  it('has a column for each category in order, and nothing for one that it never saw', () => {
    const { block, matrix } = fitted(fitCategories(categorical, of('channel', ['news', ' b', '', 'news', 7]), 5));
    expect(names(block)).toEqual(['channel (missing)', 'channel=7', 'channel=b', 'channel=news']);
    expect(dense(matrix).map((row) => row.indexOf(1))).toEqual([3, 2, 0, 3, 1]);
    expect(dense(block.transform(empty(3), of('channel', ['other', 'b', null])))).toEqual([
      [0, 0, 0, 0],
      [0, 0, 1, 0],
      [1, 0, 0, 0],
    ]);
  });

  it('takes rare categories together, by count or by share, which is not what it does with unknown ones', () => {
    const cells = ['a', 'a', 'a', 'b', 'b', 'c'];
    for (const minFrequency of [2, 0.3]) {
      const { block } = fitted(fitCategories({ ...categorical, minFrequency }, of('channel', cells), 6));
      expect(names(block)).toEqual(['channel=a', 'channel=b', 'channel (rare)']);
      expect(dense(block.transform(empty(2), of('channel', ['c', 'd'])))).toEqual([
        [0, 0, 1],
        [0, 0, 0],
      ]);
    }
  });

  it('as ordinal is one column of numbers, -1 for what it never saw', () => {
    const { block, matrix } = fitted(
      fitCategories({ ...categorical, encoding: 'ordinal' }, of('channel', ['b', 'a', 'c']), 3),
    );
    expect(dense(matrix)).toEqual([[1], [0], [2]]);
    expect(dense(block.transform(empty(1), of('channel', ['z'])))).toEqual([[-1]]);
  });

  it('keeps strange names apart', () => {
    const strange = [
      '__proto__',
      'constructor',
      'a\0b',
      'a\u202eb',
      '\ud800',
      '😀',
      '！',
      'é',
      'e\u0301',
      '1e999',
      'x'.repeat(1e5),
    ];
    const { block, matrix } = fitted(fitCategories(categorical, of('channel', strange), strange.length));
    expect(block.columns).toBe(strange.length);
    expect(new Set(matrix.indices).size).toBe(strange.length);
    expect(names(block).indexOf('channel=！')).toBeLessThan(names(block).indexOf('channel=😀'));
  });

  it('refuses a column that is missing in every row', () => {
    const failed = fitCategories(categorical, of('channel', ['', ' ']), 2);
    expect(failed.ok ? '' : failureMessage(failed.error)).toContain('the column "channel" holds no category');
  });

  it('holds 100,000 categories, and reads them back', { timeout: 20_000 }, () => {
    const cells = Array.from({ length: 100_000 }, (_, at) => `user ${at}`);
    const { block, matrix } = fitted(fitCategories(categorical, of('channel', cells), cells.length));
    expect(matrix.columns).toBe(100_000);
    const read = readBack(block);
    if (typeof read === 'string') throw new Error(read);
    expect(read.transform(empty(1), of('channel', ['user 77777'])).indices).toEqual(
      matrix.indices.subarray(77_777, 77_778),
    );
  });
});

const readBack = (
  block: FittedBlock,
  change: (arrays: Record<string, NumberArray>, options: Record<string, unknown>) => void = () => undefined,
) => {
  const arrays = { ...block.arrays() };
  const options = structuredClone(block.options) as Record<string, unknown>;
  change(arrays, options);
  return blockFromParts(options as never, { name: 'block0', arrays });
};

describe('a stored block', () => {
  const numbers = (): FittedBlock =>
    fitted(
      fitNumeric(
        { ...numeric, columns: ['a', 'b'], addIndicator: true },
        new Map([
          ['a', [1, '', 5]],
          ['b', [2, 3, 4]],
        ]),
        3,
      ),
    ).block;
  const categories = (): FittedBlock => fitted(fitCategories(categorical, of('channel', ['x', 'y']), 2)).block;

  it('gives the same rows, names and inputs as the one that was fitted', () => {
    const table: TableColumns = new Map<string, CellValue[]>([
      ['a', [4, null]],
      ['b', ['7', 'x']],
      ['channel', ['y', 'q']],
    ]);
    for (const block of [numbers(), categories()]) {
      const read = readBack(block);
      if (typeof read === 'string') throw new Error(read);
      expect(read.transform(empty(2), table)).toEqual(block.transform(empty(2), table));
      expect(names(read)).toEqual(names(block));
      expect(read.inputs).toEqual(block.inputs);
    }
  });

  it.each<[string, () => FittedBlock, Parameters<typeof readBack>[1], string]>([
    [
      'numbers that are too few',
      numbers,
      (arrays) => void (arrays['fill'] = new Float64Array(1)),
      'do not fit its 2 columns',
    ],
    [
      'numbers of another type',
      numbers,
      (arrays) => void (arrays['scale'] = new Float32Array(2)),
      'do not fit its 2 columns',
    ],
    ['a scale of zero', numbers, (arrays) => void (arrays['scale']![0] = 0), 'the scales of block0 are broken'],
    ['a scale below all', numbers, (arrays) => void (arrays['scale']![0] = 1e-200), 'the scales of block0 are broken'],
    [
      'a center that is no number',
      numbers,
      (arrays) => void (arrays['center']![1] = NaN),
      'the scales of block0 are broken',
    ],
    [
      'a wrong indicator',
      numbers,
      (arrays) => void (arrays['indicated']![1] = 2),
      'the indicators of block0 are broken',
    ],
    [
      'indicators that it has none of',
      numbers,
      (_, options) => void (options['addIndicator'] = false),
      'the indicators of block0 are broken',
    ],
    ['a column twice', numbers, (_, options) => void (options['columns'] = ['a', 'a']), 'names a column twice'],
    ['no column', numbers, (_, options) => void (options['columns'] = []), 'block0.columns must have 1 to'],
    ['an unknown scaling', numbers, (_, options) => void (options['scaling'] = 'magic'), 'block0.scaling must be'],
    [
      'categories that are one too few',
      categories,
      (arrays) => void (arrays['rare'] = new Uint8Array(1)),
      'the categories of block0 are broken',
    ],
    ['a category twice', categories, (arrays) => void (arrays['units']![1] = 120), 'the terms of block0 are broken'],
    ['a name that is none', categories, (_, options) => void (options['column'] = 7), 'block0.column must be a text'],
    [
      'a frequency of nothing',
      categories,
      (_, options) => void (options['minFrequency'] = -1),
      'block0.minFrequency must be',
    ],
  ])('with %s is refused', (_, make, change, problem) => {
    expect(readBack(make(), change)).toContain(problem);
  });
});

it('the example is the first row that lacks nothing, with numbers as numbers', () => {
  const inputs = [
    { name: 'likes', type: 'number' },
    { name: 'channel', type: 'string' },
  ] as const;
  const columns: TableColumns = new Map([
    ['likes', ['', '3', '4']],
    ['channel', ['a', '', 'b']],
  ]);
  const texts = ['x', 'y', 'z'];
  expect(exampleRow({ texts, columns }, inputs)).toEqual({ text: 'z', likes: 4, channel: 'b' });
  expect(exampleRow({ texts }, inputs)).toEqual({ text: 'x', likes: null, channel: null });
  expect(exampleRow({ texts, columns }, [])).toBe('x');
});

it('an example is stored with its other columns, and what is no row is refused', () => {
  const row = { likes: 3, channel: 'a', text: 'good' };
  expect(exampleToJson('good')).toEqual({ text: 'good' });
  expect(exampleFromJson(exampleToJson(row))).toEqual(row);
  expect(exampleFromJson({ text: 'a', columns: { likes: [] } })).toBeUndefined();
  expect(exampleFromJson({ text: 'a', columns: 'x' })).toBeUndefined();
});
