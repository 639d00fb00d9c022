import { describe, expect } from 'vitest';
import { test, type Rig } from './rig.ts';

/** What the whole pipeline means after the command, as `mlp stage list --json` reads it. */
async function stages(rig: Rig): Promise<Record<string, Record<string, unknown>>> {
  const { out } = await rig.mlp('stage', 'list', '--json');
  const list = JSON.parse(out) as ({ name: string } & Record<string, unknown>)[];
  return Object.fromEntries(list.map((stage) => [stage.name, stage]));
}

const written =
  '# top\nstages:\n  a:   # first\n    cmd: echo a > a.txt\n    outs: [a.txt]\n\nmetrics: [m.json]  # end\n';

describe.concurrent('mlp stage add', () => {
  test('makes the pipeline file where there is none, with every field it was told', async ({ rig }) => {
    rig.write('params.yaml', 'a: 1\nlr: {x: 2}\n');
    const words = ['-d', 'in.txt', '-d', 'lib', '-p', 'a,lr.x', '-p', 'other.json:k,l', '-p', 'whole.yaml:'];
    const outs = ['-o', 'o', '-O', 'plain', '--outs-persist', 'kept', '--outs-persist-no-cache', 'both'];
    const shown = ['-m', 'm.json', '-M', 'n.json', '--plots', 'p.csv', '--plots-no-cache', 'q.csv'];
    const ours = ['--env', 'SEED=0', '--env', 'HOME', '--timeout', '15m', '--retries', '2'];
    const rest = ['-w', 'sub', '--desc', 'some: text', '--always-changed'];
    const command = ['python', '-c', 'print("a b")', '>', '$OUT'];
    const added = await rig.mlp('stage', 'add', '-n', 'one', ...words, ...outs, ...shown, ...ours, ...rest, ...command);
    expect(added).toMatchObject({ code: 0, err: '' });
    expect(added.out).toContain('stage one written to the new pipeline.yaml');
    expect(added.out).toContain('note: sub/in.txt does not exist yet, and no stage makes it');
    const { one } = await stages(rig);
    const out = (path: string, kind: string, cache = true, persist = false): unknown => ({
      path: `sub/${path}`,
      kind,
      cache,
      persist,
    });
    expect(one).toMatchObject({
      desc: 'some: text',
      cmd: [`python -c 'print("a b")' > $OUT`],
      wdir: 'sub',
      deps: ['sub/in.txt', 'sub/lib'],
      params: [
        { file: 'sub/params.yaml', keys: ['a', 'lr.x'] },
        { file: 'sub/other.json', keys: ['k', 'l'] },
        { file: 'sub/whole.yaml', keys: 'all' },
      ],
      outs: [
        out('o', 'out'),
        out('plain', 'out', false),
        out('kept', 'out', true, true),
        out('both', 'out', false, true),
        out('m.json', 'metric'),
        out('n.json', 'metric', false),
        out('p.csv', 'plot'),
        out('q.csv', 'plot', false),
      ],
    });
    const text = rig.read('pipeline.yaml');
    expect(text).toContain(
      '    env:\n      SEED: 0\n      HOME:\n    timeout: 15m\n    retries: 2\n    always_changed: true\n',
    );
  });

  test('leaves every other byte of the file as it is, and the stage runs', async ({ rig }) => {
    rig.write('pipeline.yaml', written);
    const added = await rig.mlp('stage', 'add', '--name', 'b', '-d', 'a.txt', '-o', 'b.txt', 'sort a.txt > b.txt');
    expect(added.code).toBe(0);
    const stage = '  b:\n    cmd: sort a.txt > b.txt\n    deps: [a.txt]\n    outs: [b.txt]\n';
    expect(rig.read('pipeline.yaml')).toBe(written.replace('\n\nmetrics', `\n${stage}\nmetrics`));
    expect(await rig.repro()).toMatchObject({ code: 0, actions: { a: 'ran', b: 'ran' } });
    expect(rig.read('b.txt')).toBe('a\n');
  });

  test('takes what follows the first word for the command, also words that look like options', async ({ rig }) => {
    await rig.mlp('stage', 'add', '-n', 'a', 'grep', '-n', 'x', '--force', 'in.txt');
    await rig.mlp('stage', 'add', '-n', 'b', '--', 'awk', '{print $1}', "it's", '');
    await rig.mlp('stage', 'add', '-n', 'c', 'echo "as it is"   $HOME');
    expect(Object.values(await stages(rig)).map(({ cmd }) => cmd)).toEqual([
      ['grep -n x --force in.txt'],
      [String.raw`awk '{print $1}' 'it'\''s' ''`],
      ['echo "as it is"   $HOME'],
    ]);
  });

  test('refuses a stage that is there, unless --force replaces it', async ({ rig }) => {
    rig.write('pipeline.yaml', written);
    const refused = await rig.mlp('stage', 'add', '-n', 'a', 'echo new');
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/has a stage "a" already\n {2}pipeline\.yaml:3:3[^]*--force/);
    expect(rig.read('pipeline.yaml')).toBe(written);
    expect((await rig.mlp('stage', 'add', '-f', '-n', 'a', '-o', 'new.txt', 'echo new > new.txt')).code).toBe(0);
    expect(rig.read('pipeline.yaml')).toBe(
      '# top\nstages:\n  a:\n    cmd: echo new > new.txt\n    outs: [new.txt]\n\nmetrics: [m.json]  # end\n',
    );
  });

  test.for([
    ['an out that another stage makes', ['-o', 'a.txt', 'echo'], 'both make a.txt'],
    ['a circle', ['-n', 'a', '-f', '-d', 'b.txt', '-o', 'a.txt', 'echo'], 'in a circle'],
    ['an out that is also a dep', ['-d', 'x', '-o', 'x', 'echo'], 'reads x and makes it'],
    ['a name with punctuation', ['-n', 'a@b', 'echo'], 'is no name for a stage'],
    ['an out outside of the workspace', ['-o', '../x', 'echo'], 'leaves the workspace'],
    ['a duration that is none', ['--timeout', 'soon', 'echo'], '"timeout" in stage "new" must be'],
    ['an empty command', [' '], 'the command is empty'],
    ['a command that is missing', [], "missing required argument 'command'"],
  ] as const)('writes nothing for %s', async ([, words, message], { rig }) => {
    const text = written.replace('\n\n', '\n  b:\n    cmd: x\n    deps: [a.txt]\n    outs: [b.txt]\n\n');
    rig.write('pipeline.yaml', text);
    const refused = await rig.mlp('stage', 'add', '-n', 'new', ...words);
    expect([refused.code, refused.out]).toEqual([2, '']);
    expect(refused.err).toContain(message);
    expect(rig.read('pipeline.yaml')).toBe(text);
  });

  test('--run runs it and what it needs; --json says what was written', async ({ rig }) => {
    rig.write('pipeline.yaml', written);
    const { out } = await rig.mlp('stage', 'add', '--json', '-n', 'c', '-d', 'missing', 'echo');
    const plain = { name: 'c', file: 'pipeline.yaml', created: false, replaced: false, missing: ['missing'] };
    expect(JSON.parse(out)).toEqual(plain);
    const ran = await rig.mlp('stage', 'add', '--run', '-n', 'b', '-d', 'a.txt', '-o', 'b.txt', 'cp a.txt b.txt');
    expect(ran.code).toBe(0);
    expect(rig.read('b.txt')).toBe('a\n');
    expect((await rig.mlp('stage', 'add', '--run', '-n', 'd', 'exit 3')).code).toBe(1);
  });

  test('keeps a byte order mark and Windows line ends', async ({ rig }) => {
    rig.write('pipeline.yaml', `\uFEFF${written.replaceAll('\n', '\r\n')}`);
    expect((await rig.mlp('stage', 'add', '-n', 'b', 'echo')).code).toBe(0);
    expect(rig.read('pipeline.yaml')).toMatch(/^\uFEFF# top\r\n[^]*\r\n {2}b:\r\n {4}cmd: echo\r\n\r\nmetrics/);
  });
});
