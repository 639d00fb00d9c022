import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject } from '../core/json.ts';
import { trainField } from './estimators.ts';
import { paramsSchema } from './params-schema.ts';

const validate = new Ajv({ strictTypes: false }).compile(paramsSchema());
const takes = (params: JsonObject): boolean => validate(params);

describe('the schema of params.yaml', () => {
  it("takes this repository's params.yaml, and other groups beside the learning stages'", () => {
    const params = parse(readFileSync('params.yaml', 'utf8')) as JsonObject;
    expect([takes(params), takes({ ...params, ours: { x: 1 } })]).toEqual([true, true]);
  });

  const groups: readonly JsonObject[] = [
    { algorithm: 'logistic_regression', c: 2 },
    { algorithm: 'logistic_regression', c: 0 },
    { c: -1 },
    { algorithm: 'linear_svm', loss: 'log' },
    { algorithm: 'logistic_regression', loss: 'hinge' },
    { algorithm: 'nothing' },
    { class_wieght: 'balanced' },
    { class_weight: { positive: 2 } },
    { class_weight: { positive: 0 } },
    { class_weight: null, tolerance: null, seed: 1.5 },
    { max_iterations: 1 },
    { name: '' },
    { algorithm: 'boosted_trees', n_estimators: 10, eta: 0.5, colsample_bytree: 0.4 },
    { algorithm: 'boosted_trees', n_estimators: 0 },
    { algorithm: 'boosted_trees', n_estimators: 10, num_iterations: 10 },
    { algorithm: 'boosted_trees', n_estimators: 10, num_rounds: 10 },
    { algorithm: 'linear_svm', shrinkage_rate: 10, eta: 1 },
  ];
  it.each(groups)('takes of train what training takes, and nothing else: %j', (train) => {
    expect(takes({ train })).toBe('value' in trainField(train));
  });

  it('refuses misspelt names and values in the other groups', () => {
    expect(takes({ featurize: { ngram_maxx: 2 } })).toBe(false);
    expect(takes({ featurize: { norm: 'l3' } })).toBe(false);
    expect(takes({ preprocess: { test_size: 1 } })).toBe(false);
    expect(takes({ featurize: { max_features: null, norm: 'l1' } })).toBe(true);
  });
});
