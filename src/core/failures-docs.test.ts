import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exitCode } from './exit-code.ts';
import { failureTable } from './failure.ts';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

/** The cells of every table row of the page whose first cell matches. */
const rowsOf = (firstCell: RegExp): string[][] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.slice(1, -1).split('|'))
    .map((cells) => cells.map((cell) => cell.trim()))
    .filter(([first = '']) => firstCell.test(first));

const documented = rowsOf(/^`[a-z-]+`$/).map(([reason = '', exit, http]) => [reason.slice(1, -1), exit, http] as const);

describe('docs/errors.md', () => {
  it('has each reason of the failure table with its codes, and no other', () => {
    const inCode = Object.entries(failureTable).map(
      ([reason, row]) => [reason, String(row.exit), String(row.http ?? '-')] as const,
    );
    expect(Object.fromEntries(documented.map(([reason, ...codes]) => [reason, codes]))).toEqual(
      Object.fromEntries(inCode.map(([reason, ...codes]) => [reason, codes])),
    );
  });

  it('has each reason once', () => {
    expect(documented.map(([reason]) => reason)).toHaveLength(new Set(documented.map(([reason]) => reason)).size);
  });

  it('says of each reason what happened and what to do', () => {
    const silent = rowsOf(/^`[a-z-]+`$/).filter((cells) => cells.length !== 5 || cells.some((cell) => cell === ''));
    expect(silent).toEqual([]);
  });

  it('lists every exit code, and no other', () => {
    const listed = rowsOf(/^\d+$/).map(([code]) => Number(code));
    expect(listed).toEqual(Object.values(exitCode));
  });
});
