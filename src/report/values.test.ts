import { describe, expect, it } from 'vitest';
import { styleFor } from './style.ts';
import { diffValues, valueRows, type ValuesAt } from './values.ts';
import { renderDiff, renderValues, type ValuesView } from './values-table.ts';

const head: ValuesAt = { name: 'HEAD', files: [{ file: 'm.json', values: { accuracy: 0.85014, gone: 1, n: 519 } }] };
const workspace: ValuesAt = {
  name: 'workspace',
  files: [{ file: 'm.json', values: { fresh: 0.5, accuracy: 0.85741, n: 519 } }],
};
const view: ValuesView = { kind: 'metric', markdown: false, style: styleFor(false), columns: 80 };
const names = { before: 'HEAD', after: 'workspace' };

describe('rows of values', () => {
  it('follow the order of the last state, then what only earlier ones have', () => {
    expect(valueRows([head, workspace]).map(({ key, values }) => [key, ...values])).toEqual([
      ['fresh', undefined, 0.5],
      ['accuracy', 0.85014, 0.85741],
      ['n', 519, 519],
      ['gone', 1, undefined],
    ]);
  });

  it('keep files apart', () => {
    const two: ValuesAt = { name: 'w', files: [...workspace.files, { file: 'other.json', values: { n: 1 } }] };
    expect(
      valueRows([head, two])
        .filter(({ key }) => key === 'n')
        .map(({ file }) => file),
    ).toEqual(['m.json', 'other.json']);
  });
});

describe('a difference', () => {
  it('is signed, free of floating-point dust, and there for two numbers only', () => {
    const before: ValuesAt = { name: 'a', files: [{ file: 'f', values: { x: 0.1, y: 'no', z: 1, zero: 0 } }] };
    const after: ValuesAt = { name: 'b', files: [{ file: 'f', values: { x: 0.3, y: 'yes', z: '1', zero: -0 } }] };
    expect(diffValues(before, after).map(({ key, changed, delta }) => [key, changed, delta])).toEqual([
      ['x', true, 0.2],
      ['y', true, undefined],
      ['z', true, undefined],
      ['zero', false, 0],
    ]);
  });
});

describe('the table of a diff', () => {
  it('shows what changed and counts the rest', () => {
    expect(renderDiff(diffValues(head, workspace), names, { ...view, all: false })).toBe(
      `  metric       HEAD   workspace    change
  fresh           -      0.5000       new
  accuracy   0.8501      0.8574   +0.0073
  gone            1           -   removed
  1 unchanged
`,
    );
  });

  it('shows everything when asked', () => {
    expect(renderDiff(diffValues(head, workspace), names, { ...view, all: true })).toContain(
      '\n  n             519         519\n',
    );
  });

  it('says when nothing changed, and when there is nothing', () => {
    expect(renderDiff(diffValues(head, head), names, { ...view, all: false })).toBe(
      '  no change from HEAD to workspace (3 metrics)\n',
    );
    expect(renderDiff([], names, { ...view, all: false })).toBe('  no metrics in HEAD or workspace\n');
  });

  it('is Markdown on request, with the file in every row', () => {
    const more = { name: 'workspace', files: [...workspace.files, { file: 'n.json', values: { a: 1, b: 2 } }] };
    const text = renderDiff(diffValues(head, more), names, { ...view, markdown: true, all: false });
    expect(text.split('\n').slice(0, 3)).toEqual([
      '| file | metric | HEAD | workspace | change |',
      '| --- | --- | ---: | ---: | ---: |',
      '| m.json | fresh | - | 0.5000 | new |',
    ]);
    expect(text).toContain('| n.json | b | - | 2 | new |');
  });

  it('leaves params as they are written', () => {
    const before: ValuesAt = { name: 'HEAD', files: [{ file: 'p', values: { c: 0.00001, kind: 'svm' } }] };
    const after: ValuesAt = { name: 'workspace', files: [{ file: 'p', values: { c: 0.000025, kind: 'true' } }] };
    const text = renderDiff(diffValues(before, after), names, { ...view, kind: 'param', all: false });
    expect(text).toContain('c       0.00001   0.000025    +0.000015');
    expect(text).toContain('kind    svm       "true"');
  });
});

describe('the table of values', () => {
  it('has one column a state', () => {
    expect(renderValues(valueRows([head, workspace]), ['HEAD', 'workspace'], view)).toContain(
      '  accuracy   0.8501      0.8574\n',
    );
  });

  it('says the file once when there are several', () => {
    const two = { name: 'w', files: [...workspace.files, { file: 'other.json', values: { n: 1 } }] };
    const lines = renderValues(valueRows([two]), ['w'], view).split('\n');
    expect(lines[0]).toBe('  file         metric      value');
    expect(lines[2]).toMatch(/^ {15}accuracy/);
    expect(lines[4]).toMatch(/^ {2}other\.json {3}n/);
  });
});
