import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf, type ChartPlot, type PlotsPage, type PlotValue } from '../src/report/plots/model.ts';

const mlp = resolve('bin/mlp.js');
let root = '';

const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
};
const git = (...words: string[]): string => execFileSync('git', words, { cwd: root, encoding: 'utf8' });
const run = (...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [mlp, 'plots', ...words], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
};
const charts = (...words: string[]): readonly ChartPlot[] =>
  (JSON.parse(run(...words, '--json').stdout) as PlotsPage).plots.filter((plot) => plot.kind === 'chart');

const history = (base: number): string =>
  `step,train,test\n${[0, 1, 2, 3].map((step) => `${step},${base / (step + 1)},${base / (step + 2)}\n`).join('')}`;
const evil = '<img src=x onerror=alert(1)>';
const pipeline = `stages:
  s:
    cmd: cp source.csv cached.csv
    deps: [source.csv]
    plots:
      - cached.csv: {x: step, title: Cached}
  given:
    frozen: true
    cmd: written by hand
    plots:
      - history.csv: {cache: false, x: step, y: train}
      - pairs.csv: {cache: false, template: confusion, x: actual, y: predicted}
      - bars.json: {cache: false, template: bar_horizontal, x: f1, y: class}
      - plain.tsv: {cache: false, header: false}
      - folder: {cache: false}
plots:
  - both: {x: step, y: {history.csv: [train, test]}}
  - joined: {x: {folder/b.yaml: n}, y: {folder/b.yaml: m}}
`;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mlp-plots-'));
  git('init', '-q', '-b', 'main');
  git('config', 'user.email', 'test@example.org');
  git('config', 'user.name', 'test');
  write('pipeline.yaml', pipeline);
  write('source.csv', history(1));
  write('history.csv', history(1));
  write('pairs.csv', `actual,predicted\na,a\na,${evil}\nb,b\n`);
  write('bars.json', '{"deep": {"rows": [{"class": "a", "f1": 0.5}, {"class": "b", "f1": NaN}]}}');
  write('plain.tsv', '1\t5\n2\t6\n');
  write('folder/a.csv', `n,${evil}\n1,2\n2,\n3,x\n4,5\n`);
  write('folder/b.yaml', '- {n: 1, m: 2}\n- {n: 3, m: 4}\n');
  write('folder/c.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>');
  write('.gitignore', '.mlp\ncached.csv\n');
  execFileSync(process.execPath, [mlp, 'repro'], { cwd: root });
  git('add', '-A');
  git('commit', '-qm', 'one');
  git('tag', 'v1');
  write('source.csv', history(2));
  write('history.csv', history(2));
  execFileSync(process.execPath, [mlp, 'repro'], { cwd: root });
});
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

describe('mlp plots', () => {
  it('writes one page without an address outside of it, and prints where', () => {
    const { status, stdout, stderr } = run('diff', 'v1');
    expect([status, stdout, stderr]).toEqual([0, '.mlp/plots/index.html\n', '']);
    const html = readFileSync(join(root, '.mlp/plots/index.html'), 'utf8');
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|src="(?!data:)|<img src=x/);
    expect(html.match(/<section>/g)).toHaveLength(10);
  });

  it('reads a cached out of a revision from the cache, and what is in git from git', () => {
    const [cached, both] = charts('show', 'v1', 'workspace', 'cached.csv', 'both');
    expect(cached?.series.map(({ revision, ys }) => [revision, ys.map(Number)])).toEqual([
      ['v1', [1 / 2, 1 / 3, 1 / 4, 1 / 5]],
      ['workspace', [1, 2 / 3, 2 / 4, 2 / 5]],
    ]);
    expect(both?.series.map(({ revision, field }) => `${revision} ${field}`)).toEqual([
      'v1 train',
      'v1 test',
      'workspace train',
      'workspace test',
    ]);
  });

  it('takes folders as targets, and a file without header by its columns', () => {
    expect(charts('show', 'folder').map(({ id }) => id)).toEqual(['folder/a.csv', 'folder/b.yaml', 'joined']);
    expect(charts('show', 'plain.tsv')[0]?.series[0]).toMatchObject({ field: '1', xs: [0, 1], ys: ['5', '6'] });
  });

  it('draws a run by its name as it draws a revision, from the cache', () => {
    const list = spawnSync(process.execPath, [mlp, 'runs', 'list', '--json'], { cwd: root, encoding: 'utf8' });
    const first = (JSON.parse(list.stdout) as { runs: { name: string }[] }).runs.at(-1)?.name ?? '';
    const [cached] = charts('diff', first, '--targets', 'cached.csv');
    expect(cached?.series.map(({ revision, ys }) => [revision, Number(ys[0])])).toEqual([
      [first, 1 / 2],
      ['workspace', 1],
    ]);
    // What git keeps and no cache has is told of, and not taken from another state.
    const git = run('show', first, 'plain.tsv', '--json');
    expect([git.status, git.stderr]).toEqual([0, `note: plain.tsv is not in ${first}\n`]);
  });

  it('takes -x and -y in place of the fields that the pipeline file names, and files that it does not name', () => {
    expect(charts('show', 'history.csv', '-x', 'test', '-y', 'step')[0]).toMatchObject({
      xLabel: 'test',
      yLabel: 'step',
      series: [{ field: 'step', xs: ['0.5', '0.3333333333333333', '0.25', '0.2'].map((x) => `${Number(x) * 2}`) }],
    });
    expect(charts('show', 'both', '-y', 'test')[0]?.series.map(({ field }) => field)).toEqual(['test']);
    expect(charts('diff', 'v1', '--targets', 'source.csv', '-y', 'train', '-y', 'test')[0]?.series).toHaveLength(4);
    const wrong = run('show', 'history.csv', '-y', 'tset');
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringMatching(/"tset".*lacks[^]*did you mean "test"/)]);
  });

  it('draws the plots of all pipeline files, at revisions too', () => {
    write('sub/rows.csv', 'n,m\n1,2\n');
    write('sub/dvc.yaml', 'stages: {d: {cmd: x, frozen: true, plots: [{rows.csv: {cache: false, x: n}}]}}\n');
    git('add', 'sub');
    git('commit', '-qm', 'sub');
    write('sub/rows.csv', 'n,m\n1,3\n');
    expect(charts('diff', 'HEAD', '--targets', 'sub')).toMatchObject([
      {
        id: 'sub/rows.csv',
        series: [
          { revision: 'HEAD', ys: ['2'] },
          { revision: 'workspace', ys: ['3'] },
        ],
      },
    ]);
    git('reset', '-q', '--soft', 'HEAD~1');
    git('rm', '-rqf', '--cached', 'sub');
    rmSync(join(root, 'sub'), { recursive: true, force: true });
  });

  it('draws in the terminal within 80 columns', () => {
    const { stdout } = run('--text');
    expect(stdout).toContain('Cached');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('tells of a wrong field, template or word what there is', () => {
    write('wrong.yaml', 'stages: {s: {cmd: x, plots: [{history.csv: {cache: false, y: trian}}]}}\n');
    const field = run('-f', 'wrong.yaml');
    expect([field.status, field.stderr]).toEqual([
      2,
      expect.stringMatching(/"trian".*history\.csv lacks[^]*"train"[^]*"step", "train", "test"/),
    ]);
    write('wrong.yaml', 'stages: {s: {cmd: x, plots: [{history.csv: {cache: false, template: liner}}]}}\n');
    expect(run('-f', 'wrong.yaml').stderr).toMatch(/template "liner"[^]*did you mean "linear"/);
    expect(run('show', 'no-such-revision').stderr).toContain('no-such-revision');
    rmSync(join(root, 'wrong.yaml'));
  });
});

const python = process.env['MLP_TEST_PYTHON'];
const hasDvc = python !== undefined && spawnSync(python, ['-c', 'import dvc.render']).status === 0;
if (!hasDvc) process.stderr.write('comparison with DVC skipped: MLP_TEST_PYTHON names no Python that has dvc\n');

type Row = Readonly<Record<string, unknown>>;
interface Theirs {
  readonly data: Readonly<
    Record<string, readonly { readonly type: string; readonly content: { data: { values: Row[] } } }[]>
  >;
}

describe.skipIf(!hasDvc)('the points of each revision', () => {
  it('are those that the real DVC draws', () => {
    write('bars.json', '{"deep": {"rows": [{"class": "a", "f1": 0.5}, {"class": "b", "f1": 0.75}]}}');
    // Of the table without header the real DVC gives no points here, so it is compared with the file itself above.
    const shared = pipeline.replace('      - plain.tsv: {cache: false, header: false}\n', '');
    write('dvc.yaml', shared.replace('cached.csv: {x: step', 'copy.csv: {cache: false, x: step'));
    write('copy.csv', history(5));
    const dvc = (...words: string[]): string =>
      execFileSync(python ?? '', ['-m', 'dvc', ...words], {
        cwd: root,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    dvc('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'two');
    git('tag', 'v2');
    write('history.csv', history(3));
    const theirs = JSON.parse(dvc('plots', 'diff', 'v2', 'workspace', '--json')) as Theirs;
    const plots = charts('diff', 'v2', 'workspace', '-f', 'dvc.yaml');
    const drawn = Object.keys(theirs.data).filter((id) => theirs.data[id]?.[0]?.type === 'vega');
    expect(plots.map(({ id }) => id).sort()).toEqual(drawn.sort());
    let compared = 0;
    for (const { id, series, xLabel } of plots) {
      const rows = theirs.data[id]?.flatMap(({ content }) => content.data.values) ?? [];
      for (const { revision, field, xs, ys } of series) {
        const same = rows.filter((row) => row['rev'] === revision && (row['field'] ?? field) === field);
        expect(xs.map(String), `${id} ${revision} x`).toEqual(same.map((row) => String(row[xLabel])));
        expect(ys.map(textOf), `${id} ${revision} y`).toEqual(
          same.map((row) => textOf((row['dvc_inferred_y_value'] ?? row[field]) as PlotValue)),
        );
        compared += xs.length;
      }
    }
    expect(compared).toBeGreaterThan(50);
  });
});
