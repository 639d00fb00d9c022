"""LightGBM fits what bench/boosting.ts wrote, with as many threads as the second argument says; prints the outcome as JSON."""

import json
import resource
import sys
import time

import lightgbm as lgb
import numpy as np
import scipy.sparse as sp
from sklearn.metrics import accuracy_score, f1_score

folder, threads = sys.argv[1], int(sys.argv[2])
meta = json.load(open(f"{folder}/meta.json"))
isRegression = meta["classes"] == 0


def part(name):
    read = lambda array, kind: np.fromfile(f"{folder}/{name}.{array}", kind)
    shape = (meta[name]["rows"], meta["columns"])
    x = sp.csr_matrix((read("values", "<f8"), read("indices", "<i4"), read("indptr", "<i4")), shape)
    # As dense as it is, each side gets it in the form that suits it.
    return (x.toarray() if isRegression else x), read("y", "<f8" if isRegression else "<i4")


x, y = part("train")
params = {**meta["params"], "n_jobs": threads, "verbose": -1}
model = lgb.LGBMRegressor(**params) if isRegression else lgb.LGBMClassifier(**params, class_weight="balanced")
start = time.perf_counter()
model.fit(x, y)
seconds = time.perf_counter() - start
usage = resource.getrusage(resource.RUSAGE_SELF)
outcome = {"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss / 1024}
test, truth = part("test")
predicted = model.predict(test)
if isRegression:
    outcome["rmse"] = float(np.sqrt(np.mean((predicted - truth) ** 2)))
else:
    model.booster_.save_model(f"{folder}/model.txt")
    outcome["accuracy"] = accuracy_score(truth, predicted)
    outcome["macroF1"] = f1_score(truth, predicted, average="macro")
print(json.dumps(outcome))
