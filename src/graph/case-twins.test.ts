import { describe, expect, it } from 'vitest';
import { parsePipeline } from '../config/parse-pipeline.ts';
import { failureMessage } from '../core/failure.ts';
import { buildGraph } from './build-graph.ts';

function problemsOf(...outs: string[]): string[] {
  const stages = outs.map((out, index) => `  s${String(index)}: {cmd: x, outs: ["${out}"]}\n`);
  const config = parsePipeline(`stages:\n${stages.join('')}`, 'pipeline.yaml', () => undefined);
  const graph = config.ok ? buildGraph(config.value) : config;
  return graph.ok ? [] : graph.error.map(failureMessage);
}

describe('outs whose paths differ only in case', () => {
  it('are refused, with both stages and the place of the first', () => {
    expect(problemsOf('models/A', 'models/a')).toEqual([
      'out models/a of stage "s1" differs only in case from out models/A of stage "s0", named at pipeline.yaml:2:23',
    ]);
  });

  it('are refused too when one would lie inside the other, in either order', () => {
    expect(problemsOf('Data', 'data/x')).toHaveLength(1);
    expect(problemsOf('data/x', 'Data')).toHaveLength(1);
    expect(problemsOf('GRÖSSE', 'größe/x', 'grösse/y')).toHaveLength(1);
  });

  it('are no matter when they only share folders, and are told as the same out when they are written alike', () => {
    expect(problemsOf('Models/a', 'models/b', 'x', 'xy')).toEqual([]);
    expect(problemsOf('a', 'a')).toEqual([expect.stringContaining('both make a')]);
  });
});

describe('what mlp and git live by', () => {
  it('cannot be an out in any spelling', () => {
    for (const out of ['.Git', '.GIT/config', '.MLP/x', 'Pipeline.yaml', 'PIPELINE.lock']) {
      expect(problemsOf(out)).toEqual([expect.stringContaining('with it when it is removed')]);
    }
  });
});
