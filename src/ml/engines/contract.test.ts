import { afterAll, beforeAll, describe, vi } from 'vitest';
import { engineLibraries } from '../../../test/engine-libraries.ts';
import { describeContract, type ContractRow } from '../../../test/estimators/contract.ts';

const quick = { n_estimators: 20, num_threads: 1 };

const rows: readonly ContractRow[] = [
  // It counts rows for the fewest of a leaf and of a bin.
  ['lightgbm', { ...quick, num_leaves: 7, min_data_in_leaf: 5 }, { unscored: true, placed: true }],
  ['lightgbm', { ...quick, early_stopping_round: 5 }, { unscored: true, placed: true, dealt: true, least: 0.8 }],
  ['xgboost', quick, { unscored: true }],
  ['xgboost', { ...quick, tree_method: 'exact' }, { unscored: true }],
  ['xgboost', { ...quick, subsample: 0.7 }, { unscored: true, drawn: true }],
];

const libraries = engineLibraries();

describe.skipIf(libraries === undefined)(
  'engines keep what all estimators keep, where MLP_LIGHTGBM_LIB and MLP_XGBOOST_LIB or MLP_TEST_PYTHON have them',
  () => {
    beforeAll(() => {
      for (const [name, path] of Object.entries(libraries ?? {})) vi.stubEnv(name, path);
    });
    afterAll(() => {
      vi.unstubAllEnvs();
    });
    describe.each(rows)('%s %j', describeContract);
  },
);
