"""The work of bench/features.ts by scikit-learn: argument a JSON file with `train` and `test` texts; seconds on stdout."""
import json
import resource
import sys
import time

from sklearn.feature_extraction.text import TfidfVectorizer

with open(sys.argv[1], encoding="utf-8") as file:
    parts = json.load(file)
seconds = {}


def timed(name, work):
    started = time.perf_counter()
    value = work()
    seconds[name] = time.perf_counter() - started
    return value


def fit(longest):
    vectorizer = TfidfVectorizer(max_features=10_000, ngram_range=(1, longest))
    vectorizer.fit_transform(parts["train"])
    return vectorizer


words = timed("fit 1-grams", lambda: fit(1))
timed("transform", lambda: words.transform(parts["test"]))
timed("fit 1-3-grams", lambda: fit(3))
seconds["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(seconds))
