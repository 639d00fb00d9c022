import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ChartPlot, PlotTemplate } from '../../src/report/plots/model.ts';
import { renderPlotsPage } from '../../src/report/plots/page.ts';

const chromium = ['chromium', 'chromium-browser'].find(
  (name) => spawnSync(name, ['--version'], { timeout: 30_000 }).status === 0,
);
if (chromium === undefined) process.stderr.write('plots in a browser skipped: there is no chromium on the path\n');

const folder = mkdtempSync(join(tmpdir(), 'mlp-page-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const evil = `"'></script><script>document.title='taken'</script><img src="http://127.0.0.1:9/x" onerror="document.title='taken'">`;
const plot = (
  template: PlotTemplate,
  xs: readonly (number | string)[],
  ys: readonly (number | string)[],
): ChartPlot => ({
  kind: 'chart',
  id: evil,
  title: evil,
  template,
  xLabel: evil,
  yLabel: 'y',
  series: [{ revision: evil, file: 'f.csv', field: evil, xs, ys }],
});

const words = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--dump-dom'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--enable-logging=stderr'],
  '--host-resolver-rules=MAP * ~NOTFOUND',
];

/** A page as the browser shows it, what the browser said, and all addresses that the page asked for. */
function opened(name: string, html: string): { dom: string; said: string; requests: readonly string[] } {
  const page = join(folder, `${name}.html`);
  const log = join(folder, `${name}.json`);
  writeFileSync(page, html);
  const places = [`--log-net-log=${log}`, `--user-data-dir=${folder}/profile`, `file://${page}`];
  const { stdout, stderr } = spawnSync(chromium ?? '', [...words, ...places], { encoding: 'utf8', timeout: 120_000 });
  // An event a line. What the browser asks for its own ends has no origin.
  const asked = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => /"initiator":"(?!not an origin")/.test(line))
    .flatMap((line) => /"url":"([^"]*)"/.exec(line)?.[1] ?? []);
  return { dom: stdout, said: stderr, requests: [...new Set(asked)].sort() };
}

describe.skipIf(chromium === undefined)('the page in a browser', () => {
  it('draws every mark, runs its own script and nothing of the data, and asks the network for nothing', () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>document.title='taken'</script></svg>`;
    const source = `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
    const html = renderPlotsPage({
      revisions: [evil],
      plots: [
        plot('linear', [0, 1, 2], [1, 2, 3]),
        plot('scatter', [0, 1, 2, 3], [1, 2, 'x', 3]),
        plot('bar_horizontal', [1, 2], [evil, 'b']),
        plot('confusion', ['a', evil], ['a', 'a']),
        { kind: 'image', id: 'i', title: 'i', images: [{ revision: evil, source }] },
      ],
      remarks: [evil],
    });
    const { dom, said, requests } = opened('page', html);
    expect(dom.length).toBeGreaterThan(5000);
    expect(said).not.toMatch(/CONSOLE.*(Uncaught|Refused|violates)/);
    expect(/<title>[^<]*<\/title>/.exec(dom)?.[0]).toMatch(/^<title>Plots/);
    expect(dom.match(/<circle/g)).toHaveLength(6);
    expect(dom.match(/class="cell"/g)).toHaveLength(4);
    expect(dom.match(/<script/g)).toHaveLength(1);
    expect(dom.match(/<img /g)).toHaveLength(1);
    expect(requests).toEqual([]);
  });

  it('would be caught at any request: a page without the policy that makes some is', () => {
    const asking = `<img src="http://127.0.0.1:9/x"><script>fetch('http://other.invalid/y')</script>`;
    expect(opened('asking', asking).requests).toEqual(['http://127.0.0.1:9/x', 'http://other.invalid/y']);
  });
});
