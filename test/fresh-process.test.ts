import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../src/core/json.ts';
import { algorithms } from '../src/ml/estimators.ts';
import { loadModelPackage } from '../src/ml/package/load.ts';
import type { Prediction } from '../src/ml/package/types.ts';
import { engineLibraries } from './engine-libraries.ts';
import { trainWith } from './trained-package.ts';

/** Where the defaults would take long, or need more than there is here. */
const changes: Readonly<Record<string, JsonObject>> = {
  boosted_trees: { num_iterations: 20, min_data_in_leaf: 3 },
  lightgbm: { num_iterations: 20, min_data_in_leaf: 3, num_threads: 1 },
  xgboost: { n_estimators: 20, nthread: 1 },
  ml_xgboost: { iterations: 20 },
  ml_logistic_regression: { num_steps: 100, learning_rate: 0.01 },
};
const featurize = { max_features: 200, ngram_max: 1, char_ngram_max: 0 };
const texts = ['what a great video, thank you', 'the sound is awful', '', 'first', 'great great awful'];

/** Loads the package in argv as a server would, and tells what it says and which native libraries the process has. */
const asker = `
import { loadModelPackage } from './dist/ml.js';
const loaded = await loadModelPackage(process.argv[2]);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
const { sharedObjects } = process.report.getReport();
const found = await Promise.all(
  ['koffi', 'ml-xgboost', 'ml-logistic-regression'].map((name) => import(name).then(() => [name], () => [])),
);
const example = loaded.value.reproduceExample();
const predictions = loaded.value.predict(${JSON.stringify(texts)});
console.log(JSON.stringify({ same: example.same, predictions, sharedObjects, found: found.flat() }));
`;

interface Answer {
  readonly same: boolean;
  readonly predictions: readonly Prediction[];
  readonly sharedObjects: readonly string[];
  readonly found: readonly string[];
}

describe('a package in a fresh process that has the bundle, papaparse and nothing else', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mlp-fresh-')));
  const libraries = engineLibraries();
  beforeAll(() => {
    cpSync('dist', join(folder, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.map') });
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(resolve('node_modules/papaparse'), join(folder, 'node_modules/papaparse'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'ask.js'), asker);
    for (const [name, path] of Object.entries(libraries ?? {})) vi.stubEnv(name, path);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  function ask(model: string): Answer {
    const env = { PATH: '', HOME: join(folder, 'home'), XDG_CACHE_HOME: join(folder, 'cache') };
    const options = { cwd: folder, env, encoding: 'utf8' } as const;
    return JSON.parse(execFileSync(process.execPath, ['ask.js', model], options)) as Answer;
  }

  for (const { name } of algorithms) {
    const needsEngine = name === 'lightgbm' || name === 'xgboost';
    const where = needsEngine ? ', where MLP_TEST_PYTHON names a Python that has the library' : '';
    it.skipIf(needsEngine && libraries === undefined)(`${name} answers as where it was trained${where}`, async () => {
      const model = join(folder, name);
      await trainWith(model, { train: { algorithm: name, ...changes[name] }, featurize, rows: 240 });
      const { same, predictions, sharedObjects, found } = ask(model);
      expect(same).toBe(true);
      const here = await loadModelPackage(model);
      expect(here.ok && here.value.predict(texts)).toEqual(predictions);
      expect(sharedObjects.filter((path) => /lightgbm|xgboost|koffi/.test(path))).toEqual([]);
      expect(found).toEqual([]);
    });
  }
});
