import { describe, expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import type { ColumnInput } from '../../ml/columns/column.ts';
import { rowsForModel, type AskedRows } from './rows-for-model.ts';

const inputs: readonly ColumnInput[] = [
  { name: 'likes', type: 'number' },
  { name: 'channel', type: 'string' },
];
const texts = ['a', 'b'];
const table = { texts, columns: new Map([['likes', ['1', '']]]), file: 'c.csv', numbers: [2, 3] };
const alone = { texts, columns: new Map<string, string[]>(), file: '', numbers: [] };

function need(result: ReturnType<typeof rowsForModel>): AskedRows {
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}
const problem = (result: ReturnType<typeof rowsForModel>): string => (result.ok ? '' : failureMessage(result.error));

describe('rowsForModel', () => {
  it('takes the columns of the table that the model takes, and says which are missing', () => {
    expect(need(rowsForModel(table, inputs, []))).toEqual({
      rows: [
        { text: 'a', likes: '1' },
        { text: 'b', likes: '' },
      ],
      missing: ['channel'],
    });
    expect(need(rowsForModel(table, [], []))).toEqual({ rows: texts, missing: [] });
  });

  it('takes given values for every row, before those of the table', () => {
    expect(need(rowsForModel(table, inputs, ['likes=7', 'channel=a=b']))).toEqual({
      rows: texts.map((text) => ({ text, likes: '7', channel: 'a=b' })),
      missing: [],
    });
  });

  it('names the row of a cell that is no number, and the given value that is none', () => {
    const wrong = { ...table, columns: new Map([['likes', ['1', 'many']]]) };
    expect(problem(rowsForModel(wrong, inputs, []))).toBe('c.csv row 3: "many" in the column "likes" is no number');
    expect(problem(rowsForModel(alone, inputs, ['likes=1e999']))).toBe('"1e999", given for likes, is no number');
  });

  it('refuses a given name that the model does not take', () => {
    expect(problem(rowsForModel(alone, inputs, ['like=1']))).toContain('only likes, channel; did you mean "likes"?');
    expect(problem(rowsForModel(alone, [], ['like=1']))).toContain('looks at the text alone');
    expect(problem(rowsForModel(alone, inputs, ['likes']))).toContain('--with takes NAME=VALUE');
  });
});
