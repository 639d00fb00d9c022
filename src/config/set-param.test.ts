import { describe, expect, it } from 'vitest';
import { failure, failureMessage, failureNext } from '../core/failure.ts';
import { sameJson } from '../core/json.ts';
import { seededRandom } from '../core/random.ts';
import { err, ok } from '../core/result.ts';
import { parseAssignment } from './assignment.ts';
import { parseParamsFile, selectParams } from './params-file.ts';
import { editParams, setParams } from './set-param.ts';

function set(text: string, word: string, file = 'params.yaml'): string {
  const assignment = parseAssignment(word);
  if (!assignment.ok) throw new Error(failureMessage(assignment.error));
  const result = setParams(text, file, [assignment.value]);
  if (!result.ok) throw new Error(failureMessage(result.error));
  return result.value;
}
function refusal(text: string, word: string, file = 'params.yaml'): string {
  const assignment = parseAssignment(word);
  const result = assignment.ok ? setParams(text, file, [assignment.value]) : assignment;
  if (result.ok) throw new Error(`was taken: ${result.value}`);
  return `${failureMessage(result.error)} | ${failureNext(result.error)}`;
}

describe('setting a parameter', () => {
  const text = `# All parameters
data:
  path: data/comments.csv   # the file

train:
    c:    0.5      # strength
    "quoted": 'single'
    list: [1, 2]
    nested: {a: 1, b: {c: 2}}
    steps:
      - one   # first
      - two
    none:
    text: |
      several
      lines
last: 1
`;

  it.each([
    ['train.c=3', '    c:    0.5      #', '    c:    3      #'],
    ['train.c=0.30', 'c:    0.5 ', 'c:    0.30 '],
    ['data.path=other file.csv', 'data/comments.csv ', 'other file.csv '],
    ['train.quoted="x: y"', "'single'", '"x: y"'],
    ['train.list=[a,b]', '[1, 2]', '[a,b]'],
    ['train.list[1]=5', '[1, 2]', '[1, 5]'],
    ['train.list[0]=a, b', '[1, 2]', '["a, b", 2]'],
    ['train.nested.b.c=null', '{c: 2}', '{c: null}'],
    ['train.nested={x: 1}', '{a: 1, b: {c: 2}}', '{x: 1}'],
    ['train.steps[0]=zero', '- one ', '- zero '],
    ['train.steps=[]', 'steps:\n      - one   # first\n      - two\n', 'steps: []\n'],
    ['train.none=1', 'none:\n', 'none: 1\n'],
    ['train.text=short', 'text: |\n      several\n      lines\n', 'text: short\n'],
    ['last=a: b', 'last: 1', 'last: "a: b"'],
    ['last=x # y', 'last: 1', 'last: "x # y"'],
    ['last=*.csv', 'last: 1', 'last: "*.csv"'],
    ['last=- x', 'last: 1', 'last: "- x"'],
    ['last=-5', 'last: 1', 'last: -5'],
    ['last=-.inf', 'last: 1', 'last: -.inf'],
    ['last=-word', 'last: 1', 'last: -word'],
    ['last=true', 'last: 1', 'last: true'],
    ['+train.new=1', '      lines\n', '      lines\n    new: 1\n'],
    ['+train.nested.new=1', 'b: {c: 2}}', 'b: {c: 2}, new: 1}'],
    ['+train.none.deep.er=x', 'none:\n', 'none: {deep: {er: x}}\n'],
    ['+top=[1]', 'last: 1\n', 'last: 1\ntop: [1]\n'],
    ['+data.a.b=1', '# the file\n', '# the file\n  a: {b: 1}\n'],
    ['+last=2', 'last: 1', 'last: 2'],
  ])('changes nothing but its place: -S %s', (word, before, after) => {
    expect(text).toContain(before);
    expect(set(text, word)).toBe(text.replace(before, after));
  });

  it('keeps Windows line ends', () => {
    expect(set('a: 1\r\nb:\r\n  c: 2\r\n', 'b.c=3')).toBe('a: 1\r\nb:\r\n  c: 3\r\n');
    expect(set('a: 1\r\nb:\r\n  c: 2\r\n', '+b.d=3')).toBe('a: 1\r\nb:\r\n  c: 2\r\n  d: 3\r\n');
  });

  it('works without a line end at the end of the file', () => {
    expect(set('a: 1', 'a=2')).toBe('a: 2');
    expect(set('a: 1', '+b=2')).toBe('a: 1\nb: 2\n');
  });

  it('adds to an empty file and to a file of comments', () => {
    expect(set('', '+a.b=1')).toBe('a: {b: 1}\n');
    expect(set('# words\n', '+a=1')).toBe('# words\na: 1\n');
    expect(set('', '+a=1', 'p.json')).toBe('{"a": 1}\n');
  });

  it('works in JSON files', () => {
    const json = '{\n  "a": 1,\n  "b": {"c": [1, 2]}\n}\n';
    expect(set(json, 'p.json:b.c[0]=x', 'p.json')).toBe(json.replace('[1, 2]', '["x", 2]'));
    expect(set(json, 'a={x: true}', 'p.json')).toBe(json.replace('1,', '{"x": true},'));
    expect(set(json, '+b.d=2', 'p.json')).toBe(json.replace('[1, 2]}', '[1, 2], "d": 2}'));
    expect(set(json, '+e=2', 'p.json')).toBe(json.replace('}\n}', '},\n  "e": 2\n}'));
  });

  it('replaces an alias but not the value it shares', () => {
    const shared = 'base: &b\n  c: 1\none: *b\ntwo: &t 5\nthree: *t\nmerged:\n  <<: *b\n  d: 1\n';
    expect(set(shared, 'three=6')).toBe(shared.replace('*t', '6'));
    expect(refusal(shared, 'two=6')).toContain('cannot be changed alone');
    expect(refusal(shared, 'one.c=2')).toContain('cannot be changed alone');
    expect(refusal(shared, 'merged.c=2')).toContain('cannot be changed alone');
  });

  it.each([
    ['train.x=1', 'has no parameter "train.x"'],
    ['trian.c=1', '"train.c"'],
    ['trian.c=1', '-S +trian.c=VALUE adds'],
    ['train=1', 'holds several parameters'],
    ['+last.below=1', 'last is the number 1, not a map'],
    ['train.c', 'no "="'],
    ['=1', 'no key'],
    ['train.c=', 'no value'],
    ['a b=1', 'is no key'],
    ['a..b=1', 'is no key'],
    ['train.c=[1', 'open quote or bracket'],
    ['train.c={a: 1, a: 2}', 'open quote or bracket'],
  ])('is refused clearly: -S %s', (word, part) => {
    expect(refusal(text, word)).toContain(part);
  });
});

describe('setting several parameters', () => {
  const read = (file: string) =>
    file === 'params.yaml'
      ? ok('a: 1\nb: 2\n')
      : file === 'o.json'
        ? ok('{"c": 3}')
        : err(failure('not-text', { file }));

  it('gives the new text of each file', () => {
    const edited = editParams(['a=5', 'o.json:c=6', 'b=7'], read);
    expect(edited.ok && [...edited.value]).toEqual([
      ['params.yaml', 'a: 5\nb: 7\n'],
      ['o.json', '{"c": 6}'],
    ]);
  });

  it('gives nothing when one of them is wrong', () => {
    expect(editParams(['a=5', 'zzz=1'], read).ok).toBe(false);
    expect(editParams(['a=5', 'missing.yaml:c=1'], read).ok).toBe(false);
  });

  it('refuses a file it cannot write values into', () => {
    const edited = editParams(['p.py:a=1'], () => ok('a = 0'));
    expect(!edited.ok && edited.error.reason).toBe('bad-assignment');
  });
});

describe('random settings in random files', () => {
  it('change exactly the one value', () => {
    const values = ['1', '0.5', 'text', '"a: b"', 'null', '[1, 2]', 'true', '# no', "'it''s'", '- x', '{k: v}', '.nan'];
    let taken = 0;
    for (let seed = 1; seed <= 600; seed++) {
      const random = seededRandom(seed);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
      const scalars = ['1', '"x"', "'y'", 'plain words', '0x1F', '[1, 2]', '{p: 1, q: [2]}', '', '~'];
      const lines = Array.from({ length: 3 + Math.floor(random() * 4) }, (_, i) => {
        const comment = random() < 0.5 ? '   # why: because' : '';
        const inner = Array.from(
          { length: 1 + Math.floor(random() * 3) },
          (_, j) => `  k${j}: ${pick(scalars)}${comment}`,
        );
        return random() < 0.5 ? `g${i}: ${pick(scalars)}${comment}` : `g${i}:${comment}\n${inner.join('\n')}`;
      });
      const text = `${lines.join(random() < 0.5 ? '\n' : '\n\n')}\n`;
      const key =
        random() < 0.5 ? `g${Math.floor(random() * 4)}` : `g${Math.floor(random() * 4)}.k${Math.floor(random() * 4)}`;
      const assignment = parseAssignment(`${random() < 0.5 ? '+' : ''}${key}=${pick(values)}`);
      if (!assignment.ok) continue;
      const before = parseParamsFile(text, 'params.yaml');
      const edited = setParams(text, 'params.yaml', [assignment.value]);
      if (!edited.ok) expect(failureMessage(edited.error), `seed ${seed}`).not.toContain('cannot be changed alone');
      if (!edited.ok || !before.ok) continue;
      taken++;
      const after = parseParamsFile(edited.value, 'params.yaml');
      expect(after.ok && sameJson(selectParams(after.value, key), assignment.value.value), `seed ${seed}`).toBe(true);
      // A replaced map takes the comments in it along; nothing else may.
      const old = selectParams(before.value, key);
      if (typeof old === 'object' && old !== null && !Array.isArray(old)) continue;
      const comments = (source: string) => (source.match(/# why: because/g) ?? []).length;
      expect(comments(edited.value), `seed ${seed}\n${text}\n${assignment.value.text}`).toBe(comments(text));
    }
    expect(taken).toBeGreaterThan(200);
  });
});
