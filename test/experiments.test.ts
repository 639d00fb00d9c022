import { describe, expect } from 'vitest';
import { step, test, type Rig } from './rig.ts';

/** One stage whose metrics follow its parameter: macro_f1 is c, accuracy c / 2. It fails above 1. */
function project(rig: Rig): void {
  const metrics = 'JSON.stringify({ macro_f1: c, accuracy: c / 2, part: { a: c } })';
  const script = `const c = Number(process.argv[1]); fs.writeFileSync('m.json', ${metrics}); process.exit(c > 1 ? 3 : 0)`;
  const work = `c=$(sed 's/.*c: //' params.yaml); echo "training with c=$c"; node -e "${script}" $c`;
  rig.write('params.yaml', 'c: 0.5');
  rig.pipeline({ train: { cmd: step('train', work), params: ['c'], metrics: ['m.json'] } });
}

async function withC(rig: Rig, c: number): Promise<string> {
  rig.write('params.yaml', `c: ${c}`);
  await rig.mlp('repro', '-m', `try ${c}`);
  const { runs } = JSON.parse((await rig.mlp('runs', '-n', '1', '--json')).out) as { runs: { name: string }[] };
  return runs[0]?.name ?? '';
}

describe.concurrent('runs and compare', () => {
  test('say that there are no runs yet, and make no store by asking', async ({ rig }) => {
    project(rig);
    for (const words of [['runs'], ['runs', 'show'], ['compare'], ['models'], ['promote'], ['rollback']]) {
      const ended = await rig.mlp(...words);
      expect(ended, words.join(' ')).toMatchObject({ code: 2, out: '' });
      expect(ended.err).toContain('no runs yet\n  next: mlp repro makes the first');
    }
    expect(rig.has('.mlp')).toBe(false);
  });

  test('tell what was run, side by side and one by one', async ({ rig }) => {
    project(rig);
    const first = await withC(rig, 0.5);
    const second = await withC(rig, 0.25);
    const failed = await withC(rig, 7);

    const compared = JSON.parse((await rig.mlp('compare', '--json')).out) as Record<string, unknown>;
    expect(compared).toMatchObject({
      baseline: first,
      best: { metric: 'macro_f1', lowerIsBetter: false, runs: [first] },
      params: { differing: ['c'], equal: 0 },
      runs: [
        { name: first, deltas: {}, params: { c: 0.5 } },
        { name: second, deltas: { macro_f1: -0.25, accuracy: -0.125 } },
      ],
    });
    const table = await rig.mlp('compare', second, first, '--metric', 'accuracy', '--minimise');
    const pattern = [
      /^ {2}run +c +accuracy +macro_f1 +time\n/,
      new RegExp(`\\* ${second} +0\\.25 +0\\.1250 +0\\.2500 +\\S+s\n`),
      new RegExp(` {2}${first} +0\\.5 +0\\.2500 \\+0\\.1250 +0\\.5000 \\+0\\.2500 +\\S+s\n`),
      /best by lowest accuracy marked \*/,
    ];
    for (const part of pattern) expect(table.out).toMatch(part);
    expect((await rig.mlp('compare', '--md')).out).toContain(`| * ${first} | 0.5 |`);

    const list = await rig.mlp('runs', 'list');
    expect(list.out).toContain('failed train');
    expect(list.out).toContain('try 0.25');
    const found = await rig.mlp(
      'runs',
      'list',
      '--where',
      'metrics.macro_f1 > 0.3',
      '--where',
      'params.c=0.5',
      '--json',
    );
    expect(JSON.parse(found.out)).toMatchObject({ total: 1, runs: [{ name: first }] });

    expect((await rig.mlp('runs', 'log')).out).toBe('training with c=7\n');
    expect((await rig.mlp('runs', 'log', first, 'train')).out).toBe('training with c=0.5\n');
    const shown = await rig.mlp('runs', 'show', '@1');
    expect(shown.out).toContain(`${failed}   failed`);
    expect(shown.out).toContain(`next: mlp runs log ${failed} train`);
    for (const line of (table.out + list.out + shown.out).split('\n'))
      expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test('offer the nearest name for what they do not know', async ({ rig }) => {
    project(rig);
    const name = await withC(rig, 0.5);
    const typo = name.replace(/^(..)/, '$1z');
    expect(await rig.mlp('runs', 'show', typo)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`"${name}"`) as string,
    });
    expect((await rig.mlp('compare', '--metric', 'macro_f')).err).toContain('did you mean "macro_f1"?');
    expect((await rig.mlp('runs', 'log', name, 'trian')).err).toContain('did you mean "train"?');
    expect((await rig.mlp('runs', '--where', 'accuracy > 1')).err).toContain('metrics.NAME >= VALUE');
    expect((await rig.mlp('runs', '--status', 'finish')).code).toBe(2);
  });

  test('leave a damaged store as it is and say how to save it', async ({ rig }) => {
    project(rig);
    await withC(rig, 0.5);
    const garbage = 'not a database at all'.repeat(300);
    for (const suffix of ['', '-wal', '-shm']) rig.remove(`.mlp/mlp.db${suffix}`);
    rig.write('.mlp/mlp.db', garbage);
    for (const words of [['runs'], ['compare'], ['promote'], ['repro', '--force']]) {
      const ended = await rig.mlp(...words);
      expect(ended.code, words.join(' ')).toBe(2);
      expect(ended.err).toContain('is damaged');
      expect(rig.read('.mlp/mlp.db')).toBe(garbage);
    }
  });
});
