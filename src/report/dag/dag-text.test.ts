import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { displayWidth } from '../display-width.ts';
import { styleFor } from '../style.ts';
import { renderDag } from './dag-text.ts';
import type { DagView } from './dag-view.ts';

const screen = { style: styleFor(false), columns: 80 };
type Edge = readonly [string, string];

const viewOf = (names: readonly string[], edges: readonly Edge[]): DagView => ({
  nodes: names.map((name) => ({ name })),
  edges,
});
const chain = (...names: readonly string[]): Edge[] => names.slice(1).map((name, at) => [names[at] ?? '', name]);

/** Follows every line of a drawing with the eye: down a rail, right along a line, and reports which dots it connects. */
function edgesIn(drawing: string): string[] {
  const grid = drawing.split('\n').map((line) => Array.from(line));
  const at = (row: number, column: number): string => grid[row]?.[column] ?? ' ';
  const nameIn = (row: number): string => /\S+$/.exec((grid[row] ?? []).join(''))?.[0] ?? '';
  const found = new Set<string>();
  const goDown = (from: string, start: number, column: number): void => {
    for (let row = start; ; row++) {
      const cell = at(row, column);
      if (cell === '●') found.add(`${from}>${nameIn(row)}`);
      if (cell === '├' || cell === '╰') goRight(from, row, column + 1);
      if (!['│', '┤', '├'].includes(cell)) return;
    }
  };
  const goRight = (from: string, row: number, start: number): void => {
    for (let column = start; ; column++) {
      const cell = at(row, column);
      if (cell === '●') found.add(`${from}>${nameIn(row)}`);
      if (cell === '┤' || cell === '╮') goDown(from, row + 1, column);
      if (!['─', '│', '├', '╰', '┤', '╮'].includes(cell)) return;
    }
  };
  grid.forEach((cells, row) => {
    const column = cells.indexOf('●');
    if (column < 0) return;
    if (['│', '├', '╰', '┤'].includes(at(row + 1, column))) goDown(nameIn(row), row + 1, column);
    goRight(nameIn(row), row, column + 1);
  });
  return [...found].sort();
}

const drawn = (view: DagView): string[] => edgesIn(renderDag(view, screen));
const declared = (view: DagView): string[] => [...new Set(view.edges.map(([from, to]) => `${from}>${to}`))].sort();

function randomDag(seed: number, size: number, reach: number): DagView {
  const random = seededRandom(seed);
  const names = Array.from({ length: size }, (_, i) => `s${i}`);
  const edges: Edge[] = [];
  for (let to = 1; to < size; to++) {
    for (let k = 0; k < Math.floor(random() * 3); k++) {
      const from = Math.max(0, to - 1 - Math.floor(random() * reach));
      edges.push([names[from] ?? '', names[to] ?? '']);
    }
  }
  return viewOf(names, edges);
}

describe('renderDag', () => {
  it('steps right along a chain', () => {
    const names = ['preprocess', 'featurize', 'train'];
    expect(renderDag(viewOf(names, chain(...names)), screen)).toBe(
      ['  ●      preprocess', '  ╰─●    featurize', '    ╰─●  train', ''].join('\n'),
    );
  });

  it('draws a fan-out and a fan-in on one rail each', () => {
    const middle = Array.from({ length: 15 }, (_, i) => `train@${i}`);
    const edges = middle.flatMap((name): Edge[] => [
      ['prepare', name],
      [name, 'select'],
    ]);
    const text = renderDag(viewOf(['prepare', ...middle, 'select'], edges), screen);
    expect(text.split('\n').slice(0, 3)).toEqual(['  ●      prepare', '  ├─●─╮  train@0', '  ├─●─┤  train@1']);
    expect(text.split('\n').slice(15, 17)).toEqual(['  ╰─●─┤  train@14', '      ●  select']);
  });

  it('keeps branches together whatever the order of declaration', () => {
    const edges = [...chain('a', 'b1', 'b2', 'd'), ...chain('a', 'c1', 'c2', 'd')];
    const rows = renderDag(viewOf(['a', 'b1', 'c1', 'b2', 'c2', 'd'], edges), screen).match(/\w+$/gm);
    expect(rows).toEqual(['a', 'b1', 'b2', 'c1', 'c2', 'd']);
  });

  it('runs a deep chain straight down', () => {
    const names = Array.from({ length: 30 }, (_, i) => `s${i}`);
    const view = viewOf(names, chain(...names));
    expect(renderDag(view, screen).split('\n').slice(0, 3)).toEqual(['  ●  s0', '  │', '  ●  s1']);
    expect(drawn(view)).toEqual(declared(view));
  });

  it('puts parts that nothing connects below each other, single stages last and together', () => {
    const text = renderDag(
      viewOf(['lint', 'a', 'b', 'c', 'd', 'docs'], [...chain('a', 'b'), ...chain('c', 'd')]),
      screen,
    );
    expect(text).toBe('  ●    a\n  ╰─●  b\n\n  ●    c\n  ╰─●  d\n\n  ●    lint\n  ●    docs\n');
  });

  it('marks states by symbol and word, so that colour is not needed', () => {
    const states = ['skip', 'restore', 'checkout', 'run', 'may-run'] as const;
    const names = ['a', 'b', 'c', 'd', 'e'];
    const nodes = names.map((name, at) => ({ name, state: states[at] ?? 'skip' }));
    expect(renderDag({ nodes, edges: [] }, screen)).toBe(
      [
        '  ○  a   up to date',
        '  ◆  b   would be restored',
        '  ◆  c   would be put back',
        '  ●  d   would run',
        '  ◐  e   may run',
        '',
      ].join('\n'),
    );
  });

  it.each(Array.from({ length: 60 }, (_, i) => [i + 1, 4 + (i % 27), 1 + (i % 9)]))(
    'shows every edge and no other (seed %d, %d stages, reach %d)',
    (seed, size, reach) => {
      const view = randomDag(seed, size, reach);
      expect(drawn(view)).toEqual(declared(view));
    },
  );

  it('draws every stage once, after all that it reads from', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const view = randomDag(seed, 25, 6);
      const rows = (renderDag(view, screen).match(/\w+$/gm) as readonly string[] | null) ?? [];
      expect([...rows].sort()).toEqual(view.nodes.map(({ name }) => name).sort());
      for (const [from, to] of view.edges) expect(rows.indexOf(from)).toBeLessThan(rows.indexOf(to));
    }
  });

  it.each([40, 80, 120])(
    'wraps nothing at %d columns, and lists what stages need when the lines are too many',
    (columns) => {
      for (const size of [10, 30, 60]) {
        const view = randomDag(size, size, size);
        const long = { ...view, nodes: view.nodes.map(({ name }) => ({ name, state: 'run' as const })) };
        const text = renderDag(long, { ...screen, columns });
        for (const line of text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        for (const { name } of view.nodes) expect(text).toMatch(new RegExp(`${name}\\b`));
      }
      const name = '日本語'.repeat(40);
      const wide = renderDag(
        { nodes: [{ name, state: 'run' }, { name: 'b' }], edges: [[name, 'b'] as const] },
        { ...screen, columns },
      );
      for (const line of wide.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    },
  );

  it('draws thirty stages in a moment', () => {
    const view = randomDag(3, 30, 8);
    renderDag(view, screen);
    const start = performance.now();
    renderDag(view, screen);
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('says that there are no stages', () => {
    expect(renderDag({ nodes: [], edges: [] }, screen)).toBe('  no stages\n');
  });
});
