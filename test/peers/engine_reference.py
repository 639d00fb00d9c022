"""Trains what standard input asks for with the Python packages of LightGBM and XGBoost, and gives their predictions.

In: {"x": {rows, columns, indptr, indices, values}, "y", "weights", "cases": {name: {library, params, iterations, classes, patience, held}}}.
Out: {"libraries": {name: path}, "probabilities": {case: rows by classes}, "importance": {case: gain by column}}. `held` are the rows of the validation part.
"""
import json
import sys
from pathlib import Path

import lightgbm as lgb
import numpy as np
import scipy.sparse as sp
import xgboost as xgb

question = json.load(sys.stdin)
given = question["x"]
x = sp.csr_matrix((given["values"], given["indices"], given["indptr"]), shape=(given["rows"], given["columns"]))
x.sort_indices()
y = np.array(question["y"])
weights = np.array(question["weights"])


def parts(case):
    held = np.array(case.get("held", []), dtype=int)
    kept = np.setdiff1d(np.arange(x.shape[0]), held)
    return kept, held


def labels(case):
    return (y > 0).astype(int) if case["classes"] == 2 else y


def by_lightgbm(case):
    kept, held = parts(case)
    classes = case["classes"]
    own = {"objective": "binary"} if classes == 2 else {"objective": "multiclass", "num_class": classes}
    params = {"verbosity": -1, "num_threads": 1, **own, **case["params"]}
    data = lgb.Dataset(x[kept], labels(case)[kept], weight=weights[kept])
    extra = {}
    if len(held):
        valid = lgb.Dataset(x[held], labels(case)[held], weight=weights[held], reference=data)
        extra = {"valid_sets": [valid], "callbacks": [lgb.early_stopping(case["patience"], verbose=False)]}
    booster = lgb.train(params, data, case["iterations"], **extra)
    return booster.predict(x), booster.feature_importance("gain")


def by_xgboost(case):
    kept, held = parts(case)
    classes = case["classes"]
    own = {"objective": "binary:logistic"} if classes == 2 else {"objective": "multi:softprob", "num_class": classes}
    params = {"nthread": 1, **own, **case["params"]}
    data = xgb.DMatrix(x[kept], labels(case)[kept], weight=weights[kept])
    extra = {}
    if len(held):
        valid = xgb.DMatrix(x[held], labels(case)[held], weight=weights[held])
        extra = {"evals": [(valid, "validation")], "early_stopping_rounds": case["patience"], "verbose_eval": False}
    booster = xgb.train(params, data, case["iterations"], **extra)
    rounds = (0, booster.best_iteration + 1) if len(held) else (0, 0)
    gain = booster.get_score(importance_type="total_gain") if not len(held) else {}
    return booster.predict(xgb.DMatrix(x), iteration_range=rounds), [gain.get(f"f{c}", 0) for c in range(x.shape[1])]


probabilities = {}
importance = {}
for name, case in question["cases"].items():
    found, gain = (by_lightgbm if case["library"] == "lightgbm" else by_xgboost)(case)
    both = found if found.ndim == 2 else np.column_stack([1 - found, found])
    probabilities[name] = both.astype(float).reshape(-1).tolist()
    importance[name] = [float(value) for value in gain]

folders = {"lightgbm": Path(lgb.__file__).parent / "lib", "xgboost": Path(xgb.__file__).parent / "lib"}
libraries = {name: str(next(folder.glob("*lightgbm*" if name == "lightgbm" else "*xgboost*"))) for name, folder in folders.items()}
json.dump({"libraries": libraries, "probabilities": probabilities, "importance": importance}, sys.stdout)
