import { orNull, text, whole } from '../fields.ts';
import { seedField } from '../hyperparameters.ts';

/** What params.yaml may say under `evaluate`. */
export const evaluateFields = {
  /** Most telling terms a class. */
  terms: whole({ min: 0, max: 1000 }, 20),
  /** Hardest mistakes. */
  mistakes: whole({ min: 0, max: 10_000 }, 50),
  /** Folder of another model package that is asked about the same rows, to say which is better. */
  against: orNull(text(), null),
  /** Of the intervals. */
  seed: seedField,
};
