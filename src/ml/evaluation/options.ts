import { whole } from '../fields.ts';

/** What params.yaml may say under `evaluate`. */
export const evaluateFields = {
  /** Most telling terms a class. */
  terms: whole({ min: 0, max: 1000 }, 20),
  /** Hardest mistakes. */
  mistakes: whole({ min: 0, max: 10_000 }, 50),
};
