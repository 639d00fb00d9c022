import { seedField } from '../hyperparameters.ts';
import { oneOf, orNull, real, text, whole } from '../fields.ts';
import type { ValuesOf } from '../fields.ts';

/** What params.yaml may say under `featurize.word2vec`, with the defaults: gensim's names and values, but for `model`, which is its `sg`. */
export const word2vecFields = {
  model: oneOf(['skip_gram', 'cbow'], 'skip_gram'),
  vector_size: whole({ min: 1, max: 10_000 }, 100),
  window: whole({ min: 1, max: 1000 }, 5),
  min_count: whole({ min: 1 }, 5),
  negative: whole({ min: 1, max: 1000 }, 5),
  sample: real({ min: 0, max: 1 }, 0.001),
  alpha: real({ above: 0, max: 1 }, 0.025),
  min_alpha: real({ min: 0, max: 1 }, 0.0001),
  epochs: whole({ min: 1, max: 100_000 }, 5),
  threads: whole({ min: 1, max: 256 }, 1),
  seed: seedField,
  /** A file of vectors to take instead of learning some; null to learn. */
  vectors: orNull(text(), null),
  /** Which of its words stay: those that the training texts have, or all. */
  keep: oneOf(['seen', 'all'], 'seen'),
  /** How the vectors of a text's words become its own. */
  weighting: oneOf(['mean', 'idf'], 'mean'),
};

export type Word2VecSettings = ValuesOf<typeof word2vecFields>;
