import { describe, expect, it } from 'vitest';
import { parsePipeline } from '../config/parse-pipeline.ts';
import { failureMessage, failureNext } from '../core/failure.ts';
import { buildGraph } from './build-graph.ts';
import { selectTargets } from './select-targets.ts';
import type { Graph } from './types.ts';

const text = `stages:
  prepare: {cmd: x, outs: [data/clean]}
  train: {cmd: x, deps: [data/clean], outs: [models/a]}
  trainer: {cmd: x, deps: [data/clean], outs: [models/b]}
  report: {cmd: x, deps: [models/a], outs: [report.html]}
  lonely: {cmd: x}
`;

function graph(source: string): Graph {
  const config = parsePipeline(source, 'pipeline.yaml');
  if (!config.ok) throw new Error(config.error.map(failureMessage).join('\n'));
  const built = buildGraph(config.value);
  if (!built.ok) throw new Error(built.error.map(failureMessage).join('\n'));
  return built.value;
}

const select = (targets: readonly string[], source = text) => {
  const result = selectTargets(graph(source), targets);
  if (!result.ok) throw new Error(result.error.map(failureMessage).join('\n'));
  return { named: [...result.value.named], stages: [...result.value.stages] };
};

describe('a target', () => {
  it('that is absent means everything', () => {
    expect(select([]).stages).toEqual(['prepare', 'train', 'trainer', 'report', 'lonely']);
  });

  it('that names a stage selects it with its ancestors', () => {
    expect(select(['report'])).toEqual({ named: ['report'], stages: ['prepare', 'train', 'report'] });
  });

  it.each([
    ['the path of an out', 'models/a', ['train']],
    ['a path inside an out', './data/clean/part.csv', ['prepare']],
    ['a folder that holds outs', 'models/', ['train', 'trainer']],
    ['a glob over names', 'train*', ['train', 'trainer']],
    ['a glob with one character', 'l?nely', ['lonely']],
    ['a glob with a set', '[l-p]*', ['prepare', 'lonely']],
    ['a glob with an excluded set', '[!t]*', ['prepare', 'report', 'lonely']],
    ['a glob over outs', '*.html', ['report']],
  ])('may be %s', (_, target, named) => {
    expect(select([target]).named).toEqual(named);
  });

  it('that nothing answers to is refused with near names, each of several', () => {
    const result = selectTargets(graph(text), ['trian', 'train', 'zzzzzz', '[z-a]']);
    expect(!result.ok && result.error.map(failureMessage)).toEqual([
      'no stage, group or out is called "trian"',
      'no stage, group or out is called "zzzzzz"',
      'no stage, group or out is called "[z-a]"',
    ]);
    expect(!result.ok && result.error[0] && failureNext(result.error[0])).toContain('"train"');
  });

  it('does not reach above a frozen stage', () => {
    const frozen = text.replace('train: {', 'train: {frozen: true, ');
    expect(select(['report'], frozen).stages).toEqual(['train', 'report']);
  });
});
