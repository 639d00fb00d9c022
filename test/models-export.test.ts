import { readFileSync } from 'node:fs';
import { describe, expect } from 'vitest';
import { test } from './rig.ts';
import { trainPackage } from './trained-package.ts';

describe('mlp models export', () => {
  test('writes the classifier of a package as an ONNX file', async ({ rig }) => {
    await trainPackage(rig.path('package'), { c: 1, rows: 60 });
    const ended = await rig.mlp('models', 'export', '--package', 'package', '--onnx', 'out/mood.onnx', '--json');
    expect(ended.code, ended.err).toBe(0);
    const told = JSON.parse(ended.out) as { file: string; bytes: number; columns: number };
    expect(told).toMatchObject({ file: 'out/mood.onnx', classes: ['negative', 'neutral', 'positive'] });
    const file = readFileSync(rig.path('out/mood.onnx'));
    expect(file.length).toBe(told.bytes);
    expect(file.length).toBeGreaterThan(told.columns * 3 * 8);
    // The version of the format (8), then who made it.
    expect(file.subarray(0, 7)).toEqual(Buffer.from([0x08, 8, 0x12, 3, ...Buffer.from('mlp')]));
  });

  test('writes boosted trees as the text model that LightGBM loads, and refuses other models', async ({ rig }) => {
    await trainPackage(rig.path('trees'), { rows: 60, algorithm: 'boosted_trees', num_iterations: 5 });
    const ended = await rig.mlp('models', 'export', '--package', 'trees', '--lightgbm', 'out/mood.txt', '--json');
    expect(ended.code, ended.err).toBe(0);
    const { bytes, columns } = JSON.parse(ended.out) as { bytes: number; columns: number };
    const text = readFileSync(rig.path('out/mood.txt'), 'latin1');
    expect(text.length).toBe(bytes);
    expect(text).toContain(`max_feature_idx=${columns - 1}\nobjective=multiclass num_class:3\n`);
    expect(text.match(/^Tree=/gm)).toHaveLength(15);

    await trainPackage(rig.path('linear'), { rows: 60, c: 1 });
    const refused = await rig.mlp('models', 'export', '--package', 'linear', '--lightgbm', 'x.txt');
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('linear_svm grows no boosted trees')]);
  });

  test('says what is missing: the package, or the file to write', async ({ rig }) => {
    const gone = await rig.mlp('models', 'export', '--package', 'gone', '--onnx', 'x.onnx');
    expect([gone.code, gone.err]).toEqual([2, expect.stringContaining('there is no model package in')]);
    const bare = await rig.mlp('models', 'export', '--package', 'gone');
    expect([bare.code, bare.err]).toEqual([2, expect.stringContaining('--onnx FILE or --lightgbm FILE')]);
    const both = await rig.mlp('models', 'export', '--package', 'gone', '--onnx', 'x', '--lightgbm', 'y');
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('not both')]);
  });
});
