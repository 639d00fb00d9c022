import { describe, expect, it } from 'vitest';
import { failureMessage } from '../../core/failure.ts';
import { seededRandom } from '../../core/random.ts';
import { parseAssignment } from '../assignment.ts';
import { paramPosition, parseParamsFile } from '../params-file.ts';
import { setParams } from '../set-param.ts';

const read = (text: string) => {
  const result = parseParamsFile(text, 'params.py');
  return result.ok ? result.value : `${result.error.at?.line}:${result.error.at?.column} ${result.error.reason}`;
};

describe('a Python params file', () => {
  it('gives what its top, its classes and __init__ assign to literals', () => {
    const text = `import os
LR = 0.1  # steep
SIZES = (1, 2)
WORDS = {"b", "a"}
PATH = os.path.join("a", "b")
class Train:
    epochs: int = 10
    class Inner: depth = -3
    def __init__(self, x=lambda: 1):
        self.seed = 0x10
        local = 5
        if x:
            self.hidden = 1
    def other(self):
        self.no = 1
if LR:
    NOT_HERE = 1
`;
    expect(read(text)).toEqual({
      LR: 0.1,
      SIZES: [1, 2],
      WORDS: ['a', 'b'],
      Train: { epochs: 10, Inner: { depth: -3 }, seed: 16 },
    });
    expect(paramPosition(text, 'params.py', 'Train.seed')).toMatchObject({ line: 10, column: 14, length: 4 });
  });

  it.each([
    ['a = (1\nb = 2\n', '1:5 malformed-file'],
    ['a = "x\n', '1:5 malformed-file'],
    ['a = """x\n', '1:5 malformed-file'],
    ['a = [1)\n', '1:7 malformed-file'],
    ['if 1:\n    a = 1\n  b = 2\n', '3:3 malformed-file'],
    ['  a = 1\n', '1:3 malformed-file'],
    ['class A:\nb = 1\n', '2:1 malformed-file'],
    ['if 1:\n\ta = 1\n        b = 1\n', '3:9 malformed-file'],
    ['a = 012\n', '1:5 malformed-file'],
    ['a = $\n', '1:5 malformed-file'],
    [`a = ${'('.repeat(50_000)}`, '1:205 file-too-complex'],
    ['f"{'.repeat(50_000), '1:604 file-too-complex'],
    [`a = ${'9'.repeat(50_000)}`, '1:5 file-too-complex'],
    [`a = "${'x'.repeat(300_000)}"`, '1:1 file-too-complex'],
  ])('is refused at its place: %#', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('is never changed', () => {
    const assignment = parseAssignment('params.py:a=1');
    const result = assignment.ok ? setParams('a = 2\n', 'params.py', [assignment.value]) : assignment;
    expect(result.ok ? '' : failureMessage(result.error)).toContain('reads but never changes');
  });

  it('may be damaged in any way without an exception', () => {
    const sound =
      'class A(B):\n  x: int = {"a": (1, -2.5)}\n  def __init__(self):\n    self.y = f"{x!r:>{w}}" "s"\nb = 1; c = [r"\\n"]\n';
    const random = seededRandom(4);
    const pieces = [
      '"',
      "'''",
      '(',
      '}',
      ':',
      '\n',
      '\n  ',
      '\t',
      '\\',
      ';',
      '=',
      'class ',
      'def __init__',
      'self.',
      '#',
      ',',
      'f"{',
    ];
    for (let round = 0; round < 3000; round++) {
      let text = sound;
      for (let edits = 0; edits < 3; edits++) {
        const at = Math.floor(random() * text.length);
        text =
          text.slice(0, at) +
          (pieces[Math.floor(random() * pieces.length)] ?? '') +
          text.slice(at + Math.floor(random() * 3));
      }
      expect(['string', 'object']).toContain(typeof read(text));
    }
  });
});
