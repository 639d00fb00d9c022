import { describe, expect } from 'vitest';
import { chain, step, test, type Rig } from './rig.ts';

const words = ['-j', '1'];

function project(rig: Rig): void {
  rig.write('in.txt', '1\n');
  rig.write('other.txt', 'x\n');
  rig.pipeline(chain);
}

describe.concurrent('what runs', () => {
  test('36: a target selects its ancestors; names, outs and globs all name stages', async ({ rig }) => {
    project(rig);
    expect((await rig.repro(...words, 'c')).ran).toEqual(['c']);
    expect((await rig.repro(...words, 'b.txt')).ran).toEqual(['a', 'b']);
    rig.write('in.txt', '2\n');
    rig.write('other.txt', 'y\n');
    expect((await rig.repro(...words, '[bc]')).ran).toEqual(['a', 'b', 'c']);
    expect(Object.keys(await rig.status('b'))).toEqual(['a', 'b']);
  });

  test('32: --force runs the targets and their ancestors, and nothing else', async ({ rig }) => {
    project(rig);
    await rig.repro();
    expect((await rig.repro(...words, '--force', 'b')).ran).toEqual(['a', 'b']);
    expect((await rig.repro(...words, '--force')).ran).toEqual(['a', 'b', 'c']);
    expect((await rig.repro()).ran).toEqual([]);
  });

  test('37 and 38: --dry runs nothing, changes no file, and tells what would run and what may', async ({ rig }) => {
    project(rig);
    rig.write('params.yaml', 'p: 1\n');
    const files = rig.tree();
    const dry = await rig.mlp('repro', '--dry', '-S', 'p=2');
    expect(dry.code).toBe(0);
    expect(dry.out).toMatch(/a +would run +never run\n.*b +would run +never run, after a\n.*c +would run +never run/);
    expect(rig.ran()).toEqual([]);
    const kept = Object.entries(rig.tree()).filter(
      ([path]) => !path.startsWith('.mlp/state.db') && path !== '.mlp/.gitignore',
    );
    expect(Object.fromEntries(kept)).toEqual(files);
    await rig.repro(...words);
    rig.write('in.txt', '2\n');
    const changed = await rig.mlp('repro', '-n');
    expect(changed.out).toMatch(
      /a +would run +dep in\.txt changed\n.*b +may run +if a changes its input\n.*c +up to date/,
    );
    expect(rig.ran()).toEqual([]);
  });

  test('72: status as JSON is the plan, and --check exits with 3 when something is stale', async ({ rig }) => {
    project(rig);
    expect((await rig.mlp('status', '--check')).code).toBe(3);
    await rig.repro();
    expect((await rig.mlp('status', '--check')).code).toBe(0);
    expect(await rig.status()).toMatchObject({
      a: { action: 'skip', reasons: [] },
      b: { action: 'skip', reasons: [] },
    });
    rig.write('in.txt', '2\n');
    expect((await rig.mlp('status', '--check', 'c')).code).toBe(0);
    const stale = await rig.mlp('status', '--check');
    expect(stale.code).toBe(3);
    expect(stale.out).toContain('next: mlp repro');
    expect(await rig.status()).toMatchObject({
      a: { action: 'run', certain: true, reasons: [{ kind: 'dep-changed', path: 'in.txt' }] },
      b: { action: 'run', certain: false, reasons: [{ kind: 'upstream', stage: 'a' }] },
    });
  });

  test('74: lock entries are sorted and stay where they are when pipeline.yaml is reordered', async ({ rig }) => {
    project(rig);
    await rig.repro();
    const lock = rig.read('pipeline.lock');
    expect([...lock.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name)).toEqual(['a', 'b', 'c']);
    const { a, b, c } = chain;
    rig.pipeline({ c, b: { outs: b.outs, deps: b.deps, cmd: b.cmd }, a });
    expect((await rig.repro()).ran).toEqual([]);
    rig.remove('pipeline.lock');
    await rig.repro();
    expect(rig.read('pipeline.lock')).toBe(lock);
  });

  test('-S writes the parameter, keeps comments, and what it reaches runs', async ({ rig }) => {
    rig.write('params.yaml', '# settings\ntrain:\n  c: 1 # strength\n');
    rig.pipeline({ t: { cmd: step('t', 'echo "$MLP_PARAMS_JSON" > t'), params: ['train.c'], outs: ['t'] } });
    await rig.repro();
    expect((await rig.repro('-S', 'train.c=3')).ran).toEqual(['t']);
    expect(rig.read('params.yaml')).toBe('# settings\ntrain:\n  c: 3 # strength\n');
    expect(rig.read('t')).toBe('{"train":{"c":3}}\n');
    expect((await rig.repro('-S', 'train.c=1')).actions).toEqual({ t: 'restored' });
  });

  test('-S that cannot be planned with leaves the params file as it was, to the byte, and says so', async ({ rig }) => {
    const before = '\ufeff# settings\r\nfile: in.txt\r\n';
    rig.write('params.yaml', before);
    rig.write('in.txt', '1');
    const stage = { cmd: step('t', 'cp ${file} t'), deps: ['${file}'], outs: ['t'] };
    rig.pipeline({ t: stage });
    await rig.repro();
    const missing = await rig.repro('-S', 'file=nope.txt');
    expect(missing).toMatchObject({ code: 2, ran: [] });
    expect(missing.err).toContain('nothing ran: params.yaml as before');
    expect(rig.read('params.yaml')).toBe(before);
    rig.pipeline({ t: stage, u: { ...stage, outs: ['t'] } });
    expect((await rig.repro('-S', 'file=other.txt')).code).toBe(2);
    expect(rig.read('params.yaml')).toBe(before);
  });

  test('-S is written for stages that depend on the whole file, and when nothing reads the key', async ({ rig }) => {
    rig.write('params.yaml', 'a: 1\nb: 1\n');
    const whole = { cmd: step('whole', 'cp params.yaml w'), deps: ['params.yaml'], outs: ['w'] };
    rig.pipeline({ whole });
    await rig.repro();
    expect((await rig.repro('-S', 'a=2')).ran).toEqual(['whole']);
    expect(rig.read('w')).toBe('a: 2\nb: 1\n');
    expect((await rig.repro()).ran).toEqual([]);
    rig.pipeline({ whole: { ...whole, cmd: step('whole', 'echo > w'), deps: [], params: ['a'] } });
    await rig.repro();
    expect((await rig.repro('-S', 'b=3')).ran).toEqual([]);
    expect(rig.read('params.yaml')).toBe('a: 2\nb: 3\n');
  });

  test('51: independent stages run side by side', async ({ rig }) => {
    const meet = (name: string, other: string): string =>
      step(name, `touch ../${name}; until test -e ../${other}; do sleep 0.02; done; echo 1 > ${name}`);
    rig.pipeline({
      left: { cmd: meet('left', 'right'), outs: ['left'], timeout: 30 },
      right: { cmd: meet('right', 'left'), outs: ['right'], timeout: 30 },
    });
    expect(await rig.repro('-j', '2')).toMatchObject({ code: 0, actions: { left: 'ran', right: 'ran' } });
  });

  test('73: of two hundred small stages all are in the lock file at the end', async ({ rig }) => {
    const names = Array.from({ length: 200 }, (_, i) => `s${i}`);
    rig.pipeline(Object.fromEntries(names.map((name) => [name, { cmd: `echo ${name} > ${name}`, outs: [name] }])));
    const { code, actions } = await rig.repro('-j', '2');
    expect([code, Object.values(actions).length]).toEqual([0, 200]);
    expect(rig.read('pipeline.lock').match(/^ {2}s\d+:/gm)).toHaveLength(200);
    expect((await rig.mlp('repro')).out).toContain('200 stages up to date');
  });
});
