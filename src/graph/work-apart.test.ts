import { describe, expect, it } from 'vitest';
import { parsePipeline } from '../config/parse-pipeline.ts';
import { buildGraph } from './build-graph.ts';
import type { Graph } from './types.ts';
import { worksApart } from './work-apart.ts';

/** a -> b -> c, and d beside them. */
const yaml = `stages:
  a: {cmd: x, outs: [a]}
  b: {cmd: x, deps: [a], outs: [b]}
  c: {cmd: x, deps: [b], outs: [c]}
  d: {cmd: x, outs: [d]}
`;

function graphOf(text: string): Graph {
  const config = parsePipeline(text, 'pipeline.yaml', () => undefined);
  const graph = config.ok ? buildGraph(config.value) : config;
  if (!graph.ok) throw new Error('no graph');
  return graph.value;
}

describe('work on some stages is apart from work on others', () => {
  const graph = graphOf(yaml);

  it('when they have no stage in common and none feeds the other', () => {
    expect(worksApart(graph, ['a', 'b'], ['d'])).toBe(true);
    expect(worksApart(graph, ['d'], [])).toBe(true);
  });

  it('but not when a stage is in both', () => {
    expect(worksApart(graph, ['a', 'b'], ['b', 'd'])).toBe(false);
  });

  it('nor when a stage of one is above a stage of the other, at any distance and either way round', () => {
    expect(worksApart(graph, ['a'], ['c'])).toBe(false);
    expect(worksApart(graph, ['c'], ['a'])).toBe(false);
  });

  it("and names that this pipeline does not have stand in nobody's way", () => {
    expect(worksApart(graph, ['a'], ['elsewhere'])).toBe(true);
  });
});
