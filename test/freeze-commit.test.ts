import { describe, expect } from 'vitest';
import { step, test, type Rig } from './rig.ts';

const text = `# kept
stages:
  a: # the first
    cmd: ${step('a', 'cp in a.txt')}
    deps: [in]
    outs: [a.txt]
  b:
    foreach: [1, 2]
    do:
      cmd: ${step('b', 'cp a.txt b\${item}; echo \${item} >> b\${item}')}
      deps: [a.txt]
      outs: ['b\${item}']
`;

function project(rig: Rig): void {
  rig.write('in', '1');
  rig.write('pipeline.yaml', text);
}

describe.concurrent('mlp freeze and mlp unfreeze', () => {
  test('39: a frozen stage or group is left alone, and unfreezing leaves the file as it was, to the byte', async ({
    rig,
  }) => {
    project(rig);
    await rig.repro('-j', '1');
    const frozen = await rig.mlp('freeze', 'a', 'b');
    expect([frozen.code, frozen.out]).toEqual([0, '  frozen: a, b (pipeline.yaml)\n']);
    rig.write('in', '2');
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [] });
    expect((await rig.mlp('unfreeze', 'b')).code).toBe(0);
    rig.remove('b1');
    rig.remove('.mlp/cache');
    expect((await rig.repro()).ran).toEqual(['b']);
    const { out } = await rig.mlp('unfreeze', 'a', 'b', '--json');
    expect(JSON.parse(out)).toEqual({ frozen: false, changed: ['a'], unchanged: ['b'], files: ['pipeline.yaml'] });
    expect(rig.read('pipeline.yaml')).toBe(text);
    expect((await rig.repro('-j', '1')).ran).toEqual(['a', 'b', 'b']);
  });

  test('39: one of a group cannot be frozen alone, and nothing is written when any name is refused', async ({
    rig,
  }) => {
    project(rig);
    const one = await rig.mlp('freeze', 'a', 'b@1');
    expect(one.code).toBe(2);
    expect(one.err).toContain('cannot change "frozen" of b@1: it is one of a group');
    expect(one.err).toContain('name the group instead: b');
    const typo = await rig.mlp('freeze', 'a', 'bb');
    expect([typo.code, typo.err]).toEqual([2, expect.stringContaining('no stage is called "bb"')]);
    expect(rig.read('pipeline.yaml')).toBe(text);
  });
});

/** in -> a, and other -> b beside it. */
function pair(rig: Rig): void {
  rig.write('in', '1');
  rig.write('other', '1');
  rig.pipeline({
    a: { cmd: step('a', 'cp in a.txt'), deps: ['in'], outs: ['a.txt'] },
    b: { cmd: step('b', 'mkdir b; cp other a.txt b'), deps: ['other', 'a.txt'], outs: ['b'] },
  });
}

describe.concurrent('mlp commit', () => {
  test('63: --no-commit hashes and locks without filling the cache, and mlp commit completes it', async ({ rig }) => {
    pair(rig);
    await rig.repro('--no-commit');
    const lock = rig.read('pipeline.lock');
    expect([rig.has('.mlp/cache/sha256'), rig.has('.mlp/cache/runs')]).toEqual([false, false]);
    expect((await rig.repro('--no-commit')).ran).toEqual([]);
    expect((await rig.mlp('status')).out).toBe(
      '  2 stages up to date\n  2 outs not in the cache: mlp commit stores them\n',
    );
    const done = await rig.mlp('commit');
    expect([done.code, done.out]).toEqual([0, '  2 outs stored in the cache, 2 stages as recorded\n']);
    expect(rig.read('pipeline.lock')).toBe(lock);
    rig.remove('a.txt');
    rig.remove('b');
    expect(await rig.repro()).toMatchObject({ ran: [], actions: { a: 'checked-out', b: 'checked-out' } });
    rig.remove('pipeline.lock');
    rig.remove('b');
    // The run cache has them too.
    expect(await rig.repro()).toMatchObject({ ran: [], actions: { a: 'restored', b: 'restored' } });
    expect((await rig.mlp('commit')).out).toBe('  2 stages as recorded\n');
  });

  test('63: outs that stand as recorded are stored also when their inputs have changed since', async ({ rig }) => {
    pair(rig);
    await rig.repro('--no-commit');
    rig.write('in', '2');
    const refused = await rig.mlp('commit', 'a');
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('not as recorded, and left so: a (dep in changed)');
    expect((await rig.repro('-j', '1')).ran).toEqual(['a', 'b']);
    rig.write('in', '1');
    expect(await rig.repro('a')).toMatchObject({ ran: [], actions: { a: 'restored' } });
  });

  test('63: what is not as recorded is told and left, and with --force recorded as it is', async ({ rig }) => {
    pair(rig);
    await rig.repro();
    const lock = rig.read('pipeline.lock');
    rig.write('in', '2');
    rig.write('a.txt', 'by hand');
    const refused = await rig.mlp('commit');
    expect([refused.code, refused.out, rig.read('pipeline.lock')]).toEqual([2, '', lock]);
    expect(refused.err).toContain('a (dep in changed, out a.txt changed); b (dep a.txt changed (by a))');
    const done = await rig.mlp('commit', '--force', '--json');
    expect([done.code, rig.ran()]).toEqual([0, []]);
    expect(JSON.parse(done.out)).toMatchObject({ recorded: [{ stage: 'a' }, { stage: 'b' }], stored: ['a.txt'] });
    expect((await rig.repro()).ran).toEqual([]);
    rig.write('a.txt', 'spoilt');
    await rig.repro();
    expect(rig.read('a.txt')).toBe('by hand');
  });

  test('a stage that was never built is left, and refused when it is named', async ({ rig }) => {
    pair(rig);
    await rig.repro('a', '--no-commit');
    const all = await rig.mlp('commit');
    expect([all.code, all.out]).toEqual([
      0,
      '  1 out stored in the cache, 1 stage as recorded\n  left, with outs or deps that are not there: b\n',
    ]);
    const named = await rig.mlp('commit', 'b', '--force');
    expect([named.code, named.err]).toEqual([2, expect.stringContaining('b is not there')]);
  });
});
