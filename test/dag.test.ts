import { expect } from 'vitest';
import { test } from './rig.ts';

const stages = {
  prepare: { cmd: 'cp data.csv clean.csv', deps: ['data.csv'], outs: ['clean.csv'] },
  train: {
    matrix: { c: [1, 2] },
    cmd: 'cp clean.csv model-${item.c}',
    deps: ['clean.csv'],
    outs: ['model-${item.c}'],
  },
  select: { cmd: 'cat model-1 model-2 > best', deps: ['model-1', 'model-2'], outs: ['best'] },
};

test('the graph is drawn with what would run', async ({ rig }) => {
  rig.pipeline(stages);
  rig.write('data.csv', 'a\n');
  await rig.mlp('repro', 'train@1');
  const { code, out, err } = await rig.mlp('dag');
  expect([code, err]).toEqual([0, '']);
  expect(out).toBe(
    [
      '  ○      prepare   up to date',
      '  ├─○─╮  train@1   up to date',
      '  ╰─●─┤  train@2   would run',
      '      ●  select    would run',
      '',
    ].join('\n'),
  );
});

test('targets draw what stands above them', async ({ rig }) => {
  rig.pipeline(stages);
  rig.write('data.csv', 'a\n');
  const { out } = await rig.mlp('dag', 'train@2', '--json');
  expect(JSON.parse(out)).toEqual({
    nodes: [
      { name: 'prepare', state: 'run' },
      { name: 'train@2', state: 'run' },
    ],
    edges: [['prepare', 'train@2']],
  });
});

test('a pipeline that cannot be planned is drawn without states', async ({ rig }) => {
  rig.pipeline(stages);
  const { code, out, err } = await rig.mlp('dag');
  expect(code).toBe(0);
  expect(err).toContain('warning: drawn without what would run: dep data.csv');
  expect(out).toContain('  ├─●─╮  train@1\n');
});

test('markup is the same whatever is stale, and one kind at a time', async ({ rig }) => {
  rig.pipeline(stages);
  rig.write('data.csv', 'a\n');
  const before = await rig.mlp('dag', '--mermaid');
  await rig.mlp('repro');
  expect(await rig.mlp('dag', '--mermaid')).toEqual(before);
  expect(before.out).toContain('n0 --> n1');
  expect((await rig.mlp('dag', '--dot')).out).toMatch(/^digraph pipeline \{[^]*\}\n$/);
  expect((await rig.mlp('dag', '--dot', '--mermaid')).code).toBe(2);
});

test('stage list shows every stage with what it makes', async ({ rig }) => {
  rig.pipeline(stages);
  const { out } = await rig.mlp('stage', 'list');
  expect(out).toBe(
    [
      '  prepare   cp data.csv clean.csv        -> clean.csv',
      '  train@1   cp clean.csv model-1         -> model-1',
      '  train@2   cp clean.csv model-2         -> model-2',
      '  select    cat model-1 model-2 > best   -> best',
      '',
    ].join('\n'),
  );
  const names = (JSON.parse((await rig.mlp('stage', 'list', '--json')).out) as { name: string }[]).map(
    ({ name }) => name,
  );
  expect(names).toEqual(['prepare', 'train@1', 'train@2', 'select']);
});
