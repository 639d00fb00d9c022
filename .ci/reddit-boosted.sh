#!/usr/bin/env bash
# The best that is known for the Reddit comments, as data/README.md gives it. Run in a project that has data/reddit.csv.
set -euo pipefail
trees='{algorithm: boosted_trees, class_weight: balanced, num_iterations: 1000, num_leaves: 15, learning_rate: 0.2, min_data_in_leaf: 1, feature_fraction: 0.3, lambda_l2: 0.02}'
words='{algorithm: logistic_regression, c: 3, l1_ratio: 1, tolerance: 0.0003}'
npx mlp repro \
  -S data.path=data/reddit.csv -S data.text_column=clean_comment -S data.label_column=category \
  -S 'data.labels={"-1": negative, "0": neutral, "1": positive}' \
  -S featurize.kind=bow -S featurize.modifiers=english -S featurize.ngram_max=1 -S featurize.char_ngram_max=0 \
  -S train.algorithm=voting -S "+train.estimators=[$trees, $words]"
