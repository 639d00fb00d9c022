#!/usr/bin/env bash
# The README's second example, as data/README.md gives it: the Reddit comments by import and changed parameters. Run in a project.
set -euo pipefail
url=https://raw.githubusercontent.com/Himanshu-1703/reddit-sentiment-analysis/main/data/reddit.csv
npx mlp import-url "$url" data/reddit.csv --sha256 441cae031c856b9239091b00c683dd13d8624d09e973a91f010e3cc432455370
npx mlp repro \
  -S data.path=data/reddit.csv -S data.text_column=clean_comment -S data.label_column=category \
  -S 'data.labels={"-1": negative, "0": neutral, "1": positive}' \
  -S featurize.tokens=word -S featurize.ngram_max=1 -S featurize.max_features=20000 \
  -S featurize.char_ngram_max=0
