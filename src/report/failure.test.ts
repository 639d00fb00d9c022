import { describe, expect, it } from 'vitest';
import { failure } from '../core/failure.ts';
import type { SourceRange } from '../core/source-range.ts';
import { displayWidth } from './display-width.ts';
import { renderFailure, renderFailures } from './failure.ts';
import { styleFor } from './style.ts';

const pipeline = ['stages:', '  train:', '    cmd: node train.js', '    dep: [train.js]'];
const unknownField = (at?: SourceRange, near: readonly string[] = ['deps']) =>
  failure('unknown-field', { field: 'dep', owner: 'stage "train"', near }, { at });
const viewOf = (lines: readonly string[] | undefined, columns = 80) => ({
  style: styleFor(false),
  columns,
  readLines: (file: string) => (file === 'pipeline.yaml' ? lines : undefined),
});
const at = (line: number, column: number, length: number): SourceRange => ({
  file: 'pipeline.yaml',
  line,
  column,
  length,
});
/** What the caret underlines, read off the picture by column. */
const underlined = (text: string): string => {
  const lines = text.split('\n');
  const caretLine = lines.findIndex((line) => /^ +\| *\^/.test(line));
  const caret = lines[caretLine] ?? '';
  const from = caret.indexOf('^');
  const length = /\^+/.exec(caret)?.[0].length ?? 0;
  let column = 0;
  let found = '';
  for (const character of lines[caretLine - 1] ?? '') {
    if (column >= from && column < from + length) found += character;
    column += displayWidth(character);
  }
  return found;
};

describe('renderFailure', () => {
  it('shows the message, the place, the line with the one above it, a caret and the hint', () => {
    expect(renderFailure(unknownField(at(4, 5, 3)), viewOf(pipeline))).toBe(
      [
        'error: unknown field "dep" in stage "train"',
        '  pipeline.yaml:4:5',
        '  3 |     cmd: node train.js',
        '  4 |     dep: [train.js]',
        '    |     ^^^ did you mean "deps"?',
        '',
      ].join('\n'),
    );
  });

  it('puts a hint that does not fit beside the caret on its own line', () => {
    const text = renderFailure(unknownField(at(4, 5, 3), []), viewOf(pipeline, 40));
    expect(text.split('\n').slice(-3)).toEqual([
      '    |     ^^^',
      '  next: docs/pipeline-yaml.md lists every field',
      '',
    ]);
  });

  it('shows the place alone when the file cannot be read or is shorter', () => {
    for (const lines of [undefined, ['one line']]) {
      expect(renderFailure(unknownField(at(4, 5, 3)), viewOf(lines))).toBe(
        'error: unknown field "dep" in stage "train"\n  pipeline.yaml:4:5\n  next: did you mean "deps"?\n',
      );
    }
  });

  it('needs no place', () => {
    expect(renderFailure(failure('no-workspace', { folder: '/home/x' }), viewOf(undefined))).toBe(
      'error: no pipeline.yaml or dvc.yaml in /home/x or above it\n  next: mlp init makes a working project\n',
    );
  });

  it('aligns line numbers of different length', () => {
    const lines = Array.from({ length: 10 }, (_, i) => `line ${i + 1}`);
    expect(
      renderFailure(unknownField(at(10, 1, 4)), viewOf(lines))
        .split('\n')
        .slice(2, 5),
    ).toEqual(['   9 | line 9', '  10 | line 10', '     | ^^^^ did you mean "deps"?']);
  });

  it.each([
    ['after a tab', '\tdep: x', 2],
    ['after wide characters', '# 日本語 dep: x', 7],
    ['after a surrogate pair', '"🎉" dep: x', 6],
    ['after 5,000 characters', `${'x'.repeat(5000)} dep: ${'y'.repeat(5000)}`, 5002],
  ])('points the caret at the fault %s', (_, line, column) => {
    const text = renderFailure(unknownField(at(1, column, 3)), viewOf([line]));
    expect(underlined(text)).toBe('dep');
    for (const shown of text.split('\n')) expect(displayWidth(shown)).toBeLessThanOrEqual(80);
  });

  it('keeps a caret within the terminal when the fault itself is longer', () => {
    const text = renderFailure(unknownField(at(1, 3, 500)), viewOf([`  ${'z'.repeat(600)}`], 60));
    for (const shown of text.split('\n')) expect(displayWidth(shown)).toBeLessThanOrEqual(60);
    expect(underlined(text)).toMatch(/^z+…$/);
  });

  it('points behind the last character when something is missing at the end of a line', () => {
    const text = renderFailure(unknownField(at(1, 5, 1)), viewOf(['cmd:']));
    expect(text).toContain('  1 | cmd:\n    |     ^ did');
  });

  it('lets no escape code of the file through to the terminal', () => {
    expect(renderFailure(unknownField(at(1, 1, 1)), viewOf(['a\u001b[31mred\u0007']))).not.toMatch(/\u001b|\u0007/);
  });

  it('adds only colour when colour is asked for', () => {
    const plain = renderFailure(unknownField(at(4, 5, 3)), viewOf(pipeline));
    const coloured = renderFailure(unknownField(at(4, 5, 3)), { ...viewOf(pipeline), style: styleFor(true) });
    expect(coloured).not.toBe(plain);
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });
});

it('separates several failures by a blank line and counts those past ten', () => {
  const text = renderFailures(
    Array.from({ length: 12 }, (_, i) => failure('no-workspace', { folder: `/${i}` })),
    viewOf(undefined),
  );
  expect(text.match(/^error:/gm)).toHaveLength(10);
  expect(text.endsWith('\n\n2 more errors\n')).toBe(true);
});
