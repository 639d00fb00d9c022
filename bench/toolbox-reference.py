"""The works of bench/toolbox.ts by scikit-learn. Arguments: the folder with texts and matrices, and which works; seconds as JSON on stdout, weights beside the matrices."""
import json
import sys
import time

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import LinearSVC

folder, works = sys.argv[1:]
seconds = {}


def timed(name, work):
    started = time.perf_counter()
    value = work()
    seconds[name] = time.perf_counter() - started
    return value


def matrix(name):
    def numbers(part, kind):
        return np.fromfile(f"{folder}/{name}.{part}", kind)

    indptr = numbers("indptr", np.int32)
    entries = (numbers("values", np.float64), numbers("indices", np.int32), indptr)
    return csr_matrix(entries, shape=(len(indptr) - 1, 10_000)), numbers("y", np.int32)


def features():
    with open(f"{folder}/texts.json", encoding="utf-8") as file:
        parts = json.load(file)

    def fit(longest):
        vectorizer = TfidfVectorizer(max_features=10_000, ngram_range=(1, longest))
        vectorizer.fit_transform(parts["train"])
        return vectorizer

    words = timed("words", lambda: fit(1))
    timed("transform", lambda: words.transform(parts["test"]))
    timed("phrases", lambda: fit(3))


def linear():
    x, y = matrix("train")
    models = {
        "svm": timed("svm", lambda: LinearSVC().fit(x, y)),
        "logistic": timed("logistic", lambda: LogisticRegression(max_iter=1000).fit(x, y)),
    }
    for name, model in models.items():
        weights = np.concatenate([model.coef_.T.ravel(), model.intercept_])
        weights.astype(np.float64).tofile(f"{folder}/scikit-learn.{name}")


def neighbours():
    x, y = matrix("train")
    unseen, truth = matrix("test")
    model = KNeighborsClassifier(metric="cosine", algorithm="brute").fit(x, y)
    predicted = timed("neighbours", lambda: model.predict(unseen))
    seconds["accuracy"] = float((predicted == truth).mean())


{"features": features, "linear": linear, "neighbours": neighbours}[works]()
print(json.dumps(seconds))
