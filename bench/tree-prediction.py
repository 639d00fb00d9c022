"""LightGBM beside bench/tree-prediction.ts: `train FOLDER` fits what is there, `batch FOLDER MODEL` times its prediction of all test rows."""

import json
import sys
import time

import lightgbm as lgb
import numpy as np
import scipy.sparse as sp

work, folder = sys.argv[1:3]
meta = json.load(open(f"{folder}/meta.json"))


def part(name):
    read = lambda array, kind: np.fromfile(f"{folder}/{name}.{array}", kind)
    shape = (meta[name], meta["columns"])
    return sp.csr_matrix((read("values", "<f8"), read("indices", "<i4"), read("indptr", "<i4")), shape), read("y", "<i4")


if work == "train":
    x, y = part("train")
    model = lgb.LGBMClassifier(**meta["params"], class_weight="balanced", n_jobs=1, verbose=-1).fit(x, y)
    model.booster_.save_model(f"{folder}/lightgbm.txt")
else:
    x, _ = part("test")
    booster = lgb.Booster(model_file=f"{folder}/{sys.argv[3]}")
    times = []
    for _ in range(5):
        start = time.perf_counter()
        probabilities = booster.predict(x, num_threads=1)
        times.append(time.perf_counter() - start)
    probabilities.astype("<f8").tofile(f"{folder}/probabilities.bin")
    print(json.dumps(sorted(times)[2]))
