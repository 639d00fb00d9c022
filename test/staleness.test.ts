import { describe, expect } from 'vitest';
import { chain, step, test, type Rig } from './rig.ts';

const kinds = async (rig: Rig, stage: string): Promise<string[] | undefined> =>
  (await rig.status())[stage]?.reasons.map(({ kind }) => kind);

async function builtChain(rig: Rig): Promise<void> {
  rig.write('in.txt', '1\n');
  rig.write('other.txt', 'x\n');
  rig.pipeline(chain);
  expect((await rig.repro('-j', '1')).ran).toEqual(['a', 'b', 'c']);
}

describe.concurrent('what makes a stage stale', () => {
  test('1: a second run with nothing changed executes nothing and says so', async ({ rig }) => {
    await builtChain(rig);
    const lock = rig.read('pipeline.lock');
    const again = await rig.mlp('repro');
    expect(again).toMatchObject({ code: 0, err: '' });
    expect(again.out).toMatch(/^ {2}3 stages up to date \(\d+\.\d\ds\)\n$/);
    expect(rig.ran()).toEqual([]);
    expect(rig.read('pipeline.lock')).toBe(lock);
  });

  test('2 and 4: a changed data file re-runs the stages that it reaches, and the final bytes are right', async ({
    rig,
  }) => {
    await builtChain(rig);
    rig.write('in.txt', '2\n');
    const changed = await rig.repro();
    expect(changed.ran).toEqual(['a', 'b']);
    expect(changed.actions).toEqual({ a: 'ran', b: 'ran', c: 'unchanged' });
    expect(rig.read('b.txt')).toBe('2\na\nb\n');
  });

  test('3: a changed script re-runs only the stage that lists it as a dep', async ({ rig }) => {
    rig.write('one.sh', step('one', 'echo 1 > one.txt'));
    rig.write('two.sh', step('two', 'echo 2 > two.txt'));
    rig.pipeline({
      one: { cmd: 'sh one.sh', deps: ['one.sh'], outs: ['one.txt'] },
      two: { cmd: 'sh two.sh', deps: ['two.sh'], outs: ['two.txt'] },
    });
    await rig.repro();
    rig.write('two.sh', step('two', 'echo 3 > two.txt'));
    expect((await rig.repro()).ran).toEqual(['two']);
    expect(rig.read('two.txt')).toBe('3\n');
  });

  test('5: a stage whose upstream ran and wrote the same bytes is skipped', async ({ rig }) => {
    rig.write('in.txt', 'B b\n');
    rig.pipeline({
      upper: { cmd: step('upper', 'tr a-z A-Z < in.txt > upper.txt'), deps: ['in.txt'], outs: ['upper.txt'] },
      copy: { cmd: step('copy', 'cp upper.txt copy.txt'), deps: ['upper.txt'], outs: ['copy.txt'] },
    });
    await rig.repro();
    rig.write('in.txt', 'b B\n');
    expect((await rig.status())['copy']).toMatchObject({
      action: 'run',
      certain: false,
      reasons: [{ kind: 'upstream', stage: 'upper' }],
    });
    const changed = await rig.repro();
    expect(changed.ran).toEqual(['upper']);
    expect(changed.actions).toEqual({ upper: 'ran', copy: 'unchanged' });
    expect((await rig.repro()).ran).toEqual([]);
  });

  test('6: a changed command re-runs once, and status tells the old one and the new one', async ({ rig }) => {
    await builtChain(rig);
    const cmd = step('c', '{ cat other.txt; echo C; } > c.txt');
    rig.pipeline({ ...chain, c: { ...chain.c, cmd } });
    expect((await rig.status())['c']?.reasons).toEqual([{ kind: 'cmd-changed', was: [chain.c.cmd], now: [cmd] }]);
    expect((await rig.repro()).ran).toEqual(['c']);
    expect((await rig.repro()).ran).toEqual([]);
  });

  test('7, 8, 9, 10: a dep or out that is added, moved or removed in the definition makes the stage stale', async ({
    rig,
  }) => {
    await builtChain(rig);
    const { c } = chain;
    rig.write('copy.txt', 'x\n');
    const definitions: [Record<string, unknown>, string[]][] = [
      [{ ...c, deps: ['other.txt', 'in.txt'] }, ['dep-added']],
      [{ ...c, deps: ['other.txt'] }, ['dep-removed']],
      [{ ...c, deps: ['copy.txt'] }, ['dep-added', 'dep-removed']],
      [
        { ...c, deps: ['copy.txt'], cmd: `${c.cmd}; echo d > d.txt`, outs: ['c.txt', 'd.txt'] },
        ['cmd-changed', 'out-added'],
      ],
      [{ ...c, deps: ['copy.txt'], cmd: `${c.cmd}; echo d > d.txt`, outs: ['c.txt'] }, ['out-removed']],
    ];
    for (const [definition, expected] of definitions) {
      rig.pipeline({ ...chain, c: definition });
      expect(await kinds(rig, 'c')).toEqual(expected);
      expect((await rig.repro('--force', 'c')).ran).toEqual(['c']);
      expect(await kinds(rig, 'c')).toEqual([]);
    }
  });

  test('43: an out that becomes a metric, or an uncached one, and back is not stale', async ({ rig }) => {
    rig.pipeline({ m: { cmd: step('m', 'echo "{}" > m.json'), outs: ['m.json'] } });
    await rig.repro();
    const others = [{ metrics: ['m.json'] }, { metrics: [{ 'm.json': { cache: false } }] }, { plots: ['m.json'] }];
    for (const kind of others) {
      rig.pipeline({ m: { cmd: step('m', 'echo "{}" > m.json'), ...kind } });
      expect((await rig.repro()).ran).toEqual([]);
    }
  });
});

describe.concurrent('params', () => {
  const withParams = (params: unknown): Record<string, { cmd: string; params: unknown; outs: string[] }> => ({
    p: { cmd: step('p', 'echo done > p.txt'), params, outs: ['p.txt'] },
  });

  test('16 and 17: of several params files only the listed keys count, by value and not by how they are written', async ({
    rig,
  }) => {
    rig.write('params.yaml', 'train: {c: 0.5, layers: [1, 2]}\nother: 1\n');
    rig.write('more.json', '{"seed": 7, "unused": 1}');
    rig.write('all.yaml', 'x: 1\n');
    rig.pipeline(withParams(['train', { 'more.json': ['seed'] }, { 'all.yaml': null }]));
    await rig.repro();
    rig.write('params.yaml', '# a comment\nother: 2\ntrain:\n  layers:\n    - 1\n    - 2\n  c: 5.0e-1\n');
    rig.write('more.json', '{\n"unused": 2, "seed": 7.0}');
    rig.write('all.yaml', '---\n"x": 0x1 # one\n');
    expect((await rig.repro()).ran).toEqual([]);
    rig.write('params.yaml', 'train: {c: 0.25, layers: [1, 2]}\n');
    rig.write('more.json', '{"seed": 8}');
    rig.write('all.yaml', 'x: 1\ny: 2\n');
    expect((await rig.status())['p']?.reasons).toEqual([
      { kind: 'param-added', file: 'all.yaml', key: 'y', now: 2 },
      { kind: 'param-changed', file: 'more.json', key: 'seed', was: 7, now: 8 },
      { kind: 'param-changed', file: 'params.yaml', key: 'train.c', was: 0.5, now: 0.25 },
    ]);
    expect((await rig.repro()).ran).toEqual(['p']);
  });

  test('11: a param key that is removed from the definition, or from below a listed one, makes the stage stale', async ({
    rig,
  }) => {
    rig.write('params.yaml', 'a: 1\nb: {c: 2, d: 3}\n');
    rig.pipeline(withParams(['a', 'b']));
    await rig.repro();
    rig.write('params.yaml', 'a: 1\nb: {c: 2}\n');
    rig.pipeline(withParams(['b']));
    expect((await rig.status())['p']?.reasons).toEqual([
      { kind: 'param-removed', file: 'params.yaml', key: 'a', was: 1 },
      { kind: 'param-removed', file: 'params.yaml', key: 'b.d', was: 3 },
    ]);
    expect((await rig.repro()).ran).toEqual(['p']);
  });

  test('18: params compare by type and value: 1 and 1.0 are one number; true, "1", null and none of them are others', async ({
    rig,
  }) => {
    rig.pipeline(withParams(['v']));
    rig.write('params.yaml', 'v: 1');
    expect((await rig.repro()).ran).toEqual(['p']);
    rig.write('params.yaml', 'v: 1.0');
    expect((await rig.repro()).ran).toEqual([]);
    for (const value of ['true', '"1"', 'null', '".nan"', '.nan']) {
      rig.write('params.yaml', `v: ${value}`);
      const { ran, code } = await rig.repro();
      expect([value, code, ran]).toEqual([value, 0, ['p']]);
    }
    expect((await rig.repro()).ran).toEqual([]);
    rig.write('params.yaml', 'v: "1"');
    expect((await rig.repro()).actions).toEqual({ p: 'restored' });
  });

  test('a params file that a stage makes is read after that stage', async ({ rig }) => {
    rig.write('in.txt', '5');
    rig.pipeline({
      choose: {
        cmd: step('choose', 'echo "{best: $(cat in.txt)}" > best.yaml'),
        deps: ['in.txt'],
        outs: ['best.yaml'],
      },
      use: {
        cmd: step('use', 'echo "$MLP_PARAMS_JSON" > used.txt'),
        params: [{ 'best.yaml': ['best'] }],
        outs: ['used.txt'],
      },
    });
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['choose', 'use'] });
    expect(rig.read('used.txt')).toBe('{"best":5}\n');
    rig.write('in.txt', '6');
    expect((await rig.repro()).ran).toEqual(['choose', 'use']);
    expect(rig.read('used.txt')).toBe('{"best":6}\n');
    expect((await rig.repro()).ran).toEqual([]);
  });
});

describe.concurrent('commands', () => {
  test('19 and 20: the commands of a stage run in order, as a list or as lines, and a failing one stops the rest', async ({
    rig,
  }) => {
    const list = [step('one', 'echo 1 > l.txt'), step('two', 'echo 2 >> l.txt')];
    rig.pipeline({
      list: { cmd: list, outs: ['l.txt'] },
      lines: { cmd: `${step('three', 'echo 3 > m.txt')}\n\n${step('four', 'echo 4 >> m.txt')}\n`, outs: ['m.txt'] },
      bad: { cmd: [step('five', 'exit 7'), step('never', 'touch n.txt')], outs: ['n.txt'] },
    });
    const { ran, code, actions } = await rig.repro('-j', '1');
    expect(ran).toEqual(['one', 'two', 'three', 'four', 'five']);
    expect(code).toBe(1);
    expect(actions).toEqual({ list: 'ran', lines: 'ran', bad: 'failed' });
    expect(rig.read('l.txt') + rig.read('m.txt')).toBe('1\n2\n3\n4\n');
  });

  test('40, 41, 42: a stage that reads and makes nothing always runs; one with deps alone when they change', async ({
    rig,
  }) => {
    rig.write('in.txt', '1');
    rig.pipeline({
      effect: { cmd: step('effect', ':') },
      check: { cmd: step('check', ':'), deps: ['in.txt'] },
      always: { cmd: step('always', 'echo 1 > al.txt'), deps: ['in.txt'], outs: ['al.txt'], always_changed: true },
    });
    expect((await rig.repro('-j', '1')).ran).toEqual(['effect', 'check', 'always']);
    expect((await rig.repro('-j', '1')).ran).toEqual(['effect', 'always']);
    rig.write('in.txt', '2');
    expect((await rig.repro('-j', '1')).ran).toEqual(['effect', 'check', 'always']);
    rig.write('in.txt', '1');
    expect((await rig.repro('-j', '1')).ran).toEqual(['effect', 'check', 'always']);
  });

  test('39: a frozen stage is not checked and not run, and freezing leaves no trace', async ({ rig }) => {
    await builtChain(rig);
    const freeze = (frozen: boolean): void => {
      rig.pipeline({
        ...chain,
        b: { ...chain.b, frozen },
        d: { cmd: step('d', 'cp b.txt d.txt'), deps: ['b.txt'], outs: ['d.txt'] },
      });
    };
    freeze(true);
    rig.write('in.txt', '2\n');
    expect((await rig.repro('d')).ran).toEqual(['d']);
    expect(rig.read('d.txt')).toBe('1\na\nb\n');
    rig.write('in.txt', '1\n');
    freeze(false);
    expect((await rig.repro()).ran).toEqual([]);
    freeze(true);
    rig.remove('b.txt');
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [], actions: { b: 'checked-out' } });
    rig.remove('b.txt');
    await rig.startProcess('/bin/sh', ['-c', 'for f in $(find .mlp/cache/sha256 -type f); do echo bad > $f; done'])
      .ended;
    expect(await rig.repro()).toMatchObject({ code: 2, ran: [] });
    rig.remove('.mlp/cache');
    const gone = await rig.repro();
    expect(gone).toMatchObject({ code: 2, ran: [] });
    expect(gone.err).toContain('out b.txt of a frozen stage is missing');
    expect(gone.err).toMatch(/pipeline\.yaml:\d+:\d+/);
  });
});
