import { describe, expect, it } from 'vitest';
import { failureMessage } from '../core/failure.ts';
import { paramPosition, parseParamsFile, selectParams } from './params-file.ts';

const values = (text: string, file = 'params.yaml') => {
  const result = parseParamsFile(text, file);
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
};
const problem = (text: string, file = 'params.yaml') => {
  const result = parseParamsFile(text, file);
  return result.ok ? undefined : `${result.error.at?.line}:${result.error.at?.column} ${result.error.reason}`;
};

describe('a params file', () => {
  it('is read as YAML 1.2, with dates as text and not-a-number as a number', () => {
    const read = values('a: 2024-01-01\nb: .nan\nc: -.inf\nd: 1e3\ne: yes\nf: 0o17\ng: null\n');
    expect(read).toEqual({ a: '2024-01-01', b: Number.NaN, c: -Infinity, d: 1000, e: 'yes', f: 15, g: null });
  });

  it('keeps integers that a double cannot hold apart', () => {
    expect(values('a: 9007199254740993\nb: 9007199254740992\n')).toEqual({
      a: '9007199254740993',
      b: '9007199254740992',
    });
    expect(values('{"a": 9007199254740993}', 'p.json')).toEqual({ a: '9007199254740993' });
    expect(values('a: 9007199254740991\n')).toEqual({ a: 9007199254740991 });
  });

  it('is read as JSON by its name, with what Python writes for not-a-number', () => {
    const text = '{"a": [1, -2.5e3, "x\\u00e9\\n"], "b": {"c": NaN, "d": -Infinity}, "e": true, "f": null}';
    expect(values(text, 'm.json')).toEqual({
      a: [1, -2500, 'xé\n'],
      b: { c: Number.NaN, d: -Infinity },
      e: true,
      f: null,
    });
  });

  it('holds nothing when it is empty', () => {
    expect(values('')).toEqual({});
    expect(values('# only words\n')).toEqual({});
    expect(values('', 'm.json')).toEqual({});
  });

  it.each([
    ['a: [1\n', 'params.yaml', '2:1 malformed-file'],
    ['a: 1\na: 2\n', 'params.yaml', '2:1 duplicate-key'],
    ['- 1\n', 'params.yaml', '1:1 wrong-type'],
    ['{"a": 1,}', 'p.json', '1:9 malformed-file'],
    ['{"a": 01}', 'p.json', '1:7 malformed-file'],
    ['{"a": tru}', 'p.json', '1:7 malformed-file'],
    ['{"a": "x\n"}', 'p.json', '1:7 malformed-file'],
    ['{"a": 1', 'p.json', '1:1 malformed-file'],
    ['{"a": 1, "a": 2}', 'p.json', '1:10 duplicate-key'],
    ['{"a": 1} x', 'p.json', '1:10 malformed-file'],
    ['['.repeat(100_000), 'p.json', '1:202 file-too-complex'],
  ])('is refused at its place: %#', (text, file, expected) => {
    expect(problem(text, file)).toBe(expected);
  });

  it('of another kind is refused by name', () => {
    expect(problem('a = 1', 'params.ini')).toContain('unsupported-format');
  });
});

describe('a JSON file', () => {
  it('means what JSON.parse says it means', () => {
    const samples = [
      '{}',
      '[]',
      '[[],{}]',
      '{"a":{"b":[1,2,{"c":null}]}}',
      ' { "a" : -0.0e-2 , "b\\"" : "\\ud83d\\ude00" } ',
    ];
    for (const sample of samples) {
      const wrapped = `{"top": ${sample}}`;
      expect(values(wrapped, 'x.json')).toEqual(JSON.parse(wrapped));
    }
  });
});

describe('a key', () => {
  const read = values('a: {b: 1, list: [5, {x: 6}]}\n"a.b": 2\n"dotted.name": {z: 3}\nnull_one: ~\n');

  it.each([
    ['a.b', 1],
    ['a', { b: 1, list: [5, { x: 6 }] }],
    ['a.list[0]', 5],
    ['a.list[1].x', 6],
    ['a.list.1.x', 6],
    ['dotted.name.z', 3],
    ['null_one', null],
    ['a.c', undefined],
    ['a.b.c', undefined],
    ['a.list[2]', undefined],
    ['', undefined],
    ['a.', undefined],
    ['toString', undefined],
  ])('%s stands for its value', (key, expected) => {
    expect(selectParams(read, key)).toEqual(expected);
  });

  it('has a place in its file', () => {
    const text = 'train:\n  # strength\n  c: 0.5\n  sizes: [1, 22]\n';
    expect(paramPosition(text, 'params.yaml', 'train.c')).toEqual({
      file: 'params.yaml',
      line: 3,
      column: 3,
      length: 1,
    });
    expect(paramPosition(text, 'params.yaml', 'train.sizes[1]')).toMatchObject({ line: 4, column: 14, length: 2 });
    expect(paramPosition(text, 'params.yaml', 'train.d')).toBeUndefined();
  });
});
