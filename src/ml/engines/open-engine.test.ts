import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { failureMessage, failureNext } from '../../core/failure.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Estimator, TrainingSet } from '../estimator.ts';
import { trainField } from '../estimators.ts';
import { readField } from '../fields.ts';
import { engineFolder, engines } from './engine.ts';

const made = (params: JsonObject): Estimator => {
  const read = readField({ train: params }, 'train', trainField);
  if (!read.ok) throw new Error(failureMessage(read.error));
  return read.value.estimator;
};

const data: TrainingSet = {
  x: { rows: 2, columns: 1, indptr: Int32Array.of(0, 1, 1), indices: Int32Array.of(0), values: Float64Array.of(1) },
  y: Int32Array.of(0, 1),
  classes: ['a', 'b'],
};

// In a file of its own: once a process has opened a library, its system finds it by its name alone.
describe('without the library', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mlp-engines-'));
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['lightgbm', 'xgboost'] as const)('training with %s says which command mends it', async (algorithm) => {
    vi.stubEnv('XDG_CACHE_HOME', folder);
    vi.stubEnv('LOCALAPPDATA', folder);
    const outcome = await made({ algorithm }).fit(data);
    if (outcome.ok) throw new Error('the system has the library');
    expect(outcome.error.reason).toBe('engine-missing');
    expect(failureNext(outcome.error)).toContain(`mlp engine install ${algorithm}`);
  });

  it('a file that is no library is told apart from none', async () => {
    const file = join(folder, 'lib_lightgbm.so');
    writeFileSync(file, 'no library');
    vi.stubEnv('MLP_LIGHTGBM_LIB', file);
    const outcome = await made({ algorithm: 'lightgbm' }).fit(data);
    expect(outcome.ok ? '' : outcome.error.reason).toBe('engine-unusable');
  });

  it('aliases of the libraries are their names, and what is no parameter is refused', () => {
    expect(made({ algorithm: 'lightgbm', eta: 0.2, n_estimators: 7 }).params).toMatchObject({
      learning_rate: 0.2,
      iterations: 7,
    });
    expect(made({ algorithm: 'xgboost', eta: 0.2, reg_alpha: 1 }).params).toMatchObject({
      learning_rate: 0.2,
      alpha: 1,
    });
    expect(() => made({ algorithm: 'lightgbm', num_leafs: 3 })).toThrow(/num_leafs/);
  });

  it('engines are kept where the system keeps what can be fetched again', () => {
    const { lightgbm } = engines;
    expect(engineFolder(lightgbm, { HOME: '/h' }, 'linux')).toBe('/h/.cache/mlp/engines/lightgbm-4.7.0');
    expect(engineFolder(lightgbm, { HOME: '/h', XDG_CACHE_HOME: '/c' }, 'linux')).toBe('/c/mlp/engines/lightgbm-4.7.0');
    expect(engineFolder(lightgbm, { HOME: '/h' }, 'darwin')).toBe('/h/Library/Caches/mlp/engines/lightgbm-4.7.0');
  });
});
