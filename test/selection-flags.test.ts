import { describe, expect } from 'vitest';
import { step, test, type Rig } from './rig.ts';

const copies = (name: string, from: string): Record<string, unknown> => ({
  cmd: step(name, `cat ${from} > ${name}.txt; echo ${name} >> ${name}.txt`),
  deps: from.split(' '),
  outs: [`${name}.txt`],
});

/** in -> a -> b -> d, in -> a -> c -> d; apart from them other -> e -> f. `a` keeps only the first letter of what it reads. */
function diamonds(rig: Rig): void {
  rig.write('in', '1');
  rig.write('other', '1');
  rig.pipeline({
    a: { cmd: step('a', 'head -c 1 in > a.txt'), deps: ['in'], outs: ['a.txt'] },
    b: copies('b', 'a.txt'),
    c: copies('c', 'a.txt'),
    d: copies('d', 'b.txt c.txt'),
    e: copies('e', 'other'),
    f: copies('f', 'e.txt'),
  });
}

const one = ['-j', '1'];

describe.concurrent('which stages take part', () => {
  test('33: --force-downstream runs all below what changed, though its inputs did not, and no independent branch', async ({
    rig,
  }) => {
    diamonds(rig);
    await rig.repro();
    rig.write('in', '1 and more');
    const dry = await rig.mlp('repro', '--force-downstream', '--dry');
    expect(dry.out).toMatch(
      /a +would run .*\n +b +would run +forced, as a changed\n +c +would run .*\n +d +would run +forced, as b changed\n/,
    );
    expect(dry.out).toMatch(/e +up to date\n +f +up to date\n[^]*next: mlp repro --force-downstream\n$/);
    const forced = await rig.repro(...one, '--force-downstream');
    expect(forced).toMatchObject({ code: 0, ran: ['a', 'b', 'c', 'd'] });
    expect(forced.actions).toMatchObject({ e: 'unchanged', f: 'unchanged' });
    rig.write('in', '1 and yet more');
    expect((await rig.repro()).ran).toEqual(['a']);
    expect((await rig.repro('--force-downstream')).ran).toEqual([]);
  });

  test('33: with targets, --force-downstream forces only among them and what they need', async ({ rig }) => {
    diamonds(rig);
    await rig.repro();
    rig.write('in', '1 and more');
    expect((await rig.repro(...one, '--force-downstream', 'b', 'f')).ran).toEqual(['a', 'b']);
  });

  test('34: --downstream runs the named stage and those below it, and none above', async ({ rig }) => {
    diamonds(rig);
    await rig.repro();
    expect((await rig.repro(...one, '--downstream', '--force', 'b')).ran).toEqual(['b', 'd']);
    rig.write('in', '2');
    const above = await rig.repro(...one, '--downstream', 'b');
    expect([above.ran, Object.keys(above.actions)]).toEqual([[], []]);
    expect(JSON.parse(above.out)).toMatchObject({ upToDate: true, plan: { stages: [{ stage: 'b' }, { stage: 'd' }] } });
    rig.write('b.txt', 'edited');
    rig.remove('.mlp/cache');
    expect((await rig.repro(...one, '--downstream', 'b')).ran).toEqual(['b']);
    expect((await rig.repro(...one, '--downstream', 'a')).ran).toEqual(['a', 'b', 'c', 'd']);
  });

  test('34: what --downstream would read from a stage above that left nothing is said before anything runs', async ({
    rig,
  }) => {
    diamonds(rig);
    const refused = await rig.repro('--downstream', 'b');
    expect(refused).toMatchObject({ code: 2, ran: [] });
    expect(refused.err).toContain('dep a.txt is not there: stage a makes it, and was not selected');
    expect(refused.err).toContain('mlp repro a first, or select it too');
  });

  test('35: --single-item runs just the named stages, one by one, in the order given', async ({ rig }) => {
    diamonds(rig);
    await rig.repro();
    rig.write('in', '2');
    expect((await rig.repro('--single-item', 'b')).ran).toEqual([]);
    expect((await rig.repro('-j', '4', '-s', '--force', 'f', 'd', 'a')).ran).toEqual(['f', 'd', 'a']);
    expect((await rig.repro('-s', 'd', 'c', 'b')).ran).toEqual(['c', 'b']);
    expect((await rig.repro('-s', 'd')).ran).toEqual(['d']);
    expect((await rig.repro()).ran).toEqual([]);
    expect(rig.read('d.txt')).toBe('2b\n2c\nd\n');
  });

  test('37: --dry lists with every selection flag what would run with it, and changes nothing', async ({ rig }) => {
    diamonds(rig);
    await rig.repro();
    rig.write('in', '2');
    const lock = rig.read('pipeline.lock');
    const planned = async (...flags: string[]): Promise<string[]> => {
      const { out } = await rig.mlp('repro', '--dry', '--json', ...flags);
      const { stages } = JSON.parse(out) as { stages: { stage: string; action: string; certain: boolean }[] };
      return stages.map(({ stage, action, certain }) => `${stage} ${action}${certain ? '' : '?'}`);
    };
    expect(await planned('d')).toEqual(['a run', 'b run?', 'c run?', 'd run?']);
    expect(await planned('--downstream', 'b')).toEqual(['b skip', 'd skip']);
    expect(await planned('--downstream', 'c', '--force')).toEqual(['c run', 'd run']);
    expect(await planned('--force-downstream', 'b')).toEqual(['a run', 'b run']);
    expect(await planned('-s', 'f', 'a')).toEqual(['f skip', 'a run']);
    expect([rig.ran(), rig.read('pipeline.lock')]).toEqual([[], lock]);
  });

  test('38: --dry works where nothing was ever run, and leaves nothing that a later run would see', async ({ rig }) => {
    diamonds(rig);
    const files = rig.tree();
    const dry = await rig.mlp('repro', '--dry', 'd');
    expect([dry.code, rig.ran()]).toEqual([0, []]);
    expect(dry.out).toMatch(/a +would run +never run\n +b +would run +never run, after a\n/);
    expect((await rig.mlp('repro', '--dry', '--downstream', '--force', 'a')).code).toBe(0);
    const kept = Object.entries(rig.tree()).filter(([path]) => !/^\.mlp\/(state\.db|\.gitignore)/.test(path));
    expect(Object.fromEntries(kept)).toEqual(files);
    expect((await rig.repro('-j', '1', 'd')).ran).toEqual(['a', 'b', 'c', 'd']);
  });

  test('flags that contradict each other are refused', async ({ rig }) => {
    diamonds(rig);
    for (const [flags, words] of [
      [['--downstream', '-s'], /'--downstream' cannot be used with option '-s, --single-item'/],
      [['--keep-going', '--fail-fast'], /'-k, --keep-going' cannot be used with option '--fail-fast'/],
      [['--ignore-errors', '-k'], /'-k, --keep-going' cannot be used with option '--ignore-errors'/],
      [['--ignore-errors', '--fail-fast'], /'--ignore-errors' cannot be used with option '--fail-fast'/],
    ] as const) {
      const refused = await rig.repro(...flags, 'b');
      expect([refused.code, refused.ran]).toEqual([2, []]);
      expect(refused.err).toMatch(words);
    }
  });
});

describe.concurrent('stages of a special kind', () => {
  test('40: a stage with neither deps nor outs runs every time, unless it is frozen', async ({ rig }) => {
    const stage = { cmd: step('hello', 'true') };
    rig.pipeline({ hello: stage });
    expect((await rig.repro()).ran).toEqual(['hello']);
    expect((await rig.repro()).ran).toEqual(['hello']);
    rig.pipeline({ hello: { ...stage, frozen: true } });
    expect((await rig.repro()).ran).toEqual([]);
  });

  test('41: a stage with deps and no outs runs when its deps change, and only then', async ({ rig }) => {
    rig.write('in', '1');
    rig.pipeline({ check: { cmd: step('check', 'grep -q . in'), deps: ['in'] } });
    expect((await rig.repro()).ran).toEqual(['check']);
    expect((await rig.repro()).ran).toEqual([]);
    rig.write('in', '2');
    expect((await rig.repro()).ran).toEqual(['check']);
    // Back to what it had seen before: it is run for its effect, so nothing stands for that.
    rig.write('in', '1');
    expect((await rig.repro()).ran).toEqual(['check']);
  });

  test('42: an always_changed stage runs each time and is never restored; what is below it follows its bytes', async ({
    rig,
  }) => {
    rig.write('in', '1');
    rig.pipeline({
      fetch: { cmd: step('fetch', 'cp in got'), outs: ['got'], always_changed: true },
      use: { cmd: step('use', 'cp got used'), deps: ['got'], outs: ['used'] },
    });
    expect((await rig.repro()).ran).toEqual(['fetch', 'use']);
    expect(await rig.status()).toMatchObject({
      fetch: { action: 'run', certain: true, reasons: [{ kind: 'always-changed' }] },
      use: { action: 'run', certain: false },
    });
    expect(await rig.repro()).toMatchObject({ ran: ['fetch'], actions: { fetch: 'ran', use: 'unchanged' } });
    rig.remove('got');
    expect((await rig.repro()).ran).toEqual(['fetch']);
    rig.write('in', '2');
    expect((await rig.repro()).ran).toEqual(['fetch', 'use']);
    rig.write('in', '1');
    expect(await rig.repro()).toMatchObject({ ran: ['fetch'], actions: { fetch: 'ran', use: 'restored' } });
  });

  test('66: --no-run-cache runs a stage although its result is known, and without it the result is taken', async ({
    rig,
  }) => {
    rig.write('in', '1');
    rig.pipeline({ a: copies('a', 'in') });
    await rig.repro();
    rig.write('in', '2');
    await rig.repro();
    rig.write('in', '1');
    expect((await rig.repro('--no-run-cache')).ran).toEqual(['a']);
    rig.write('in', '2');
    expect(await rig.repro()).toMatchObject({ ran: [], actions: { a: 'restored' } });
    // Its outs as recorded, only taken away: nothing is looked up for that.
    rig.remove('a.txt');
    expect(await rig.repro('--no-run-cache')).toMatchObject({ ran: [], actions: { a: 'checked-out' } });
  });
});
