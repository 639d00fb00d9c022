import { readdirSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { test } from './rig.ts';

/** Writes down what a stage finds in its environment. */
const report = [
  "const { readFileSync, writeFileSync } = require('fs');",
  'const { MLP_STAGE, MLP_RUN_ID, MLP_PARAMS_JSON, MLP_PARAMS_FILE } = process.env;',
  "const file = readFileSync(MLP_PARAMS_FILE, 'utf8');",
  'writeFileSync(process.argv[2], JSON.stringify({ MLP_STAGE, MLP_RUN_ID, MLP_PARAMS_JSON, MLP_PARAMS_FILE, file }));',
].join('\n');

type Found = Readonly<Record<'MLP_STAGE' | 'MLP_RUN_ID' | 'MLP_PARAMS_JSON' | 'MLP_PARAMS_FILE' | 'file', string>>;

describe.concurrent('the environment of a stage', () => {
  test('has its name, the run, and its declared params alone, as text and as a file that goes with the run', async ({
    rig,
  }) => {
    rig.write('report.cjs', report);
    rig.write('params.yaml', 'train: {c: 0.5, deep: {er: [1, two]}}\nsecret: 1\nname: ä\n');
    rig.pipeline({
      one: { cmd: 'node report.cjs one.json', params: ['train.deep', 'name'], outs: ['one.json'] },
      'two words': { cmd: 'node ../report.cjs two.json', wdir: 'sub', outs: ['two.json'] },
    });
    rig.write('sub/keep', '');
    const { code, out } = await rig.mlp('repro', '--json');
    expect(code).toBe(0);
    const one = JSON.parse(rig.read('one.json')) as Found;
    const two = JSON.parse(rig.read('sub/two.json')) as Found;
    const params = { train: { deep: { er: [1, 'two'] } }, name: 'ä' };
    expect([JSON.parse(one.MLP_PARAMS_JSON), JSON.parse(one.file)]).toEqual([params, params]);
    expect([two.MLP_PARAMS_JSON, two.file, one.MLP_STAGE, two.MLP_STAGE]).toEqual(['{}', '{}', 'one', 'two words']);
    const { run } = JSON.parse(out) as { run: { id: string } };
    expect([one.MLP_RUN_ID, two.MLP_RUN_ID]).toEqual([run.id, run.id]);
    expect(one.MLP_PARAMS_FILE.startsWith(rig.path('.mlp/tmp/'))).toBe(true);
    expect(readdirSync(rig.path('.mlp/tmp'))).not.toContain('params');
  });

  test('has params of any size in the file, and those that no system takes as a variable only there', async ({
    rig,
  }) => {
    rig.write('report.cjs', report);
    const long = 'x'.repeat(3_000_000);
    rig.write('params.yaml', JSON.stringify({ long, short: 1 }));
    rig.pipeline({
      long: { cmd: 'node report.cjs long.json', params: ['long'], outs: ['long.json'] },
      edge: { cmd: 'node report.cjs edge.json', params: [{ 'edge.yaml': ['x'] }], outs: ['edge.json'] },
    });
    rig.write('edge.yaml', JSON.stringify({ x: 'é'.repeat(49_990) }));
    expect((await rig.mlp('repro')).code).toBe(0);
    const found = JSON.parse(rig.read('long.json')) as Found;
    expect([found.MLP_PARAMS_JSON, JSON.parse(found.file)]).toEqual([undefined, { long }]);
    const edge = JSON.parse(rig.read('edge.json')) as Found;
    expect(edge.MLP_PARAMS_JSON).toBe(edge.file);
  });

  test('has not-a-number and the infinities as text, so that the JSON is JSON', async ({ rig }) => {
    rig.write('report.cjs', report);
    rig.write('params.yaml', 'a: .nan\nb: [.inf, {c: -.inf}]\nd: 1.5\n');
    rig.pipeline({ s: { cmd: 'node report.cjs o.json', params: ['a', 'b', 'd'], outs: ['o.json'] } });
    expect((await rig.mlp('repro')).code).toBe(0);
    const { file } = JSON.parse(rig.read('o.json')) as Found;
    expect(JSON.parse(file)).toEqual({ a: 'NaN', b: ['Infinity', { c: '-Infinity' }], d: 1.5 });
  });
});
