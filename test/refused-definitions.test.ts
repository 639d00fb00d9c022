import { describe, expect } from 'vitest';
import { test, type Ended, type Rig } from './rig.ts';

/** Runs `mlp repro` on this text; nothing may run or be left behind. */
async function refused(rig: Rig, text: string, ...words: string[]): Promise<Ended> {
  rig.write('pipeline.yaml', text);
  const ended = await rig.mlp('repro', ...words);
  expect([ended.code, ended.out, rig.ran(), rig.has('pipeline.lock')]).toEqual([2, '', [], false]);
  return ended;
}

const echo = 'echo s >> "$RAN"; echo 1 > o';

describe.concurrent('a definition that cannot be carried out', () => {
  test('12: a dep that does not exist, and that no stage makes, stops everything before anything runs', async ({
    rig,
  }) => {
    rig.write('data.csv', '');
    const text = `stages:\n  s:\n    cmd: ${echo}\n    outs: [o]\n  t:\n    cmd: x\n    deps: [o, data.cvs]\n`;
    const { err } = await refused(rig, text);
    expect(err).toContain('dep data.cvs does not exist, and no stage makes it');
    expect(err).toContain('pipeline.yaml:7:15\n');
    expect(err).toContain('did you mean "data.csv"?');
  });

  test('44: a cycle is told with its stages in order', async ({ rig }) => {
    const text = 'stages:\n  a: {cmd: x, deps: [fc], outs: [fa]}\n  c: {cmd: x, deps: [fb], outs: [fc]}\n';
    const { err } = await refused(rig, `${text}  b: {cmd: x, deps: [fa], outs: [fb]}\n`);
    expect(err).toContain('the stages depend on each other in a circle: a -> b -> c -> a');
  });

  test('45: outs in each other’s way, and a dep that is an out of the same stage, are told with both places', async ({
    rig,
  }) => {
    const first = `stages:\n  s:\n    cmd: ${echo}\n    outs: [o]\n`;
    for (const [more, says, place] of [
      [
        '  t:\n    cmd: x\n    outs: [./o]\n',
        '"s" and "t" both make o; the first names it at pipeline.yaml:4:12',
        '7:12',
      ],
      ['  t:\n    cmd: x\n    outs: [o/p]\n', 'out o/p of stage "t" lies inside out o of stage "s"', '7:12'],
      ['    deps: [o]\n', 'stage "s" reads o and makes it; the out is at pipeline.yaml:4:12', '5:12'],
    ] as const) {
      const { err } = await refused(rig, first + more);
      expect(err).toContain(says);
      expect(err).toContain(`pipeline.yaml:${place}\n`);
    }
  });

  test('46: an unknown target is told with the nearest names', async ({ rig }) => {
    const text = `stages:\n  train:\n    cmd: ${echo}\n    outs: [o]\n  g:\n    foreach: [a, b]\n    do: {cmd: x}\n`;
    expect((await refused(rig, text, 'trian')).err).toMatch(
      /no stage, group or out is called "trian"[^]*did you mean "train"\?/,
    );
    expect((await refused(rig, text, 'g@c')).err).toMatch(/"g@c"[^]*did you mean "g@a"/);
    expect((await refused(rig, text, 'train', 'x?z')).err).toContain('no stage, group or out is called "x?z"');
  });

  test('70: a mistake in a template is told with file, line, stage and field', async ({ rig }) => {
    rig.write('params.yaml', 'model: {kind: svm}\n');
    const stage = (fields: string): string => `stages:\n  s:\n    ${fields}\n`;
    for (const [text, says, place] of [
      [stage('cmd: echo ${modle.kind}'), 'nothing is called "modle.kind", which "cmd" of stage "s" asks for', '3:15'],
      [stage('cmd: "x ${model.}"'), /"cmd" of stage "s"/, '3:13'],
      [stage('cmd: x\n    outs: ["o-${model}"]'), '${model} in "outs" of stage "s" stands for a map', '4:15'],
      [
        `vars: [{model: {kind: x}}]\n${stage('cmd: x')}`,
        'sets "model.kind" again, which params.yaml:1:9 has set',
        '1:17',
      ],
    ] as const) {
      const { err } = await refused(rig, text);
      if (typeof says === 'string') expect(err).toContain(says);
      else expect(err).toMatch(says);
      expect(err).toContain(`pipeline.yaml:${place}\n`);
    }
  });

  test('71: an unknown field is told with the nearest known name', async ({ rig }) => {
    for (const [text, says, near] of [
      ['stages: {s: {cmd: x, dep: [a]}}\n', 'unknown field "dep" in stage "s"', 'deps'],
      ['stages: {s: {cmd: x, outs: [{o: {cahce: false}}]}}\n', 'unknown field "cahce"', 'cache'],
      ['stage: {s: {cmd: x}}\n', 'unknown field "stage" in pipeline.yaml', 'stages'],
    ] as const) {
      const { err } = await refused(rig, text);
      expect(err).toContain(says);
      expect(err).toContain(`did you mean "${near}"`);
    }
  });
});
