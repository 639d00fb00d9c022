import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseParamsFile } from '../src/config/params-file.ts';
import { failureMessage } from '../src/core/failure.ts';

const toml: Readonly<Record<string, string>> = {
  scalars: 'a = 1\nb = -2.5\nc = true\nd = "x"\ne = \'raw \\n\'\n',
  integers: 'a = 0xDEAD_beef\nb = 0o17\nc = 0b101\nd = 1_000\ne = +5\nf = -0\n',
  'big integers': 'a = 9007199254740993\nb = -9223372036854775808\nc = 9007199254740991\n',
  floats: 'a = 1e3\nb = 5E+2\nc = 6.626e-34\nd = 1_0.0_1\ne = 3.0\n',
  'not finite': 'a = inf\nb = -inf\nc = +inf\nd = nan\ne = -nan\n',
  dates: 'a = 1979-05-27T07:32:00\nb = 1979-05-27\nc = 07:32:00\nd = 1979-05-27 07:32:00\n',
  strings:
    'a = """\nx\ny"""\nb = "\\u00e9\\t\\"\\\\"\nc = \'\'\'a\'\'b\'\'\'\nd = """a \\\n   b"""\ne = """""q"""\nf = "#"\n',
  'quotes at the end': 'a = """x"""""\nb = \'\'\'y\'\'\'\'\'\n',
  'dotted keys': 'a.b.c = 1\na.d = 2\n"x.y".z = 3\n\'q "w\' = 4\na . e = 5\n3.14 = 6\n',
  tables: '[a]\nx = 1\n[a.b]\ny = 2\n[c.d.e]\nz = 3\n[c]\nw = 4\n',
  'a table after its part': '[a.b]\nx = 1\n[a]\ny = 2\n',
  'arrays of tables': '[[p]]\nn = 1\n[[p.q]]\nm = 2\n[[p.q]]\nm = 3\n[[p]]\n[p.r]\nk = 4\n',
  'inline tables': 'a = {x = 1, y.z = 2, "w v" = {q = []}}\nb = [{a = 1}, {b = [1, [2, "x"]]}]\n',
  arrays: 'a = [\n  1, # one\n  2,\n]\nb = []\nc = ["a", 1, 2.0, true]\nd = [[1], []]\n',
  blanks: '\n\n# words\r\n a = 1 # more\r\n\tb = "x#y"   \r\n',
  'strange keys': '__proto__ = 1\nconstructor = 2\n"" = 3\n[toString]\nlength = 4\n"\\u0041" = 5\n',
  empty: '# nothing\n',
  'no value': 'a =\n',
  'twice the key': 'a = 1\na = 2\n',
  'twice the table': '[a]\n[a]\n',
  'a table over a value': 'a = 1\n[a.b]\n',
  'into an inline table': 'a = {x = 1}\n[a.b]\ny = 1\n',
  'leading zero': 'a = 01\n',
  'open text': 'a = "x\n',
  'open array': 'a = [1, 2\n',
  'two on a line': 'a = 1 b = 2\n',
};

const python: Readonly<Record<string, string>> = {
  scalars: 'a = 1\nb = -2.5\nc = True\nd = None\ne = "x"\nf = +3\ng = - 1\nh = -(4)\n',
  numbers: 'a = 1_000\nb = 0xFF\nc = 0o17\nd = 0b1\ne = 1.\nf = .5\ng = 1e-5\nh = 1_0.0_1\ni = 000\nj = 1E400\n',
  'big integers': 'a = 9007199254740993\nb = -123456789012345678901234567890\n',
  'not literal':
    'a = 1 + 2\nb = --1\nc = -True\nd = not True\ne = x\nf = f()\ng = 1 < 2\nh = [x]\ni = {**x}\nj = lambda: 1\nk = (y for y in z)\n',
  texts: `a = 'it\\'s'\nb = "x" 'y'\nc = r"\\n"\nd = """l1\nl2"""\ne = "\\x41\\u00e9\\101\\q\\n"\nf = ("a"\n  "b")\ng = u"u"\nh = "a\\\nb"\n`,
  'texts that are none': 'a = f"x"\nb = f"{x}" "y"\nd = rf"{x}"\ne = 1\n',
  'formatted texts': 'a = f"{x[\'k\']:>{w}}"\nb = f"{{}}"\nc = f"{x!r:\'^10}"\nd = 2\n',
  containers:
    'a = [1, (2, 3), {"k": [None]}]\nb = (1,)\nc = ()\nd = {}\ne = {3, 1, 2}\nf = (1)\ng = 1, 2\nh = 5,\ni = set()\nj = {1: "a", 2.5: "b", False: "c", None: "d"}\n',
  'over several lines': 'a = [\n  1, # one\n\n  2,\n]\nb = 1 + \\\n  2\nc = \\\n  3\n',
  targets:
    'a = b = 1\nc, d = 1, 2\ne: int = 5\nf: int\ng[0] = 1\nh.i = 2\nself.j = 3\nself.k.l = 4\nm += 1\nn: "x: y" = 6\no: dict[str, int] = {"p": 1}\n',
  'several on a line': 'a = 1; b = 2;\nclass C: x = 1; y = 2\nif a: d = 1; e = 2\nelse: f = 3\n',
  'the last counts': 'a = 1\na = 2\na = f()\nclass B: x = 1\nclass B: y = 2\n',
  classes:
    'class A:\n  x = 1\n  class B(object):\n    y: float = 2.5\n  def m(self):\n    self.no = 1\n@deco\nclass C(A, metaclass=M):\n  "words"\n  z = 3\n',
  init: 'class A:\n  def __init__(self, a: int = 1, *b, c=lambda: 2) -> None:\n    self.x = 1\n    y = 2\n    self.z: int = 3\n    if a:\n      self.no = 4\n    class I:\n      q = 5\n    self.w = a\n',
  'init in one line': 'class A:\n  def __init__(self): self.x = 1; self.y = 2\n',
  'init at the top': 'def __init__(self):\n  self.x = 1\n',
  'async init': 'class A:\n  async def __init__(self):\n    self.x = 1\n',
  blocks:
    'if 1:\n  a = 1\nelif 2:\n  b = 2\nfor i in x:\n  c = 3\nelse:\n  d = 4\nwith x as y:\n  e = 5\ntry:\n  f = 6\nexcept E:\n  g = 7\nfinally:\n  h = 8\nmatch a:\n  case 1:\n    i = 9\nj = 10\n',
  'words that look like blocks': 'match = 1\ncase = 2\ntype = 3\n_ = 4\nprint = 5\n',
  indentation: 'class A:\n\tx = 1\n\n  # words\n\ty = 2\nclass B:\n        z = 3\n',
  'Windows line ends': 'a = 1\r\nclass A:\r\n  b = """x\r\ny"""\r\n',
  letters: 'größe = 1\nµ = 2\nclass Ⅳ:\n  x = 3\n',
  'strange names': '__proto__ = 1\nconstructor = {"__proto__": 2}\n',
  empty: '',
  'open bracket': 'a = (1\nb = 2\n',
  'open text': 'a = "x\n',
  'wrong bracket': 'a = [1)\n',
  'wrong dedent': 'if 1:\n    a = 1\n  b = 2\n',
  'wrong indent': 'a = 1\n  b = 2\n',
  'no block': 'class A:\nb = 1\n',
  'tabs and blanks': 'if 1:\n\ta = 1\n        b = 1\n',
  'leading zero': 'a = 012\n',
  'no character': 'a = ?\n',
};

const named = (format: string, file: string, texts: Readonly<Record<string, string>>) =>
  Object.entries(texts).map(([name, text]): [string, { file: string; text: string }] => [
    `${format}: ${name}`,
    { file, text },
  ]);
const cases = Object.fromEntries([...named('TOML', 'p.toml', toml), ...named('Python', 'p.py', python)]);

const peer = process.env['MLP_TEST_PYTHON'];
const hasDvc = peer !== undefined && spawnSync(peer, ['-c', 'import dvc.utils.serialize']).status === 0;
if (!hasDvc) process.stderr.write('comparison with DVC skipped: MLP_TEST_PYTHON names no Python that has dvc\n');

/** As Python prints floats that JSON lacks. */
const floatWord = (value: number): string =>
  Number.isNaN(value) ? 'float nan' : value > 0 ? 'float inf' : 'float -inf';
const told = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, member: unknown) =>
      typeof member === 'number' && !Number.isFinite(member) ? floatWord(member) : member,
    ),
  ) as unknown;

describe.skipIf(!hasDvc)('a params file', () => {
  type Theirs = Readonly<Record<string, { readonly values?: unknown; readonly refused?: string }>>;
  const input = JSON.stringify(cases);
  const theirs = hasDvc
    ? (JSON.parse(
        execFileSync(peer, [join(import.meta.dirname, 'dvc-params.py')], { input, encoding: 'utf8' }),
      ) as Theirs)
    : {};

  it.each(Object.entries(cases))('has the values that the real DVC reads from it: %s', (name, { file, text }) => {
    const expected = theirs[name] ?? {};
    const found = parseParamsFile(text, file);
    if (expected.refused === undefined)
      expect(found.ok ? told(found.value) : failureMessage(found.error)).toEqual(expected.values);
    else expect(found.ok ? found.value : 'refused', `DVC: ${expected.refused}`).toBe('refused');
  });
});
