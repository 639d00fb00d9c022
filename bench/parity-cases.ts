import type { JsonObject } from '../src/core/json.ts';
import type { VectorizerOptions } from '../src/ml/features/vectorizer.ts';
import { defaultVectorizer } from '../src/ml/features/vectorizer.ts';

interface FeatureCase {
  readonly title: string;
  readonly options: VectorizerOptions;
  /** Of scikit-learn's TfidfVectorizer. */
  readonly args: JsonObject;
}

const words = defaultVectorizer.analyzer;
const limits = { minDf: 1, maxDf: 1, maxFeatures: 10_000 };

/** The first is what estimators are compared on. */
export const parityFeatures: readonly FeatureCase[] = [
  {
    title: 'TF-IDF, words, 10,000',
    options: { ...defaultVectorizer, limits },
    args: { max_features: 10_000 },
  },
  {
    title: 'counts, words, all',
    options: { ...defaultVectorizer, weighting: { ...defaultVectorizer.weighting, kind: 'bow' } },
    args: { counts: true },
  },
  {
    title: 'TF-IDF, 1- to 3-grams in at least 3 texts',
    options: {
      ...defaultVectorizer,
      analyzer: { ...words, ngramMax: 3 },
      limits: { ...limits, minDf: 3, maxFeatures: null },
    },
    args: { ngram_range: [1, 3], min_df: 3 },
  },
  {
    title: 'TF-IDF, sublinear, l1, not smooth, binary',
    options: {
      ...defaultVectorizer,
      weighting: { kind: 'tfidf', binary: true, sublinear: true, smoothIdf: false, norm: 'l1' },
    },
    args: { binary: true, sublinear_tf: true, smooth_idf: false, norm: 'l1' },
  },
  {
    title: 'TF-IDF, characters within words, 2 to 5, in at least 5 texts',
    options: {
      ...defaultVectorizer,
      analyzer: { unit: 'char_wb', ngramMin: 2, ngramMax: 5 },
      limits: { ...limits, minDf: 5, maxFeatures: null },
    },
    args: { analyzer: 'char_wb', ngram_range: [2, 5], min_df: 5 },
  },
];
