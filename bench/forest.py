"""scikit-learn's side of bench/forest.ts: folder, algorithm, threads, seed; seconds and scores as JSON."""

import json
import sys
import time

import numpy as np
import scipy.sparse as sp
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.metrics import accuracy_score, f1_score

folder, algorithm, threads, seed = sys.argv[1:]
columns = json.load(open(f"{folder}/meta.json"))["columns"]


def part(name):
    read = lambda array, kind: np.fromfile(f"{folder}/{name}.{array}", kind)
    indptr = read("indptr", "<i4")
    return sp.csr_matrix((read("values", "<f8"), read("indices", "<i4"), indptr), (len(indptr) - 1, columns)), read("y", "<i4")


(x, y), (test, truth) = part("train"), part("test")
kind = {"random_forest": RandomForestClassifier, "extra_trees": ExtraTreesClassifier}[algorithm]
started = time.perf_counter()
model = kind(n_jobs=int(threads), random_state=int(seed)).fit(x, y)
fitted = time.perf_counter()
predicted = model.predict(test)
asked = time.perf_counter()
scores = {"accuracy": accuracy_score(truth, predicted), "macroF1": f1_score(truth, predicted, average="macro")}
print(json.dumps({"fit": fitted - started, "predict": asked - fitted, **scores}))
