import { Ajv } from 'ajv';
import { describe, expect } from 'vitest';
import { test } from './rig.ts';

describe.concurrent('mlp schema', () => {
  test('prints a schema that takes the pipeline of mlp init and refuses a misspelt field', async ({ rig }) => {
    const { code, out, err } = await rig.mlp('schema');
    expect([code, err]).toEqual([0, '']);
    const validate = new Ajv({ strictTypes: false }).compile(JSON.parse(out) as object);
    expect(validate({ stages: { train: { cmd: 'x', outs: ['model'] } } })).toBe(true);
    expect(validate({ stages: { train: { cmd: 'x', out: ['model'] } } })).toBe(false);
  });

  test('writes it to a file and says the line for the pipeline file', async ({ rig }) => {
    rig.pipeline({ a: { cmd: 'true' } });
    const { code, out, err } = await rig.mlp('schema', '--output', 'docs/pipeline.schema.json');
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('# yaml-language-server: $schema=./docs/pipeline.schema.json\n');
    expect(rig.read('docs/pipeline.schema.json')).toBe((await rig.mlp('schema')).out);
    rig.write('file', '');
    expect((await rig.mlp('schema', '--output', 'file/schema.json')).code).toBe(1);
  });

  test('of params prints what the learning stages read, and refuses to print anything else', async ({ rig }) => {
    const { code, out } = await rig.mlp('schema', 'params');
    expect(code).toBe(0);
    const validate = new Ajv({ strictTypes: false }).compile(JSON.parse(out) as object);
    expect(validate({ train: { algorithm: 'linear_svm', c: 2 } })).toBe(true);
    expect(validate({ train: { algorithm: 'linear_svm', cc: 2 } })).toBe(false);
    expect((await rig.mlp('schema', 'parms')).code).toBe(2);
    const written = await rig.mlp('schema', 'params', '-o', 'params.schema.json');
    expect(written.err).toContain('begin params.yaml with');
  });
});
