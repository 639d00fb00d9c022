import { whole } from '../fields.ts';
import type { ValuesOf } from '../fields.ts';
import { seedField } from '../hyperparameters.ts';

/** What params.yaml may say under `featurize.svd`, with the defaults: scikit-learn's names and values, but that 0 components, which stand for none, are the default. */
export const svdFields = {
  n_components: whole({ min: 0, max: 10_000 }, 0),
  n_iter: whole({ min: 0, max: 1000 }, 5),
  n_oversamples: whole({ min: 0, max: 1000 }, 10),
  seed: seedField,
};

export type SvdSettings = ValuesOf<typeof svdFields>;
