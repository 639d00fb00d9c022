import { WriteStream } from 'node:tty';
import { describe, expect, it } from 'vitest';
import { outputOf } from './terminal.ts';

/** A stream that says of itself what a terminal of this size does. */
const terminalOf = (columns: number | undefined, rows: number | undefined): WriteStream =>
  Object.assign(Object.create(WriteStream.prototype) as WriteStream, { isTTY: true, columns, rows });

describe('a terminal', () => {
  it('is drawn on in its own width', () => {
    const stream = terminalOf(120, 40);
    expect(outputOf(stream, {})).toMatchObject({ columns: 120, isTerminal: true, terminal: stream });
  });

  it.each([0, undefined])('that says its size is %s is 80 columns wide, and nothing redraws on it', (size) => {
    const output = outputOf(terminalOf(size, size), {});
    expect(output).toMatchObject({ columns: 80, isTerminal: true, colour: true });
    expect(output.terminal).toBeUndefined();
  });
});

describe('a pipe', () => {
  it.each([
    ['100', 100],
    ['0', 80],
    ['wide', 80],
    [undefined, 80],
  ])('with COLUMNS=%s is laid out for %i', (wanted, columns) => {
    const pipe = Object.assign(terminalOf(undefined, undefined), { isTTY: false });
    expect(outputOf(pipe, { COLUMNS: wanted })).toMatchObject({ columns, isTerminal: false });
  });
});
