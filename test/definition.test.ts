import { chmodSync, lstatSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { describe, expect } from 'vitest';
import { step, test } from './rig.ts';

describe.concurrent('directories', () => {
  test('21: a file that is changed, added, removed or renamed inside a dep directory re-runs the stage', async ({
    rig,
  }) => {
    rig.pipeline({ list: { cmd: step('list', 'ls -R in > list; cat in/*/* >> list'), deps: ['in'], outs: ['list'] } });
    rig.write('in/sub/a', '1');
    await rig.repro();
    const edits: (() => void)[] = [
      () => {
        rig.write('in/sub/a', '2');
      },
      () => {
        rig.write('in/sub/b', '');
      },
      () => {
        rig.remove('in/sub/b');
        rig.write('in/sub/c', '');
      },
      () => {
        mkdirSync(rig.path('in/empty'));
      },
      () => {
        chmodSync(rig.path('in/sub/a'), 0o755);
      },
    ];
    for (const edit of edits) {
      edit();
      expect(await rig.repro()).toMatchObject({ code: 0, ran: ['list'] });
    }
    rig.remove('in/empty');
    chmodSync(rig.path('in/sub/a'), 0o644);
    expect((await rig.repro()).actions).toEqual({ list: 'restored' });
  });

  test('23 and 24: a dep inside a directory out, and a dep directory that holds outs, come after their stages', async ({
    rig,
  }) => {
    rig.write('in.txt', '1\n');
    rig.pipeline({
      all: { cmd: step('all', 'cat made/one made/two/* > all'), deps: ['made'], outs: ['all'] },
      inside: { cmd: step('inside', 'cp made/two/x inside'), deps: ['made/two/x'], outs: ['inside'] },
      two: {
        cmd: step('two', 'mkdir made/two; cp in.txt made/two/x; date +%N > made/two/y'),
        deps: ['in.txt'],
        outs: ['made/two'],
      },
      one: { cmd: step('one', 'echo one > made/one'), outs: ['made/one'] },
    });
    const first = await rig.repro('-j', '1');
    expect(first).toMatchObject({ code: 0, ran: ['two', 'inside', 'one', 'all'] });
    rig.write('in.txt', '2\n');
    expect((await rig.repro('-j', '1')).ran).toEqual(['two', 'inside', 'all']);
    expect([rig.read('inside'), rig.read('all').split('\n')[1]]).toEqual(['2\n', '2']);
    // Restored as a whole, so what lies inside is known only afterwards.
    rig.write('in.txt', '1\n');
    const restored = await rig.repro('-j', '1');
    expect(restored).toMatchObject({ code: 0, ran: [] });
    expect(restored.actions).toEqual({ two: 'restored', inside: 'restored', one: 'unchanged', all: 'restored' });
    expect(rig.read('inside')).toBe('1\n');
  });

  test('25: leftovers in an out directory are gone before the stage runs', async ({ rig }) => {
    rig.pipeline({ d: { cmd: step('d', 'mkdir -p d; cp in.txt d/new'), deps: ['in.txt'], outs: ['d'] } });
    rig.write('in.txt', '1');
    rig.write('d/left over', '');
    expect((await rig.repro()).ran).toEqual(['d']);
    expect(rig.tree('d')).toEqual({ new: '1' });
  });

  test('an empty directory, an empty file and a directory of empty directories are outs like others', async ({
    rig,
  }) => {
    const outs = ['none', 'zero', 'hollow'];
    rig.pipeline({ e: { cmd: step('e', 'mkdir -p none hollow/deep/er hollow/other; : > zero'), outs } });
    await rig.repro();
    for (const out of outs) rig.remove(out);
    expect(await rig.repro()).toMatchObject({ ran: [], actions: { e: 'checked-out' } });
    expect(rig.tree('none')).toEqual({});
    expect(rig.tree('hollow')).toEqual({ 'deep/er/': '', 'other/': '' });
    expect([rig.read('zero'), statSync(rig.path('none')).isDirectory()]).toEqual(['', true]);
  });
});

describe.concurrent('names and kinds of files', () => {
  test('30: odd names are kept: spaces, quotes, newlines, other scripts, both forms of é, and what YAML would misread', async ({
    rig,
  }) => {
    const names = [
      'two words',
      'line\nend',
      'quo"te\'s',
      '- dash',
      'caf\u00e9',
      'cafe\u0301',
      '数据',
      '💾',
      'true',
      '0x1',
      'a: b',
      '#no',
      '\u0085\u2028',
    ];
    for (const name of names) rig.write(`in/${name}`, name);
    // The folder of an out is made before the stage runs.
    rig.pipeline({
      odd: {
        cmd: step('odd', 'mkdir d; cp -r in/. d; cp -r in/. out'),
        deps: names.map((name) => `in/${name}`),
        outs: ['d', ...names.map((name) => `out/${name}`)],
      },
    });
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['odd'] });
    expect((await rig.repro()).ran).toEqual([]);
    rig.remove('out');
    rig.remove('d');
    rig.remove('.mlp/state.db');
    expect(await rig.repro()).toMatchObject({ code: 0, ran: [], actions: { odd: 'checked-out' } });
    expect(rig.tree('out')).toEqual(Object.fromEntries(names.map((name) => [name, name])));
    expect(rig.tree('d')).toEqual(rig.tree('out'));
  });

  test('30: the executable bit is kept and compared', async ({ rig }) => {
    rig.pipeline({
      x: {
        cmd: step('x', 'mkdir d; echo "echo hi" > run; chmod +x run; cp run d/run; : > d/plain'),
        outs: ['run', 'd'],
      },
    });
    await rig.repro();
    const modes = (): number[] => ['run', 'd/run', 'd/plain'].map((path) => statSync(rig.path(path)).mode & 0o111);
    const made = modes();
    chmodSync(rig.path('run'), 0o644);
    rig.remove('d');
    expect((await rig.repro()).actions).toEqual({ x: 'checked-out' });
    expect(modes()).toEqual(made);
    expect(made[2]).toBe(0);
    expect(made[0]).not.toBe(0);
  });

  test('30: a symbolic link inside the workspace counts as what it points to', async ({ rig }) => {
    rig.write('real/a', '1');
    symlinkSync('real', rig.path('link'));
    rig.pipeline({
      l: {
        cmd: step('l', 'cp link/a copy; ln -s copy out'),
        deps: ['link'],
        outs: [{ copy: { cache: false } }, 'out'],
      },
    });
    expect((await rig.repro()).ran).toEqual(['l']);
    expect((await rig.repro()).ran).toEqual([]);
    rig.write('real/a', '2');
    expect((await rig.repro()).ran).toEqual(['l']);
    expect(rig.read('out')).toBe('2');
    expect(lstatSync(rig.path('out')).isSymbolicLink()).toBe(true);
  });

  test('31: what cannot be kept is refused, with its name: a link out of the workspace, a socket, a pipe', async ({
    rig,
  }) => {
    rig.write('../outside', 'secret');
    rig.write('in/fine', '');
    const listed = { s: { cmd: step('s', 'ls in > o'), deps: ['in'], outs: ['o'] } };
    rig.pipeline(listed);
    symlinkSync('../../outside', rig.path('in/escape'));
    const link = await rig.mlp('repro');
    expect(link.code).toBe(2);
    expect(link.err).toContain('cannot track in/escape: it is a symbolic link out of the workspace');
    expect(link.err).toMatch(/pipeline\.yaml:\d+:\d+/);
    rig.remove('in/escape');
    const server = createServer().listen(rig.path('in/sock'));
    expect((await rig.mlp('repro')).err).toContain('cannot track in/sock: it is a socket');
    server.close();
    rig.remove('in/sock');
    rig.pipeline({ p: { cmd: step('p', 'mkfifo o'), outs: ['o'] } });
    const pipe = await rig.mlp('repro');
    expect(pipe.code).toBeGreaterThan(0);
    expect(pipe.out).toContain('cannot track o: it is a pipe');
    rig.pipeline({ p: { cmd: step('p', 'ln -s ../outside o'), outs: ['o'] } });
    expect((await rig.mlp('repro')).out).toContain('cannot track o: it is a symbolic link out of the workspace');
    expect(rig.read('../outside')).toBe('secret');
    expect([rig.has('o'), rig.has('pipeline.lock')]).toEqual([false, false]);
  });

  test('an out below a link that leads out of the workspace is refused before anything is removed there', async ({
    rig,
  }) => {
    rig.write('../elsewhere/o', 'mine');
    symlinkSync('../elsewhere', rig.path('away'));
    rig.pipeline({ s: { cmd: step('s', 'echo 1 > away/o'), outs: ['away/o'] } });
    const refused = await rig.mlp('repro', '--force');
    expect(refused.code).toBeGreaterThan(0);
    expect(refused.err + refused.out).toContain('refusing to touch away/o');
    expect([rig.read('../elsewhere/o'), rig.ran()]).toEqual(['mine', []]);
  });

  test('deps may be absolute or above the workspace', async ({ rig }) => {
    rig.write('../above.txt', '1');
    rig.write('../absolute.txt', '1');
    const deps = ['../above.txt', `${rig.folder}/absolute.txt`];
    rig.pipeline({ s: { cmd: step('s', 'cat ../above.txt ../absolute.txt > o'), deps, outs: ['o'] } });
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['s'] });
    expect((await rig.repro()).ran).toEqual([]);
    rig.write('../absolute.txt', '2');
    expect((await rig.repro()).ran).toEqual(['s']);
  });
});

describe.concurrent('how a stage is run', () => {
  test('wdir, env and CRLF line ends are understood; the folder of an out is made; a changed variable re-runs', async ({
    rig,
  }) => {
    rig.write('sub/in.txt', 'in\n');
    rig.write(
      'pipeline.yaml',
      'stages:\r\n  s:\r\n    cmd: |\r\n      echo s >> "$RAN"\r\n      echo "$GREETING $FROM" | cat in.txt - > new/deep/o\r\n    wdir: sub\r\n    env: {GREETING: hello, FROM: null}\r\n    deps: [in.txt]\r\n    outs: [new/deep/o]\r\n',
    );
    rig.env['FROM'] = 'me';
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['s'] });
    expect(rig.read('sub/new/deep/o')).toBe('in\nhello me\n');
    expect((await rig.repro()).ran).toEqual([]);
    rig.env['FROM'] = 'you';
    expect((await rig.status())['s']?.reasons).toEqual([{ kind: 'env-changed', name: 'FROM' }]);
    expect((await rig.repro()).ran).toEqual(['s']);
    expect(rig.read('pipeline.lock')).not.toContain('you');
  });

  test('a stage that removes or changes its own dep is warned of, and leaves no evidence', async ({ rig }) => {
    rig.write('in.txt', '1');
    rig.pipeline({ eater: { cmd: step('eater', 'cp in.txt o; echo more >> in.txt'), deps: ['in.txt'], outs: ['o'] } });
    const eaten = await rig.repro();
    expect(eaten).toMatchObject({ code: 0, ran: ['eater'] });
    expect(eaten.err).toContain('in.txt changed while eater ran');
    expect((await rig.repro()).ran).toEqual(['eater']);
    rig.pipeline({ eater: { cmd: step('eater', 'mv in.txt o'), deps: ['in.txt'], outs: ['o'] } });
    expect((await rig.repro()).err).toContain('in.txt was removed while eater ran');
    expect((await rig.repro()).code).toBe(2);
  });

  test('a very long command runs, and one longer than the system allows fails clearly', async ({ rig }) => {
    rig.pipeline({ long: { cmd: `${step('long', 'echo 1 > o')} # ${'x'.repeat(100_000)}`, outs: ['o'] } });
    expect(await rig.repro()).toMatchObject({ code: 0, ran: ['long'] });
    rig.pipeline({ long: { cmd: `${step('long', 'echo 1 > o')} # ${'x'.repeat(200_000)}`, outs: ['o'] } });
    const refused = await rig.mlp('repro');
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('could not start: too long for this system');
    expect(rig.read('o')).toBe('1\n');
  });

  test('a wdir that does not exist fails the stage and names what is wrong', async ({ rig }) => {
    rig.pipeline({ s: { cmd: 'echo 1', wdir: 'gone', deps: [], outs: [] } });
    const refused = await rig.mlp('repro');
    expect(refused.code).toBe(1);
    expect(refused.out).toContain('its folder does not exist');
  });

  test('an edit that keeps size and time within the tick of hashing is found', async ({ rig }) => {
    rig.pipeline({ s: { cmd: step('s', 'cp in.txt o'), deps: ['in.txt'], outs: ['o'] } });
    rig.write('in.txt', 'aaaa');
    await rig.repro();
    for (const content of ['bbbb', 'cccc', 'dddd']) {
      rig.write('in.txt', content);
      expect((await rig.repro()).ran).toEqual(['s']);
      expect(rig.read('o')).toBe(content);
    }
  });
});
