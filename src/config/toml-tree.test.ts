import { describe, expect, it } from 'vitest';
import { failureMessage } from '../core/failure.ts';
import { parseAssignment } from './assignment.ts';
import { paramPosition, parseParamsFile } from './params-file.ts';
import { setParams } from './set-param.ts';

const file = 'params.toml';
const problem = (text: string): string => {
  const result = parseParamsFile(text, file);
  return result.ok ? 'none' : `${result.error.at?.line}:${result.error.at?.column} ${result.error.reason}`;
};
function set(text: string, word: string): string {
  const assignment = parseAssignment(word);
  if (!assignment.ok) return failureMessage(assignment.error);
  const result = setParams(text, file, [assignment.value]);
  return result.ok ? result.value : failureMessage(result.error);
}

const text = `# Parameters
seed = 20_250   # start
name = "svm"
when = 1979-05-27 07:32:00
model.c = 0.5
inline = { a = 1, b = [1, 2] }
empty = {}

[train]
  rate = 1e-3  # steep
  "odd key" = 'x'

[train.deep]
on = true

[[layers]]
size = 8
[[layers]]
size = 16
`;

describe('a TOML params file', () => {
  it.each([
    ['seed', 2, 1],
    ['model.c', 5, 7],
    ['inline.b[1]', 6, 27],
    ['train.rate', 10, 3],
    ['train.odd key', 11, 3],
    ['train.deep.on', 14, 1],
    ['layers[1].size', 19, 1],
    ['train', 9, 2],
  ])('has a place for %s', (key, line, column) => {
    expect(paramPosition(text, file, key)).toMatchObject({ file, line, column });
  });

  it.each([
    ['a = ', '1:5 malformed-file'],
    ['a = 1\na = 2', '2:1 malformed-file'],
    [`a = ${'['.repeat(50_000)}`, '1:205 file-too-complex'],
    [`${'a.'.repeat(5000)}b = 1`, '1:1 file-too-complex'],
    [`[${'a.'.repeat(5000)}b]`, '1:402 file-too-complex'],
    [`a = ${'9'.repeat(50_000)}`, '1:5 file-too-complex'],
    [`a = "${'x'.repeat(300_000)}"`, '1:1 file-too-complex'],
    ['a = "x\n"', '1:7 malformed-file'],
  ])('is refused at its place: %#', (broken, expected) => {
    expect(problem(broken)).toBe(expected);
  });

  it.each([
    ['seed=7', 'seed = 20_250 ', 'seed = 7 '],
    ['name=new one', '"svm"', '"new one"'],
    ['name=2024-01-01', '"svm"', '"2024-01-01"'],
    ['when=2024-01-01', '1979-05-27 07:32:00', '2024-01-01'],
    ['model.c=.5', 'model.c = 0.5', 'model.c = 0.5'],
    ['model.c=.inf', 'model.c = 0.5', 'model.c = inf'],
    ['inline.b[1]=9', '[1, 2]', '[1, 9]'],
    ['inline={x: [a, 1]}', '{ a = 1, b = [1, 2] }', '{ x = ["a", 1] }'],
    ['train.rate=0.10', 'rate = 1e-3  #', 'rate = 0.10  #'],
    ['layers[1].size=32', 'size = 16', 'size = 32'],
    ['+train.new=x', "'x'\n", '\'x\'\n  new = "x"\n'],
    ['+inline.new=1', 'b = [1, 2] }', 'b = [1, 2], new = 1 }'],
    ['+empty.new=1', 'empty = {}', 'empty = { new = 1 }'],
    ['+model.d=1', 'model.c = 0.5\n', 'model.c = 0.5\nmodel.d = 1\n'],
    ['+top.of.it=1', 'empty = {}\n', 'empty = {}\ntop.of.it = 1\n'],
  ])('changes nothing but its place: -S params.toml:%s', (word, before, after) => {
    const full = word.startsWith('+') ? `+${file}:${word.slice(1)}` : `${file}:${word}`;
    expect(text).toContain(before);
    expect(set(text, full)).toBe(text.replace(before, after));
  });

  it('refuses to be given what it cannot say', () => {
    expect(set(text, `${file}:seed=null`)).toContain('TOML has no way to write "nothing"');
    expect(set(text, `${file}:train={a: 1}`)).toContain('cannot be changed alone');
  });
});
