import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { boostedTreesAlgorithm } from './algorithm.ts';

const python = process.env['MLP_TEST_PYTHON'];
const script = `
import json
from lightgbm.basic import _ConfigAliases
print(json.dumps(_ConfigAliases._get_all_param_aliases()))
`;

describe.skipIf(python === undefined)('the names of the parameters of boosted trees', () => {
  it('are those of LightGBM, with all of its aliases', () => {
    const theirs = JSON.parse(execFileSync(python ?? '', ['-c', script], { encoding: 'utf8' })) as Record<
      string,
      string[]
    >;
    const { fields, aliases } = boostedTreesAlgorithm;
    for (const name of Object.keys(fields)) {
      // Not LightGBM's: these are scikit-learn's.
      if (name === 'class_weight' || name === 'validation_fraction') continue;
      const ours = Object.keys(aliases).filter((alias) => aliases[alias] === name);
      expect([name, ...ours].sort(), name).toEqual([...(theirs[name] ?? [])].sort());
    }
  });
});
