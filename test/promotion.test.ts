import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { formatLabelledTexts, readLabelledTexts } from '../src/ml/data/labelled-texts.ts';
import { test, type Rig } from './rig.ts';
import { trainPackage } from './trained-package.ts';

let packages: string;
let testRows: string;
beforeAll(async () => {
  packages = mkdtempSync(join(tmpdir(), 'mlp-packages-'));
  await trainPackage(join(packages, 'good'), { c: 0.5, rows: 400 });
  await trainPackage(join(packages, 'other'), { c: 0.4, rows: 400 });
  await trainPackage(join(packages, 'worse'), { c: 0.5, rows: 40 });
});
beforeAll(async () => {
  const source = { path: 'data/comments.csv', textColumn: 'text', labelColumn: 'sentiment', labels: null };
  const data = await readLabelledTexts(source);
  if (!data.ok) throw new Error(data.error.reason);
  const last = data.value.texts.length - rowsOfTest;
  testRows = formatLabelledTexts(
    data.value,
    Int32Array.from({ length: rowsOfTest }, (_, row) => last + row),
  );
});
afterAll(() => {
  rmSync(packages, { recursive: true });
});

const testSet = { path: 'test.csv', text_column: 'text', label_column: 'label' };
const rowsOfTest = 200;

/** A pipeline whose model is the package that params.yaml names, with metrics that params.yaml gives. */
function project(rig: Rig, gates: object = { thresholds: { macro_f1: { min: 0.5 } } }): void {
  cpSync(packages, rig.path('packages'), { recursive: true });
  rig.write('test.csv', testRows);
  const value = (key: string): string => `$(sed -n 's/^${key}: //p' params.yaml)`;
  const cmd = `cp -r packages/${value('use')} model && echo "{\\"macro_f1\\": ${value('f1')}}" > m.json`;
  const stage = { cmd, deps: ['packages'], params: ['use', 'f1'], outs: ['model'], metrics: ['m.json'] };
  rig.pipeline(
    { train: stage },
    { models: { sentiment: { path: 'model', metrics: 'm.json', test_set: testSet, gates } } },
  );
}

async function train(rig: Rig, use: string, f1 = 0.8): Promise<void> {
  rig.write('params.yaml', `use: ${use}\nf1: ${f1}\n`);
  const ended = await rig.mlp('repro');
  expect(ended.code, ended.err).toBe(0);
}

async function stages(rig: Rig): Promise<Record<string, string>> {
  const { out, err } = await rig.mlp('models', 'show', '--json');
  if (out === '') throw new Error(err);
  const { versions } = JSON.parse(out) as { versions: { version: number; stage: string }[] };
  return Object.fromEntries(versions.map(({ version, stage }) => [`v${version}`, stage]));
}

interface Gate {
  readonly gate: string;
  readonly verdict: string;
  readonly gain?: number;
  readonly rows?: number;
  readonly milliseconds?: number;
}

describe.concurrent('mlp promote', { timeout: 120_000 }, () => {
  test('asks candidate and production about the same rows in a fresh process, moves or refuses, and rolls back', async ({
    rig,
  }) => {
    project(rig);
    await train(rig, 'worse');
    expect((await rig.mlp('promote')).out).toContain('v1 -> Production\n');
    await train(rig, 'good');
    expect(await stages(rig)).toEqual({ v1: 'Production', v2: 'Staging' });

    const better = await rig.mlp('promote', '--json', '--by', 'ada', '-m', 'more rows');
    expect(better.code, better.err).toBe(0);
    const { gates, ...moved } = JSON.parse(better.out) as { gates: Gate[] };
    expect(moved).toMatchObject({ outcome: 'promoted', version: 2, from: 'Staging', replaced: 1, comparedWith: 1 });
    expect(gates.map(({ gate, verdict }) => `${gate} ${verdict}`)).toEqual([
      'loads passed',
      'example passed',
      'threshold passed',
      'gain passed',
    ]);
    expect(gates[3]?.rows).toBe(rowsOfTest);
    expect(gates[3]?.gain).toBeGreaterThan(0);

    const back = await rig.mlp('promote', 'sentiment@v1');
    expect(back.code).toBe(4);
    expect(back.out).toMatch(/macro_f1 not worse than v2 +refused +-0\.\d{4} \(95 %: -0\.\d{4} to -0\.\d{4}\)/);
    expect(back.out).toContain('refused by 1 of 4 gates: v2 stays in Production');
    expect(await stages(rig)).toEqual({ v1: 'Archived', v2: 'Production' });

    expect(await rig.mlp('rollback', '-m', 'complaints')).toMatchObject({ code: 0 });
    expect(await stages(rig)).toEqual({ v1: 'Production', v2: 'Archived' });
    expect((await rig.mlp('rollback')).code).toBe(2);

    const trail = JSON.parse((await rig.mlp('models', 'history', '--json')).out) as Record<string, unknown>[];
    expect(trail.map(({ version, action, outcome, to }) => [version, action, outcome, to].join(' '))).toEqual([
      '1 rollback done Production',
      '2 rollback done Archived',
      '1 promote refused Production',
      '2 promote done Production',
      '1 replace done Archived',
      '2 promote done Staging',
      '2 register done Development',
      '1 promote done Production',
      '1 promote done Staging',
      '1 register done Development',
    ]);
    expect(trail[3]).toMatchObject({ who: 'ada', why: 'more rows' });
  });

  test('takes packages from the cache, whatever the workspace holds by now', async ({ rig }) => {
    project(rig);
    await train(rig, 'good');
    await train(rig, 'other');
    rig.remove('model');
    rig.write('model/model.json', '{}');
    const ended = await rig.mlp('promote', 'v1');
    expect(ended.code, ended.err).toBe(0);
  });

  test('mlp commit registers what a run without commit made, with its metrics, and once', async ({ rig }) => {
    project(rig);
    rig.write('params.yaml', 'use: good\nf1: 0.8\n');
    const run = await rig.mlp('repro', '--no-commit', '--json');
    expect(run.code, run.err).toBe(0);
    const { run: made } = JSON.parse(run.out) as { run: { name: string } };
    const committed = await rig.mlp('commit');
    expect(committed).toMatchObject({
      code: 0,
      out: expect.stringContaining('sentiment v1 -> Staging (gates ') as string,
    });
    const again = JSON.parse((await rig.mlp('commit', '--json')).out) as object;
    expect(again).toMatchObject({ unchanged: 1, models: [{ name: 'sentiment', version: 1, stage: 'Staging' }] });
    const shown = await rig.mlp('models', 'show', '--json');
    expect(JSON.parse(shown.out)).toMatchObject({ versions: [{ runName: made.name, metrics: { macro_f1: 0.8 } }] });

    // Made by hand: no run is named, and the gates ask about the metrics that stand.
    rig.write('m.json', '{"macro_f1": 0.4}');
    rig.remove('model');
    cpSync(rig.path('packages/other'), rig.path('model'), { recursive: true });
    const byHand = await rig.mlp('commit', '--force');
    expect(byHand.out).toMatch(/sentiment v2 -> Development[^]*refused: macro_f1 >= 0\.5 \(0\.4000,/);
    const [latest] = (JSON.parse((await rig.mlp('models', 'show', '--json')).out) as { versions: object[] }).versions;
    expect(latest).toMatchObject({ version: 2, runName: null, metrics: { macro_f1: 0.4 } });
  });

  test('says by how much a threshold was missed', async ({ rig }) => {
    project(rig, { thresholds: { macro_f1: { min: 0.75 } } });
    await train(rig, 'good', 0.7312);
    expect(await stages(rig)).toEqual({ v1: 'Development' });
    const ended = await rig.mlp('promote', 'v1');
    expect(ended.code).toBe(4);
    expect(ended.out).toMatch(/macro_f1 >= 0\.75 +refused +0\.7312, 0\.0188 too low/);
    for (const line of ended.out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  test('refuses a package that does not load, and one that no longer reproduces its example', async ({ rig }) => {
    project(rig);
    cpSync(rig.path('packages/good'), rig.path('packages/cut'), { recursive: true });
    writeFileSync(rig.path('packages/cut/weights.bin'), 'short');
    await train(rig, 'cut');
    const cut = await rig.mlp('promote', 'v1');
    expect(cut.code).toBe(4);
    expect(cut.out).toMatch(/loads in a fresh process +refused +\S/);

    cpSync(rig.path('packages/good'), rig.path('packages/drifted'), { recursive: true });
    const description = rig.read('packages/good/model.json');
    const drifted = description.replace(/("probabilities":\s*\[\s*)([\d.e-]+)/, '$10.123456');
    expect(drifted).not.toBe(description);
    rig.write('packages/drifted/model.json', drifted);
    await train(rig, 'drifted');
    const refused = await rig.mlp('promote', 'v2');
    expect(refused.code).toBe(4);
    expect(refused.out).toMatch(/(reproduces its example|loads in a fresh process) +refused/);
  });

  test('lets one of several promotions at once win, and leaves one version in Production', async ({ rig }) => {
    project(rig);
    await train(rig, 'good');
    await train(rig, 'other');
    const ended = await Promise.all([rig.mlp('promote', 'v1'), rig.mlp('promote', 'v2')]);
    const codes = ended.map(({ code }) => code).sort();
    // Whoever comes second is told that the registry changed (5), or, if it began later, asks the gates (0 or 4).
    expect([0, 4, 5]).toContain(codes[1]);
    expect(codes[0]).toBe(0);
    const left = Object.values(await stages(rig)).filter((stage) => stage === 'Production');
    expect(left).toEqual(['Production']);
  });

  test('knows what it is asked for, or says what it could be', async ({ rig }) => {
    project(rig);
    await train(rig, 'good');
    expect((await rig.mlp('promote', 'sentimnt')).err).toContain('did you mean "sentiment"?');
    expect((await rig.mlp('promote', 'v7')).err).toContain('it has v1');
    expect((await rig.mlp('promote', '--to', 'moon')).code).toBe(2);
    expect((await rig.mlp('promote', '--to', 'staging')).err).toContain('no version of sentiment is in Development');
    await rig.mlp('promote');
    expect((await rig.mlp('promote', 'v1')).err).toContain('sentiment v1 is in Production already');
    await train(rig, 'other');
    rig.remove('test.csv');
    expect((await rig.mlp('promote')).err).toContain('test.csv is not there');
  });
});
