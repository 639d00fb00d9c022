import { readFileSync, writeFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { describe, expect } from 'vitest';
import { test } from './rig.ts';
import { writeFeatures } from './trained-package.ts';

const [model] = JSON.parse(readFileSync('test/peers/trees.json', 'utf8')) as { model: string; columns: number }[];
const modelText = inflateSync(Buffer.from(model!.model, 'base64'));

describe('mlp models wrap', () => {
  test('makes a package for raw texts of a model that was trained elsewhere', async ({ rig }) => {
    await writeFeatures(rig.path('features'), { rows: 60, columns: model!.columns });
    writeFileSync(rig.path('model.txt'), modelText);
    const words = ['models', 'wrap', 'model.txt', '--features', 'features', '--out', 'package', '--json'];
    const ended = await rig.mlp(...words);
    expect(ended.code, ended.err).toBe(0);
    const classes = ['negative', 'neutral', 'positive'];
    expect(JSON.parse(ended.out)).toMatchObject({ folder: 'package', algorithm: 'lightgbm', classes });
    const asked = await rig.mlp('predict', '--package', 'package', '--json', 'a good video');
    expect(asked.code, asked.err).toBe(0);
    const again = await rig.mlp(...words);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('--force')]);
  });

  test('refuses what is no model of trees, and one of other columns', async ({ rig }) => {
    await writeFeatures(rig.path('features'), { rows: 60, columns: 5 });
    writeFileSync(rig.path('model.txt'), modelText);
    const columns = await rig.mlp('models', 'wrap', 'model.txt', '--features', 'features', '--out', 'package');
    expect([columns.code, columns.err]).toEqual([2, expect.stringContaining('12 columns, and features makes 5')]);
    writeFileSync(rig.path('model.txt'), 'hello');
    const none = await rig.mlp('models', 'wrap', 'model.txt', '--features', 'features', '--out', 'package');
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('neither JSON nor UBJSON')]);
  });
});
