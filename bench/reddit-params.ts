/** What `-S` changes to learn from the Reddit comments with a linear SVM on words, as the peer does; as in data/README.md. */
export const redditParams = [
  'data.path=data/reddit.csv',
  'data.text_column=clean_comment',
  'data.label_column=category',
  'data.labels={"-1": negative, "0": neutral, "1": positive}',
  'featurize.tokens=word',
  'featurize.ngram_max=1',
  'featurize.max_features=20000',
  'featurize.char_ngram_max=0',
  // The peer's LinearSVC gives no probabilities at all; ours cannot do without, but with the fewest folds.
  'train.calibration_folds=2',
] as const;
