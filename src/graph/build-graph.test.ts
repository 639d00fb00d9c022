import { describe, expect, it } from 'vitest';
import { parsePipeline } from '../config/parse-pipeline.ts';
import type { OutConfig, PathRef, PipelineConfig, StageConfig } from '../config/types.ts';
import { asStageName, type StageName } from '../core/brands.ts';
import { failureMessage, type Failure } from '../core/failure.ts';
import { seededRandom } from '../core/random.ts';
import { buildGraph } from './build-graph.ts';
import type { Graph } from './types.ts';

const at = { file: 'pipeline.yaml', line: 1, column: 1, length: 1 };
const ref = (path: string): PathRef => ({ path, at });
const out = (path: string): OutConfig => ({ path, at, kind: 'out', cache: true, persist: false });

const stage = (name: string, deps: readonly string[], outs: readonly string[]): StageConfig => ({
  name: asStageName(name),
  at,
  cmd: ['true'],
  wdir: '.',
  deps: deps.map(ref),
  params: [],
  outs: outs.map(out),
  env: [],
  frozen: false,
  alwaysChanged: false,
  retries: 0,
});
const configOf = (stages: readonly StageConfig[]): PipelineConfig => ({
  file: 'pipeline.yaml',
  stages,
  models: [],
  shown: { params: [], metrics: [], plots: [] },
  artifacts: [],
});

function graphOf(text: string): Graph {
  const config = parsePipeline(text, 'pipeline.yaml');
  if (!config.ok) throw new Error(config.error.map(failureMessage).join('\n'));
  const graph = buildGraph(config.value);
  if (!graph.ok) throw new Error(graph.error.map(failureMessage).join('\n'));
  return graph.value;
}

function failuresOf(text: string): readonly Failure[] {
  const config = parsePipeline(text, 'pipeline.yaml');
  if (!config.ok) throw new Error(config.error.map(failureMessage).join('\n'));
  const graph = buildGraph(config.value);
  return graph.ok ? [] : graph.error;
}
const names = (graph: Graph): string[] => graph.stages.map(({ name }) => name);
const upstream = (graph: Graph, name: string): readonly string[] | undefined => graph.upstream.get(asStageName(name));

describe('edges', () => {
  it('go from the stage that makes a path to the one that reads it', () => {
    const graph = graphOf('stages: {b: {cmd: x, deps: [f]}, a: {cmd: x, outs: [f]}}');
    expect(names(graph)).toEqual(['a', 'b']);
    expect(upstream(graph, 'b')).toEqual(['a']);
    expect(graph.downstream.get(asStageName('a'))).toEqual(['b']);
    expect(graph.makers.get('f')).toEqual(['a']);
  });

  it('come from a dep inside an out directory', () => {
    const graph = graphOf('stages: {b: {cmd: x, deps: [d/e/f.csv]}, a: {cmd: x, outs: [d]}}');
    expect(upstream(graph, 'b')).toEqual(['a']);
  });

  it('come from a dep directory that holds outs of several stages', () => {
    const graph = graphOf('stages: {c: {cmd: x, deps: [d]}, a: {cmd: x, outs: [d/1]}, b: {cmd: x, outs: [d/e/2]}}');
    expect(upstream(graph, 'c')).toEqual(['a', 'b']);
    expect(graph.makers.get('d')).toEqual(['a', 'b']);
  });

  it('come from a dep on the whole workspace', () => {
    expect(upstream(graphOf('stages: {b: {cmd: x, deps: [.]}, a: {cmd: x, outs: [d/1]}}'), 'b')).toEqual(['a']);
  });

  it('come from a params file that a stage makes', () => {
    expect(upstream(graphOf('stages: {b: {cmd: x, params: [k]}, a: {cmd: x, outs: [params.yaml]}}'), 'b')).toEqual([
      'a',
    ]);
  });

  it('come from metrics and plots too', () => {
    const graph = graphOf(
      'stages: {b: {cmd: x, deps: [m.json, p.csv]}, a: {cmd: x, metrics: [m.json], plots: [p.csv]}}',
    );
    expect(upstream(graph, 'b')).toEqual(['a']);
  });

  it('do not come from paths that only begin alike', () => {
    expect(
      upstream(graphOf('stages: {b: {cmd: x, deps: [data2, dat, data.csv]}, a: {cmd: x, outs: [data]}}'), 'b'),
    ).toEqual([]);
  });

  it('do not come from deps outside the workspace', () => {
    expect(upstream(graphOf('stages: {b: {cmd: x, deps: [../d, /d]}, a: {cmd: x, outs: [d]}}'), 'b')).toEqual([]);
  });
});

describe('the order', () => {
  it('is the order of declaration where the edges leave a choice', () => {
    const text = 'stages: {z: {cmd: x, deps: [f]}, y: {cmd: x}, x: {cmd: x, outs: [f]}, a: {cmd: x}}';
    expect(names(graphOf(text))).toEqual(['y', 'x', 'z', 'a']);
  });
});

describe('what makes no graph', () => {
  const said = (text: string): string[] => failuresOf(text).map(failureMessage);

  it('is a cycle, named in order from the first declared stage', () => {
    const text = `stages:
  c: {cmd: x, deps: [fb], outs: [fc]}
  a: {cmd: x, deps: [fc], outs: [fa]}
  b: {cmd: x, deps: [fa], outs: [fb]}
  after: {cmd: x, deps: [fc]}
`;
    expect(said(text)).toEqual(['the stages depend on each other in a circle: c -> a -> b -> c']);
    expect(failuresOf(text)[0]?.at).toMatchObject({ line: 2, column: 3 });
  });

  it('is the same out in two stages', () => {
    const text = 'stages:\n  a: {cmd: x, outs: [f]}\n  b: {cmd: x, metrics: [./f]}\n';
    expect(said(text)).toEqual(['stages "a" and "b" both make f; the first names it at pipeline.yaml:2:22']);
    expect(failuresOf(text)[0]?.at).toMatchObject({ line: 3, column: 25 });
  });

  it('is the same out twice in one stage', () => {
    expect(said('stages:\n  a: {cmd: x, outs: [f, f]}\n')[0]).toContain('stage "a" names f twice');
  });

  it('is an out inside the out of another stage, whichever comes first', () => {
    for (const [one, two] of [
      ['d', 'd/e/f'],
      ['d/e/f', 'd'],
    ]) {
      const text = `stages:\n  a: {cmd: x, outs: [${one}]}\n  b: {cmd: x, outs: [${two}]}\n`;
      const [inner, outer] = one === 'd' ? ['b', 'a'] : ['a', 'b'];
      expect(said(text)).toHaveLength(1);
      expect(said(text)[0]).toContain(`out d/e/f of stage "${inner}" lies inside out d of stage "${outer}"`);
    }
  });

  it.each([
    ['its own out', 'f', 'f'],
    ['a file in its own out', 'd/f', 'd'],
    ['a directory that holds its own out', 'd', 'd/f'],
  ])('is a stage that reads %s', (_, dep, made) => {
    const text = `stages:\n  a: {cmd: x, deps: [${dep}], outs: [${made}]}\n`;
    expect(failuresOf(text).map(({ reason, at: where }) => [reason, where?.column])).toEqual([['own-out', 22]]);
  });

  it('is two stages of one name', () => {
    const graph = buildGraph(configOf([stage('a', [], []), stage('a', [], [])]));
    expect(!graph.ok && graph.error.map(({ reason }) => reason)).toEqual(['stage-twice']);
  });
});

describe('random graphs', () => {
  /** Whether a cycle exists, by repeated removal of stages that nothing blocks: cubic, and obviously right. */
  function hasCycle(edges: ReadonlySet<string>, size: number): boolean {
    const left = new Set(Array.from({ length: size }, (_, i) => i));
    for (;;) {
      const free = [...left].find((to) => ![...left].some((from) => edges.has(`${from}>${to}`)));
      if (free === undefined) return left.size > 0;
      left.delete(free);
    }
  }

  it('are ordered along their edges, or refused with a true cycle exactly when there is one', () => {
    let cyclic = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const random = seededRandom(seed);
      const size = 2 + Math.floor(random() * 12);
      const edges = new Set<string>();
      const count = Math.floor(random() * size * 1.5);
      for (let i = 0; i < count; i++) {
        const from = Math.floor(random() * size);
        const to = Math.floor(random() * size);
        if (from !== to) edges.add(`${from}>${to}`);
      }
      const stages = Array.from({ length: size }, (_, to) => {
        const deps = Array.from({ length: size }, (_, from) => from).filter((from) => edges.has(`${from}>${to}`));
        return stage(
          `s${to}`,
          deps.map((from) => `o${from}`),
          [`o${to}`],
        );
      });
      const graph = buildGraph(configOf(stages));
      expect(graph.ok, `seed ${seed}`).toBe(!hasCycle(edges, size));
      if (graph.ok) expectOrdered(graph.value, edges, size);
      else {
        cyclic++;
        const [problem] = graph.error;
        const cycle = problem?.reason === 'cycle' ? problem.detail.stages.map((name) => Number(name.slice(1))) : [];
        expect(cycle.length).toBeGreaterThan(1);
        cycle.forEach((from, i) => {
          expect(edges.has(`${from}>${cycle[(i + 1) % cycle.length]}`), `seed ${seed}`).toBe(true);
        });
        expect(cycle[0]).toBe(Math.min(...cycle));
      }
    }
    expect(cyclic).toBeGreaterThan(50);
    expect(cyclic).toBeLessThan(250);
  });

  function expectOrdered(graph: Graph, edges: ReadonlySet<string>, size: number): void {
    const place = new Map<StageName, number>(graph.stages.map(({ name }, i) => [name, i]));
    const placeOf = (index: number | string): number => place.get(asStageName(`s${index}`)) ?? -1;
    expect(place.size).toBe(size);
    for (const edge of edges) {
      const [from = '', to = ''] = edge.split('>');
      expect(placeOf(from)).toBeLessThan(placeOf(to));
      expect(upstream(graph, `s${to}`)).toContain(`s${from}`);
    }
    // No stage could have come before the one in front of it that was declared later.
    graph.stages.forEach(({ name }, i) => {
      const previous = graph.stages[i - 1];
      if (previous === undefined || upstream(graph, name)?.includes(previous.name)) return;
      const [mine, theirs] = [Number(name.slice(1)), Number(previous.name.slice(1))];
      const wasBlocked = (upstream(graph, name) ?? []).some((above) => placeOf(above.slice(1)) >= i - 1);
      expect(wasBlocked || theirs < mine).toBe(true);
    });
  }
});

describe('large graphs', () => {
  it('of ten thousand stages are built in well under a second, and time grows with size', () => {
    const build = (size: number): number => {
      const stages = Array.from({ length: size }, (_, i) =>
        stage(`s${i}`, [`d/${i - 1}/out.txt`, `src/${i}.ts`], [`d/${i}`]),
      ).reverse();
      const config = configOf(stages);
      const start = performance.now();
      const graph = buildGraph(config);
      expect(graph.ok && graph.value.stages[0]?.name).toBe('s0');
      return performance.now() - start;
    };
    build(1000);
    expect(build(10_000)).toBeLessThan(2000);
  });
});
