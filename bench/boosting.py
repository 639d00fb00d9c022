"""LightGBM fits what bench/boosting.ts wrote; prints seconds, accuracy and macro-F1 as JSON."""

import json
import sys
import time

import lightgbm as lgb
import numpy as np
import scipy.sparse as sp
from sklearn.metrics import accuracy_score, f1_score

folder = sys.argv[1]
meta = json.load(open(f"{folder}/meta.json"))


def part(name):
    read = lambda array, kind: np.fromfile(f"{folder}/{name}.{array}", kind)
    shape = (meta[name]["rows"], meta["columns"])
    return sp.csr_matrix((read("values", "<f8"), read("indices", "<i4"), read("indptr", "<i4")), shape), read("y", "<i4")


(x, y), (test, truth) = part("train"), part("test")
start = time.perf_counter()
model = lgb.LGBMClassifier(**meta["params"], class_weight="balanced", n_jobs=1, verbose=-1).fit(x, y)
seconds = time.perf_counter() - start
model.booster_.save_model(f"{folder}/model.txt")
predicted = model.predict(test)
print(
    json.dumps(
        {"seconds": seconds, "accuracy": accuracy_score(truth, predicted), "macroF1": f1_score(truth, predicted, average="macro")}
    )
)
