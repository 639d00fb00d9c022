#!/usr/bin/env bash
# The best that is known for the Reddit comments, as data/README.md gives it. Run in a project that has data/reddit.csv.
set -euo pipefail
npx mlp repro \
  -S data.path=data/reddit.csv -S data.text_column=clean_comment -S data.label_column=category \
  -S 'data.labels={"-1": negative, "0": neutral, "1": positive}' \
  -S featurize.kind=bow -S featurize.modifiers=english -S featurize.ngram_max=1 -S featurize.max_features=20000 \
  -S featurize.char_ngram_max=0 \
  -S train.algorithm=boosted_trees -S +train.num_iterations=1500 -S +train.num_leaves=15 -S +train.learning_rate=0.15 \
  -S +train.min_data_in_leaf=1 -S +train.feature_fraction=0.3 -S +train.lambda_l2=0.02
