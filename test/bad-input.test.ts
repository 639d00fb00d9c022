import { describe, expect } from 'vitest';
import { chain, step, test, type Ended, type Rig } from './rig.ts';

/** A mistake in pipeline.yaml: what it says, where, and what to do next. */
interface Mistake {
  readonly title: string;
  readonly yaml: string;
  readonly says: string;
  readonly place: string;
  readonly next: string | RegExp;
}

const good = (more: string): string => `stages:\n  s:\n    cmd: echo s >> "$RAN"; echo 1 > o\n    outs: [o]\n${more}`;

const mistakes: readonly Mistake[] = [
  {
    title: 'malformed YAML',
    yaml: 'stages:\n  s:\n    cmd: [echo\n    outs: [o]\n',
    says: 'malformed YAML',
    place: 'pipeline.yaml:4:',
    next: '^',
  },
  {
    title: 'a tab for indentation',
    yaml: 'stages:\n\ts:\n\t\tcmd: echo\n',
    says: 'malformed YAML',
    place: 'pipeline.yaml:2:1',
    next: /tab|blanks|spaces/i,
  },
  {
    title: 'a duplicate key',
    yaml: good('  s:\n    cmd: echo 2\n'),
    says: '"s" stands here a second time; the first is at pipeline.yaml:2:3',
    place: 'pipeline.yaml:5:3',
    next: 'remove or rename one of the two',
  },
  {
    title: '71: an unknown field',
    yaml: good('    dep: [a]\n'),
    says: 'unknown field "dep" in stage "s"',
    place: 'pipeline.yaml:5:5',
    next: 'did you mean "deps"',
  },
  {
    title: 'a wrong type',
    yaml: good('    deps: {a: b}\n'),
    says: '"deps" in stage "s" must be a list of paths',
    place: 'pipeline.yaml:5:11',
    next: 'docs/pipeline-yaml.md lists every field',
  },
  {
    title: '44: a cycle',
    yaml: 'stages:\n  a: {cmd: x, deps: [3], outs: [1]}\n  b: {cmd: x, deps: [1], outs: [2]}\n  c: {cmd: x, deps: [2], outs: [3]}\n'.replace(
      /(\d)\]/g,
      'f$1]',
    ),
    says: 'the stages depend on each other in a circle: a -> b -> c -> a',
    place: 'pipeline.yaml:2:3',
    next: 'remove one of these deps',
  },
  {
    title: '45: the same out in two stages',
    yaml: good('  t:\n    cmd: echo\n    outs: [./o]\n'),
    says: 'stages "s" and "t" both make o; the first names it at pipeline.yaml:4:12',
    place: 'pipeline.yaml:7:12',
    next: 'let one stage make it',
  },
  {
    title: '45: an out inside another one',
    yaml: good('  t:\n    cmd: echo\n    outs: [o/p]\n'),
    says: 'out o/p of stage "t" lies inside out o of stage "s", named at pipeline.yaml:4:12',
    place: 'pipeline.yaml:7:12',
    next: 'give each out a place of its own',
  },
  {
    title: "45: a dep that is the stage's own out",
    yaml: good('    deps: [o]\n'),
    says: 'stage "s" reads o and makes it; the out is at pipeline.yaml:4:12',
    place: 'pipeline.yaml:5:12',
    next: 'write to another path, or remove the dep',
  },
  {
    title: '12: a dep that does not exist',
    yaml: good('    deps: [data.cvs, data.csv]\n'),
    says: 'dep data.cvs does not exist, and no stage makes it',
    place: 'pipeline.yaml:5:12',
    next: 'did you mean "data.csv"?',
  },
  {
    title: 'a param that its file lacks',
    yaml: good('    params: [train.x]\n'),
    says: 'param train.x is not in params.yaml',
    place: 'pipeline.yaml:5:14',
    next: 'did you mean "train.c"',
  },
  {
    title: 'an out outside of the project',
    yaml: good('    metrics: [../m.json]\n'),
    says: 'metrics file "../m.json" leaves the workspace',
    place: 'pipeline.yaml:5:15',
    next: 'choose a path inside it',
  },
];

/** Something to lose: a pipeline that was run, whose files must all be as they were after whatever goes wrong. */
async function builtProject(rig: Rig): Promise<() => Record<string, string>> {
  rig.write('data.csv', '1\n');
  rig.write('params.yaml', 'train: {c: 1}\n');
  rig.write('pipeline.yaml', good(''));
  expect((await rig.repro()).ran).toEqual(['s']);
  return () => {
    const kept = Object.entries(rig.tree()).filter(([path]) => !/pipeline\.yaml|state\.db/.test(path));
    return Object.fromEntries(kept);
  };
}

function expectMistake(ended: Ended, mistake: Mistake): void {
  expect(ended.err).toContain(mistake.says);
  expect(ended.err).toContain(mistake.place);
  expect(ended.err).toMatch(
    mistake.next instanceof RegExp ? mistake.next : new RegExp(mistake.next.replace(/[\^?[\].]/g, '\\$&')),
  );
  expect(ended).toMatchObject({ code: 2, out: '' });
}

describe.concurrent('a mistake in pipeline.yaml', () => {
  for (const [half, some] of [mistakes.slice(0, 6), mistakes.slice(6)].entries()) {
    test(`is told with its place and the next step, exits 2, and nothing is lost (${half + 1}: ${some.map(({ title }) => title).join('; ')})`, async ({
      rig,
    }) => {
      const kept = await builtProject(rig);
      const before = kept();
      for (const mistake of some) {
        rig.write('pipeline.yaml', mistake.yaml);
        expectMistake(await rig.mlp('repro'), mistake);
      }
      rig.write('pipeline.yaml', some[0]?.yaml ?? '');
      expect((await rig.mlp('status')).code).toBe(2);
      expect([kept(), rig.ran()]).toEqual([before, []]);
    });
  }
});

describe.concurrent('a mistake on the command line', () => {
  const cases: [words: string[], says: RegExp, next: RegExp][] = [
    [['repor'], /unknown command "repor"/, /did you mean "repro"\?/],
    [['repro', '--forse'], /unknown option '--forse'/, /--force|mlp repro --help/],
    [['repro', '-j', '0'], /0/, /mlp repro --help/],
    [['repro', 'sx'], /no stage, group or out is called "sx"/, /did you mean/],
    [
      ['repro', '-S', 'train.d=1'],
      /params\.yaml has no parameter "train\.d"/,
      /did you mean "train\.c".*-S \+train\.d=VALUE/,
    ],
    [['repro', '-S', 'train.c'], /cannot take -S train\.c/, /-S key\.below=value/],
    [['repro', '-S', 'train.c=[1'], /-S train\.c=\[1/, /next/],
    [['repro', '-f', 'nowhere.yaml'], /there is no pipeline file nowhere\.yaml/, /correct what -f names/],
  ];
  for (const [half, some] of [cases.slice(0, 4), cases.slice(4)].entries()) {
    test(`exits 2 with what was meant and the next step, and changes nothing (${half + 1})`, async ({ rig }) => {
      const kept = await builtProject(rig);
      const before = kept();
      for (const [words, says, next] of some) {
        const ended = await rig.mlp(...words);
        expect(ended.err).toMatch(says);
        expect(ended.err).toMatch(next);
        expect([words, ended.out]).toEqual([words, '']);
        expect([words, ended.code]).toEqual([words, 2]);
      }
      expect([kept(), rig.ran()]).toEqual([before, []]);
    });
  }

  test('outside of any project the next step is mlp init', async ({ rig }) => {
    const ended = await rig.mlp('repro');
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(/no pipeline\.yaml or dvc\.yaml in .*\n.*mlp init/);
    expect(rig.tree()).toEqual({});
  });
});

describe.concurrent('a damaged pipeline.lock', () => {
  test('stops repro and status with exit 2 and a way out, and is not replaced', async ({ rig }) => {
    rig.write('in.txt', '');
    rig.write('other.txt', '');
    rig.pipeline(chain);
    await rig.repro();
    const lock = rig.read('pipeline.lock');
    const damaged: [string, RegExp][] = [
      [lock.slice(0, lock.length / 2), /entry of stage "\w" is not whole/],
      ['stages: [', /cannot be read/],
      [lock.replace(/hash: \w/, 'hash: !'), /not whole|cannot be read/],
      [lock.replace("schema: '1'", "schema: '99'"), /written by a newer mlp \(schema 99\)/],
      ['\0\u0001', /cannot be read|no UTF-8 text/],
    ];
    for (const [text, says] of damaged) {
      rig.write('pipeline.lock', text);
      const ended = await rig.mlp('repro');
      expect(ended.err).toMatch(says);
      expect(ended.err).toMatch(/next: /);
      expect([text, ended.code, rig.read('pipeline.lock')]).toEqual([text, 2, text]);
    }
    expect((await rig.mlp('status')).code).toBe(2);
    rig.remove('pipeline.lock');
    rig.ran();
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
    expect(rig.read('pipeline.lock')).toBe(lock);
  });
});

describe.concurrent('a mistake in a params file', () => {
  test('is told with its place', async ({ rig }) => {
    rig.pipeline({ s: { cmd: step('s', 'echo 1 > o'), params: ['a'], outs: ['o'] } });
    const texts: [string, RegExp][] = [
      ['a: 1\na: 2\n', /"a" stands here a second time.*\n +params\.yaml:2:1/],
      ['a: [1\n', /malformed YAML.*\n +params\.yaml:/],
      ['- a\n', /must be a map of parameters, but is a list\n +params\.yaml:1:1/],
    ];
    for (const [text, says] of texts) {
      rig.write('params.yaml', text);
      const ended = await rig.mlp('repro');
      expect(ended.err).toMatch(says);
      expect(ended).toMatchObject({ code: 2, out: '' });
    }
    rig.remove('params.yaml');
    expect((await rig.mlp('repro')).err).toContain('param a is not in params.yaml');
    expect(rig.ran()).toEqual([]);
  });
});
